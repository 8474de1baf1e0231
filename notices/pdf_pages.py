"""Pages of a PDF as pictures, with the place of each of their characters; made in a child process."""

import ctypes
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw as pdfium

from members.uploads.examining import Facts, answered, examine
from notices.pdf_contents import refusal
from notices.pdf_lines import Char
from notices.pdf_text import characters

LONGEST_SIDE = 1500  # pixels
# Steps per pixel in which places are told.
FINE = 10

# Left, top, width and height in pixels of the picture.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """One page: its picture (PNG), its size in pixels, and its text with the box of each character, if it has one."""

    picture: bytes
    width: int
    height: int
    text: str
    boxes: list[Box | None]


def sheets(content: bytes, indexes: Sequence[int]) -> list[Sheet]:
    """These pages of a PDF, counted from 0. Raises members.uploads.refusals.UnusableFile."""
    facts, pictures = examine(__name__, content, json.dumps(list(indexes)))
    found, position = [], 0
    for page in facts["pages"]:
        size = page.pop("bytes")
        found.append(Sheet(picture=pictures[position : position + size], **page))
        position += size
    return found


def in_child(content: bytes, indexes: str) -> bytes:
    """`sheets`, in the child process."""
    return answered(lambda: _sheets(content, json.loads(indexes)))


def _sheets(content: bytes, indexes: list[int]) -> tuple[Facts, bytes]:
    facts, pictures = [], []
    try:
        document = pypdfium2.PdfDocument(content)
        for index in indexes:
            fact, picture = _sheet(document[index])
            facts.append(fact)
            pictures.append(picture)
    except pypdfium2.PdfiumError as error:
        raise refusal(error) from error
    return {"pages": facts}, b"".join(pictures)


def _sheet(page: pypdfium2.PdfPage) -> tuple[Facts, bytes]:
    image = page.render(scale=LONGEST_SIDE / max(page.get_size())).to_pil()
    written = io.BytesIO()
    image.save(written, "PNG")
    chars = characters(page.get_textpage())
    return {
        "width": image.width,
        "height": image.height,
        "text": "".join(char.text for char in chars),
        "boxes": [_box(page, char, image.width, image.height) if char.is_mark else None for char in chars],
        "bytes": written.tell(),
    }, written.getvalue()


def _box(page: pypdfium2.PdfPage, char: Char, width: int, height: int) -> Box:
    """Where the character stands in the picture, the page turned and cut as it is shown."""
    corners = [_point(page, x, y, width, height) for x, y in ((char.left, char.bottom), (char.right, char.top))]
    (left, right), (top, bottom) = map(sorted, zip(*corners, strict=True))
    return left, top, round(right - left, 1), round(bottom - top, 1)


def _point(page: pypdfium2.PdfPage, x: float, y: float, width: int, height: int) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width * FINE, height * FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE
