"""The text of Excel and Word files, taken out in a child process: what stands in cells and in lines."""

import io
import json
import zipfile
from xml.etree import ElementTree

from django.conf import settings
from python_calamine import CalamineWorkbook

from members import confined
from members.uploads.kinds import EXCEL, WORD

READABLE = (EXCEL.media_type, WORD.media_type)
WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(content: bytes, media_type: str) -> list[str]:
    """The text, for Excel a sheet each. Raises members.confined.Failed where the file cannot be read."""
    answer = confined.run(
        __name__,
        content,
        media_type,
        max_seconds=settings.FILE_READING_SECONDS,
        max_memory=settings.FILE_READING_BYTES,
    )
    return json.loads(answer)


def in_child(content: bytes, media_type: str) -> bytes:
    """`read`, in the child process."""
    return json.dumps(_sheets(content) if media_type == EXCEL.media_type else [_document(content)]).encode()


def _sheets(content: bytes) -> list[str]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return ["\n".join(map(_row, book.get_sheet_by_name(name).to_python())) for name in book.sheet_names]


def _row(cells: list) -> str:
    return "　".join(str(cell) for cell in cells if cell != "")


def _document(content: bytes) -> str:
    """The paragraphs of the main part (ECMA-376 part 1, 17.3.1); what was refused at upload, bombs, is not in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    paragraphs = root.iter(f"{WORDS}p")
    return "\n".join("".join(run.text or "" for run in paragraph.iter(f"{WORDS}t")) for paragraph in paragraphs)
