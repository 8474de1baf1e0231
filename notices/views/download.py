"""What is saved rather than shown: lists as files, and files that came from outside."""

from collections.abc import Iterable, Sequence

from csp.decorators import csp_replace
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from notices.boards import sheet
from notices.models import StoredFile

# The door of every file from outside: should a browser open it all the same, it runs and loads nothing.
saved_only = csp_replace({"default-src": ["'none'"], "sandbox": []})


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV to save, named as people will look for it."""
    response = HttpResponse(sheet.csv_bytes(heading, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def saved_file(file: StoredFile, name: str = "", media_type: str = "") -> FileResponse:
    """A file from outside, to be saved: the site never opens it. Views that answer with it are `saved_only`."""
    return FileResponse(
        file.content.open("rb"),
        as_attachment=True,
        filename=name or file.name,
        content_type=media_type or file.media_type,
    )
