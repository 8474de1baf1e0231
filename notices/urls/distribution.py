"""Addresses of the stage distribution: releases as they go out, and the mails themselves."""

from django.urls import path

from notices.views import outbox, releases

urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/pause/", releases.pause, name="release_pause"),
    path("releases/<int:pk>/resume/", releases.resume, name="release_resume"),
    path("releases/<int:pk>/stop/", releases.stop, name="release_stop"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/codes/", outbox.outbox_codes, name="outbox_codes"),
    path("outbox/<int:pk>/", outbox.outbox_message, name="outbox_message"),
    path("outbox/<int:pk>/html/", outbox.outbox_html, name="outbox_html"),
]
