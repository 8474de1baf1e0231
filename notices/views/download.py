"""Files from outside, saved and never opened by the site; what the site drew or wrote itself, which is shown."""

import re

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from members.uploads.names import clean_name
from notices.models import Notice, StoredFile

# What some systems do not take in the name of a file, and letters of one part of it.
NOT_IN_NAMES, LONGEST_PART = re.compile(r'[/\\:*?"<>|]'), 50
# Should a browser open a file from outside all the same, it runs and loads nothing.
NOTHING = "sandbox; default-src 'none'; frame-ancestors 'none'"


def saved_file(file: StoredFile, name: str = "", media_type: str = "") -> FileResponse:
    """A file from outside, to be saved: the site never opens it. One that is quarantined raises PermissionDenied."""
    if file.is_quarantined:
        raise PermissionDenied(f"file {file.pk} is quarantined")
    response = FileResponse(
        file.content.open("rb"),
        as_attachment=True,
        filename=name or file.name,
        content_type=media_type or file.media_type,
    )
    response.headers["Content-Security-Policy"] = NOTHING
    return response


def saved_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that the site put together of pages from outside, to be saved."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Security-Policy"] = NOTHING
    return response


def shown_pdf(content: bytes, *names: str) -> HttpResponse:
    """A PDF that the site has just written, to be shown; saved under `names`: 6福薬業発第337号_電話連絡表.pdf."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, f"{file_name(*names)}.pdf")
    return response


def file_name(*names: str) -> str:
    """What a file of the site's own is about, as every system takes it for a name; the parts in their order."""
    return "_".join(clean_name(NOT_IN_NAMES.sub("・", name))[:LONGEST_PART] for name in names if name)


def called(notice: Notice) -> str:
    """The notice in the name of a file: its number, or its subject while it has none."""
    return notice.number_text or notice.subject


def saved_calendar(content: bytes, name: str) -> HttpResponse:
    """A calendar file (RFC 5545), to be saved or opened by the device's calendar; `name` in ASCII."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def shown_picture(file: StoredFile) -> FileResponse:
    """The picture of a step, to be shown: it was drawn anew when it came."""
    return _shown(FileResponse(file.content.open("rb"), content_type=file.media_type))


def shown_page(picture: bytes) -> HttpResponse:
    """The picture of a page from outside, to be shown: the site drew it."""
    return _shown(HttpResponse(picture, content_type="image/png"))


def _shown(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Security-Policy"] = NOTHING
    return response
