"""Lists to save: what a page shows, with the same filters and in the same order, as a file."""

from tempfile import TemporaryFile
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone

from members import sheets
from members.sheets import Kind, Sheet

MEDIA_TYPES = {
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
}


def wanted(request: HttpRequest) -> Kind | None:
    """The kind of file that `format` in the address asks for; None for the page itself. Any other does not exist."""
    asked = request.GET.get("format", "")
    if not asked:
        return None
    try:
        return Kind(asked)
    except ValueError as error:
        raise Http404 from error


def saved(sheet: Sheet, kind: Kind) -> FileResponse:
    """The list as a file with the day in its name. It is whole before the first byte goes out."""
    file = TemporaryFile()  # noqa: SIM115 (the answer closes it)
    sheets.write(sheet, kind, file)
    file.seek(0)
    ending = f"_{timezone.localdate().isoformat()}.{kind}"
    answer = FileResponse(file, content_type=MEDIA_TYPES[kind])
    answer.headers["Content-Disposition"] = attachment(sheet.name + ending, sheet.plain + ending)
    return answer


def attachment(name: str, plain: str) -> str:
    """The header by which a file is saved under a Japanese name, or the plain one (RFC 6266, section 5)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
