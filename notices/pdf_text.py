"""The text of a PDF, page by page, taken out in a child process."""

import ctypes
import json
from collections.abc import Iterator

import pypdfium2
from django.conf import settings
from pypdfium2 import raw as pdfium

from members.uploads.examining import answered, examine
from members.uploads.refusals import TooLarge
from notices.pdf_contents import refusal, refuse_too_long
from notices.pdf_lines import Char, in_reading_order


def read(content: bytes) -> list[str]:
    """The text of each page, its lines in reading order. Raises members.uploads.refusals.UnusableFile."""
    _, texts = examine(__name__, content, settings.PDF_MAX_PAGES, settings.PDF_MAX_CHARACTERS)
    return json.loads(texts)


def in_child(content: bytes, max_pages: str, max_characters: str) -> bytes:
    """`read`, in the child process."""
    return answered(lambda: ({}, json.dumps(texts(content, int(max_pages), int(max_characters))).encode()))


def texts(content: bytes, max_pages: int, max_characters: int) -> list[str]:
    """`read`, in this process."""
    try:
        document = pypdfium2.PdfDocument(content)
        refuse_too_long(document, max_pages)
        return list(_texts(document, max_characters))
    except pypdfium2.PdfiumError as error:
        raise refusal(error) from error


def _texts(document: pypdfium2.PdfDocument, left: int) -> Iterator[str]:
    for page in document:
        text_page = page.get_textpage()
        left -= text_page.count_chars()
        if left < 0:
            raise TooLarge("文字が多すぎます。小さく分けてから、もう一度選んでください。")
        yield "".join(char.text for char in characters(text_page))
        text_page.close()
        page.close()


def characters(page: pypdfium2.PdfTextPage) -> list[Char]:
    """The page's characters in reading order; together they are its text."""
    return in_reading_order(_lines(page))


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[list[Char]]:
    """The lines as pdfium finds them."""
    line: list[Char] = []
    for char in _chars(page):
        if char.text == "\n":
            yield line
            line = []
        else:
            line.append(char)
    yield line


def _chars(page: pypdfium2.PdfTextPage) -> Iterator[Char]:
    """The characters that can be seen, spaces, and ends of lines."""
    box, raw = pdfium.FS_RECTF(), page.raw
    at, code_of, box_of = ctypes.byref(box), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    high, left = 0, 0.0
    for index in range(page.count_chars()):
        code = code_of(raw, index)
        box_of(raw, index, at)
        if _is_text(code):
            yield Char(chr(code), box.left, box.bottom, box.right, box.top)
        elif 0xD800 <= code < 0xDC00:
            high, left = code, box.left
        elif high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            yield Char(chr(code), left, box.bottom, box.right, box.top)


def _is_text(code: int) -> bool:
    """Whether it is a character: no control, no half of one, none of those that stand for nothing (U+FFFE …)."""
    if code < 0xA0:
        return 0x20 <= code < 0x7F or code == 0x0A
    return (code < 0xD800 or 0xE000 <= code < 0x110000) and code & 0xFFFE != 0xFFFE
