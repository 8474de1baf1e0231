"""What is saved rather than shown: lists as files, and files that came from outside."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from notices.boards import sheet
from notices.models import StoredFile

# Should a browser open a file from outside all the same, it runs and loads nothing.
NOTHING = "sandbox; default-src 'none'"


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV to save, named as people will look for it."""
    response = HttpResponse(sheet.csv_bytes(heading, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


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
