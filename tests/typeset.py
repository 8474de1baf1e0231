"""Packets as PDFs, as different programs would typeset them: the same words, placed by very different means."""

import html
import random
from collections.abc import Callable, Iterator

from tests.written_pdf import Stream, pages_of

STYLE = (
    "<!doctype html><html lang=ja><meta charset=utf-8><title>文書</title>"
    "<style>@page{{size:A4;margin:25mm 20mm}}body{{margin:0;font:10.5pt/1.7 'Noto Serif CJK JP'}}{css}</style>"
)
PAPER = (595, 842)
# Places are counted from the upper left corner, in points.
Box = tuple[float, float, str]


# As HTML, for WeasyPrint and Chromium ---------------------------------------------------------------------------------


def as_typed(text: str, css: str = "") -> str:
    """Line by line, with the spaces and blank lines of the text."""
    return f"{STYLE.format(css='p{margin:0;white-space:pre-wrap}' + css)}<p>{html.escape(text)}</p>"


def letter_spaced(text: str) -> str:
    """Half a character's width between all characters."""
    return as_typed(text, "p{letter-spacing:.5em}")


def in_paragraphs(text: str) -> str:
    """Paragraphs that margins divide, and no blank lines."""
    lines = "".join(f"<p>{'<br>'.join(map(html.escape, part))}</p>" for part in _parts(text))
    return f"{STYLE.format(css='p{margin:0 0 .8em}')}{lines}"


def indented(text: str) -> str:
    """Paragraphs that only an indent of their first line divides."""
    lines = "".join(
        f"<p{' class=running' if '。' in part[0] else ''}>{'<br>'.join(map(html.escape, part))}</p>"
        for part in _parts(text)
    )
    return f"{STYLE.format(css='p{margin:0;font-size:10pt}.running{text-indent:1em}')}{lines}"


def _parts(text: str) -> list[list[str]]:
    return [part.strip("\n").split("\n") for part in text.split("\n\n") if part.strip()]


# Placed by hand -------------------------------------------------------------------------------------------------------


def text_boxes(text: str, seed: int = 1) -> bytes:
    """Each line a text box of its own, in an order that has nothing to do with where it stands."""
    return _written(_lines_placed(text, lambda char: 0.5 if char < "\x7f" else 1), seed)


def single_characters(text: str, seed: int | None = None) -> bytes:
    """Each character a box of its own, in cells as on squared paper; with a seed in any order."""
    boxes = [
        [(x + 11 * index, y, char) for x, y, line in page for index, char in enumerate(line) if not char.isspace()]
        for page in _lines_placed(text, lambda char: 1)
    ]
    return _written(boxes, seed)


def in_columns(text: str) -> bytes:
    """Written from the top to the bottom and from the right to the left, each character a box of its own."""
    lines = [line for line in text.split("\n") if line.strip()]
    columns = [(line, place) for line in lines for place in range(0, len(line), 60)]
    pages = [columns[start : start + 28] for start in range(0, len(columns), 28)]
    return placed(
        [
            [
                (520 - 16 * column, 80 + 11 * index, char)
                for column, (line, place) in enumerate(page)
                for index, char in enumerate(line[place : place + 60])
                if not char.isspace()
            ]
            for page in pages
        ]
    )


def _lines_placed(text: str, width: Callable[[str], float], rows: int = 44) -> list[list[Box]]:
    pages: list[list[Box]] = [[]]
    row = 0
    for line in (part for whole in text.split("\n") for part in _broken(whole, width)):
        if row == rows:
            pages.append([])
            row = 0
        if line.strip():
            pages[-1].append((70, 80 + 16 * row, line))
        row += 1
    return pages


def _broken(line: str, width: Callable[[str], float], longest: int = 40) -> Iterator[str]:
    start, reached = 0, 0.0
    for index, char in enumerate(line):
        if reached + width(char) > longest:
            yield line[start:index]
            start, reached = index, 0
        reached += width(char)
    yield line[start:]


def _written(pages: list[list[Box]], seed: int | None) -> bytes:
    order = random.Random(seed)
    return placed([order.sample(page, len(page)) if seed else page for page in pages])


def placed(pages: list[list[Box]], size: int = 10) -> bytes:
    """A PDF in which each box is a text object, in the order given."""
    return pages_of(*("\n".join(_text_objects(page, size)).encode() for page in pages), fonts=JAPANESE_FONT)


# Not embedded; characters are written as UTF-16 (ISO 32000-1, 9.7.5.2).
JAPANESE_FONT: list[str | Stream] = [
    "<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-H /DescendantFonts [4 0 R] >>",
    """<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /DW 1000 /W [1 94 500]
    /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> /FontDescriptor 5 0 R >>""",
    """<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0
    /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>""",
]


def _text_objects(page: list[Box], size: int) -> Iterator[str]:
    for x, y, text in page:
        yield f"BT /F1 {size} Tf 1 0 0 1 {x} {PAPER[1] - y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
