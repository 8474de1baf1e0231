"""Addresses of the stage letters: composing and releasing."""

from django.urls import path

from notices.views import compose, guide, issue, letter

urlpatterns = [
    path("notices/new/", compose.new, name="notice_new"),
    path("notices/<int:pk>/compose/", compose.compose, name="compose"),
    path("notices/<int:pk>/preview/", compose.preview, name="preview"),
    path("notices/<int:pk>/discard/", compose.discard, name="discard"),
    path("notices/<int:pk>/steps/", guide.steps, name="steps"),
    path("notices/<int:pk>/recipients/", issue.choose, name="recipients"),
    path("notices/<int:pk>/check/", issue.check, name="check"),
    path("notices/<int:pk>/letter.pdf", letter.letter_pdf, name="letter_pdf"),
]
