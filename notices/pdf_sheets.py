"""What `pdf_binding` has done in a child process: looking into PDFs, and putting their pages together.

Pages from outside are made a little smaller, so that a strip at head and foot stays free for the stamp; those that the
site wrote have margins wide enough. Nothing but what the pages show comes along: no links, notes, fields or scripts.
This module and `pdf_objects` are the only ones that know pikepdf.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import pikepdf
from pikepdf import Name, OutlineItem, Page, Pdf, Rectangle

from notices.pdf_binding import Bookmark, Fault, Pages, Sheet

MM = 72 / 25.4  # points
SHORT, LONG = 210 * MM, 297 * MM  # A4
HEAD, FOOT = 12 * MM, 10 * MM  # what is left to the stamp
SMALLEST = 3.0  # points, below which no page can be meant (ISO 32000-2, annex C)
# What belongs to the document that a page comes from, not to what it shows.
NOT_TAKEN = ("/Annots", "/AA", "/B", "/StructParents", "/Tabs", "/Metadata", "/PieceInfo", "/Thumb")


def in_child(given: bytes) -> bytes:
    """What `do` asks for: the facts of `look`, the PDF of `bind` or `take`."""
    line, _, rest = given.partition(b"\n")
    head = json.loads(line)
    contents = list(_divided(rest, head["sizes"]))
    if head["do"] == "look":
        return json.dumps([asdict(_pages_of(content)) for content in contents]).encode()
    if head["do"] == "take":
        return _written(_taken(contents[0], head["pages"]))
    *sources, stamps = contents
    bound = _bound(sources, [Sheet(**sheet) for sheet in head["sheets"]], stamps)
    _add_bookmarks(bound, [Bookmark(**bookmark) for bookmark in head["bookmarks"]])
    _describe(bound, head["title"])
    return _written(bound)


def _written(made: Pdf) -> bytes:
    written = io.BytesIO()
    made.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _taken(content: bytes, pages: Sequence[tuple[int, int]]) -> Pdf:
    source, made = _opened(content), Pdf.new()
    for index, turn in pages:
        _add_whole(made, source.pages[index]).rotate(turn, relative=True)
    return made


def _divided(rest: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        yield rest[place : place + size]
        place += size


def _pages_of(content: bytes) -> Pages:
    """Opens the PDF and writes its pages once, since some damage shows only then."""
    try:
        source = _opened(content)
        if _hides_layers(source):
            return Pages(fault=Fault.LAYERED)
        trial = Pdf.new()
        for page in source.pages:
            _add_smaller(trial, page)
        trial.save(io.BytesIO())
        found = Pages(tuple(map(_lies_across, source.pages)))
    except pikepdf.PasswordError:
        return Pages(fault=Fault.LOCKED)
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, RuntimeError):
        return Pages(fault=Fault.DAMAGED)
    return found if len(found) else Pages(fault=Fault.DAMAGED)


def _opened(content: bytes) -> Pdf:
    """The PDF with what fields and notes show drawn into its pages."""
    source = pikepdf.open(io.BytesIO(content))
    source.flatten_annotations("screen")
    return source


def _hides_layers(source: Pdf) -> bool:
    """Whether something is switched off that would show once bound (ISO 32000-2, 8.11.4)."""
    layers = source.Root.get("/OCProperties", {}).get("/D", {})
    return bool(len(layers.get("/OFF", []))) or layers.get("/BaseState") == Name.OFF


def _size(page: Page) -> tuple[float, float]:
    """Width and height as shown, in points."""
    left, bottom, right, top = map(float, page.trimbox)
    width, height = abs(right - left), abs(top - bottom)
    if min(width, height) < SMALLEST:
        raise ValueError(f"a page of {width} × {height} points")
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _lies_across(page: Page) -> bool:
    width, height = _size(page)
    return width > height


def _add_smaller(bound: Pdf, page: Page) -> Page:
    """A sheet of A4 that shows the page between the strips for the stamp; a smaller page keeps its size."""
    width, height = (LONG, SHORT) if _lies_across(page) else (SHORT, LONG)
    sheet = bound.add_blank_page(page_size=(width, height))
    sheet.add_overlay(page, Rectangle(0, FOOT, width, height - HEAD), expand=False)
    return sheet


def _add_whole(bound: Pdf, page: Page) -> Page:
    bound.pages.append(page)
    sheet = bound.pages[-1]
    for key in NOT_TAKEN:
        if key in sheet.obj:
            del sheet.obj[key]
    return sheet


def _bound(contents: Sequence[bytes], sheets: Sequence[Sheet], stamps: bytes) -> Pdf:
    sources = {source: _opened(contents[source]) for source in {sheet.source for sheet in sheets}}
    pages = {source: list(opened.pages) for source, opened in sources.items()}
    bound = Pdf.new()
    for sheet, stamp in zip(sheets, pikepdf.open(io.BytesIO(stamps)).pages, strict=True):
        add = _add_whole if sheet.has_margins else _add_smaller
        page = pages[sheet.source][sheet.page]
        page.rotate(sheet.turn, relative=True)
        added = add(bound, page)
        page.rotate(-sheet.turn, relative=True)
        added.add_overlay(stamp, Rectangle(*map(float, added.mediabox)))
    return bound


def _add_bookmarks(bound: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    with bound.open_outline() as outline:
        above: list[OutlineItem] = []
        for bookmark in bookmarks:
            item = OutlineItem(bookmark.title, bookmark.sheet)
            del above[bookmark.level :]
            (above[-1].children if above else outline.root).append(item)
            above.append(item)


def _describe(bound: Pdf, title: str) -> None:
    bound.Root.Lang = "ja-JP"
    bound.Root.PageMode = Name.UseOutlines
    bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with bound.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {"ja-JP"}
