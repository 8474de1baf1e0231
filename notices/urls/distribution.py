"""Addresses of the stage distribution: releases as they go out, and the mails themselves."""

from django.urls import path

from notices.views import by_hand, outbox, printing, releases, reminders, repeat, step_in, usual_reminders

urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/pause/", releases.pause, name="release_pause"),
    path("releases/<int:pk>/resume/", releases.resume, name="release_resume"),
    path("releases/<int:pk>/send-now/", releases.send_now, name="release_now"),
    path("releases/<int:pk>/stop/", releases.stop, name="release_stop"),
    path("releases/<int:pk>/papers/", by_hand.papers, name="release_papers"),
    path("releases/<int:pk>/papers/print/", printing.papers_print, name="release_papers_print"),
    path("releases/<int:pk>/papers/making/", printing.papers_making, name="release_papers_making"),
    path("releases/<int:pk>/papers/sent/", by_hand.papers_sent, name="release_papers_sent"),
    path("releases/<int:pk>/papers/not-sent/", by_hand.papers_not_sent, name="release_papers_not_sent"),
    path("deliveries/<int:pk>/fax-returned/", by_hand.returned, name="fax_returned"),
    path("releases/<int:pk>/again/", repeat.release_again, name="release_again"),
    path("releases/<int:pk>/stopped/", repeat.release_stopped, name="release_stopped"),
    path("releases/<int:pk>/reminders/", reminders.plan, name="release_reminders"),
    path("releases/<int:pk>/reminders/stop/", reminders.stop, name="release_reminders_stop"),
    path("releases/<int:pk>/reminders/resume/", reminders.resume, name="release_reminders_resume"),
    path("releases/<int:pk>/reminders/preview/", reminders.preview, name="release_reminders_preview"),
    path("releases/<int:pk>/reminders/preview/<int:receipt>/", reminders.mail, name="release_reminders_mail"),
    path("releases/<int:pk>/reminders/now/", reminders.now, name="release_remind_now"),
    path("reminders/usual/", usual_reminders.usual, name="usual_reminders"),
    path("receipts/<int:pk>/reminders/", reminders.one, name="receipt_reminders"),
    path("receipts/<int:pk>/repeat/", repeat.receipt_repeat, name="receipt_repeat"),
    path("receipts/<int:pk>/step-in/", step_in.step_in, name="receipt_step_in"),
    path("tasks/<int:pk>/notices/", repeat.task_notices, name="task_notices"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/codes/", outbox.outbox_codes, name="outbox_codes"),
    path("outbox/<int:pk>/", outbox.outbox_message, name="outbox_message"),
    path("outbox/<int:pk>/html/", outbox.outbox_html, name="outbox_html"),
]
