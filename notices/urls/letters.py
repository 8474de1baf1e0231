"""Addresses of the stage letters: composing and releasing."""

from django.urls import path

from notices.views import approval, compose, correct, guide, issue, ledger, letter, rehearsal, schedule, sentences

urlpatterns = [
    path("notices/new/", compose.new, name="notice_new"),
    path("numbers/", ledger.numbers, name="ledger"),
    path("numbers/new/", ledger.enter, name="ledger_new"),
    path("numbers/<int:pk>/", ledger.line, name="ledger_line"),
    path("numbers/<int:pk>/remove/", ledger.remove, name="ledger_remove"),
    path("notices/<int:pk>/correct/", correct.correct, name="correct"),
    path("notices/<int:pk>/withdraw/", correct.withdraw, name="withdraw"),
    path("notices/<int:pk>/compose/", compose.compose, name="compose"),
    path("notices/<int:pk>/preview/", compose.preview, name="preview"),
    path("notices/<int:pk>/discard/", compose.discard, name="discard"),
    path("notices/<int:pk>/steps/", guide.steps, name="steps"),
    path("notices/<int:pk>/recipients/", issue.choose, name="recipients"),
    path("notices/<int:pk>/check/", issue.check, name="check"),
    path("notices/<int:pk>/approval/ask/", approval.ask, name="approval_ask"),
    path("notices/<int:pk>/approval/take-back/", approval.take_back, name="approval_take_back"),
    path("notices/<int:pk>/approval/decide/", approval.decide, name="approval_decide"),
    path("notices/<int:pk>/approval/send-back/", approval.send_back, name="approval_send_back"),
    path("notices/<int:pk>/approval/reopen/", approval.reopen, name="approval_reopen"),
    path("notices/<int:pk>/approval/paper/", approval.paper, name="approval_paper"),
    path("notices/<int:pk>/approval/sheet.pdf", letter.draft_sheet, name="approval_sheet"),
    path("approvals/<int:pk>/scan/", approval.scan, name="approval_scan"),
    path("notices/<int:pk>/schedule/", schedule.schedule, name="schedule"),
    path("notices/<int:pk>/unschedule/", schedule.unschedule, name="unschedule"),
    path("notices/<int:pk>/mails/", rehearsal.mails, name="mails"),
    path("notices/<int:pk>/mails/try/", rehearsal.try_out, name="try_out"),
    path("notices/<int:pk>/mails/pharmacies/", rehearsal.mail_html, {"audience": "pharmacy"}, name="pharmacy_mail"),
    path("notices/<int:pk>/mails/districts/", rehearsal.mail_html, {"audience": "district"}, name="district_mail"),
    path("notices/<int:pk>/letter.pdf", letter.letter_pdf, name="letter_pdf"),
    path("notices/<int:pk>/packet.pdf", letter.bound_pdf, name="bound_pdf"),
    path("notices/<int:pk>/packet/again/", letter.bind_again, name="bind_again"),
    path("notices/<int:pk>/manual.pdf", guide.manual_pdf, name="manual_pdf"),
    path("notices/<int:pk>/manual/", guide.manual, name="manual"),
    path("notices/<int:pk>/steps/<int:step>/picture", guide.picture, name="step_picture"),
    path("sentences/", sentences.sentences, name="sentences"),
    path("sentences/<str:key>/", sentences.sentence, name="sentence"),
    path("sentences/<str:key>/preview/", sentences.preview, name="sentence_preview"),
]
