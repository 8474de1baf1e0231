"""What was read, at its place on the pages of a packet: which page a value stands on, and where on its picture."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from notices.intake import pictures
from notices.intake.arriving import Arrived
from notices.intake.kept import Kept, Letter
from notices.intake.lines import PAGE_END
from notices.intake.original import Place, places
from notices.intake.reading import Span
from notices.models import Packet, PacketFile
from notices.pdf_pages import Box, Sheet


@dataclass(frozen=True)
class Mark:
    """One stretch of a value on a picture, in pixels: `found` or `doubtful`. The first of a value is its `anchor`."""

    name: str
    kind: str
    box: Box
    is_first: bool


@dataclass
class Page:
    """One page of the packet, counted from 1; its `sheet` where something is marked on it.

    Staff have turned it to the right by `turn` degrees. What was read is not marked on one that is turned.
    """

    number: int
    file: PacketFile | Arrived
    index: int
    span: Span
    sheet: Sheet | None = None
    turn: int = 0
    marks: list[Mark] = field(default_factory=list)


def pages_of(packet: Packet) -> list[Page]:
    """All pages of the packet, those of texts, too, which have no picture."""
    found, turned = laid_out(packet.text, packet.packet_files.select_related("file")), packet.kept.get("turned", {})
    for page in found:
        page.turn = turned.get(key_of(page), 0)
    return found


def laid_out(whole: str, files: Iterable[PacketFile | Arrived]) -> list[Page]:
    """The pages of the text that was taken out of these files."""
    places = [(file, index) for file in files for index in range(file.pages)]
    found, position = [], 0
    for number, (text, (file, index)) in enumerate(zip(whole.split(PAGE_END), places, strict=False), start=1):
        found.append(Page(number, file, index, (position, position + len(text))))
        position += len(text) + len(PAGE_END)
    return found


def within(pages: Sequence[Page], spans: Sequence[Span]) -> list[Page]:
    """The pages on which something of the spans stands, and those without text between."""
    return [page for page in pages if any(_meets(page, *span) for span in spans)]


def key_of(page: Page) -> str:
    """How a packet names the page where it keeps how far it was turned."""
    return f"{page.file.position}-{page.index}"


def of_letter(pages: Sequence[Page], known: Kept, index: int) -> list[Page]:
    """The pages of a letter: those without text that are one, else those that it stands on, without what is another."""
    if numbers := known["letters"][index].get("blank"):
        return [page for page in pages if page.number in numbers]
    others = {number for letter in known["letters"] for number in letter.get("blank", ())}
    return [page for page in within(pages, [known["letters"][index]["span"]]) if page.number not in others]


def beside(pages: list[Page], known: Kept) -> list[Page]:
    """The pages with text that belongs to no letter, and those without text outside of letters."""
    rest = _numbers(within(pages, known["remainder"]))
    outside = _numbers(outside_of_letters(pages, known))
    return [page for page in pages if page.number in rest | outside]


def outside_of_letters(pages: list[Page], known: Kept) -> list[Page]:
    """The pages on which no letter stands."""
    letters = {page.number for index in range(len(known["letters"])) for page in of_letter(pages, known, index)}
    return [page for page in pages if page.number not in letters]


def files_beside(pages: list[Page], known: Kept) -> list[PacketFile | Arrived]:
    """The PDFs of a packet of several files on which no letter stands: a guide, a form, a scan."""
    outside = _numbers(outside_of_letters(pages, known))
    files = {page.file.position: page.file for page in pages}
    holding = {page.file.position for page in pages if page.number not in outside}
    beside = [file for position, file in files.items() if position not in holding and file.is_pdf]
    return beside if len(files) > 1 else []


def of_the_rest(pages: list[Page], known: Kept) -> list[Page]:
    """The pages outside of letters, and those shared with a letter from which text goes over to them."""
    outside = outside_of_letters(pages, known)
    going_over = [span for span in known["remainder"] if within(outside, [span])]
    rest = _numbers(outside) | _numbers(within(pages, going_over))
    return [page for page in pages if page.number in rest]


def _numbers(pages: Iterable[Page]) -> set[int]:
    return {page.number for page in pages}


def ranges(pages: Sequence[Page]) -> list[list[int]]:
    """Where the pages lie: position of the file, first page, page after the last. Nothing where one is of no PDF."""
    found: list[list[int]] = []
    for page in pages:
        if not page.file.is_pdf:
            return []
        if found and (found[-1][0], found[-1][2]) == (page.file.position, page.index):
            found[-1][2] += 1
        else:
            found.append([page.file.position, page.index, page.index + 1])
    return found


def _meets(page: Page, start: int, end: int) -> bool:
    first, last = page.span
    return start <= first <= end if first == last else start < last and first < end


def marked(packet: Packet, letter: Letter, pages: list[Page]) -> list[Page]:
    """The pages with the letter's values marked on them.

    Raises members.uploads.refusals.UnusableFile where a page cannot be drawn.
    """
    known, told = places(packet.text, letter), set()
    upright = [page for page in pages if page.file.is_pdf and not page.turn]
    holding = [
        (page, here)
        for page in upright
        if (here := [place for place in known if page.span[0] <= place.span[0] < page.span[1]])
    ]
    for file, group in groupby(holding, key=lambda held: held[0].file):
        group = list(group)
        drawn = pictures.sheets(file.file, [page.index for page, _ in group])
        for page, here in group:
            page.sheet = drawn[page.index]
            page.marks = list(_marks(packet.text, page, here, told))
    return pages


def _marks(text: str, page: Page, here: list[Place], told: set[str]) -> Iterator[Mark]:
    first, last = page.span
    if page.sheet.text != text[first:last].removesuffix("\n"):
        return  # taken out otherwise than when the packet arrived
    for place in here:
        for box in _lines(page.sheet.boxes[place.span[0] - first : place.span[1] - first]):
            yield Mark(place.name, place.mark, box, place.name not in told)
            told.add(place.name)


def _lines(boxes: list[Box | None]) -> Iterator[Box]:
    """One box for the characters of each line."""
    line: list[Box] = []
    for box in filter(None, boxes):
        if line and abs(box[1] - line[-1][1]) > box[3] / 2:
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)


def _around(boxes: list[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, round(right - left, 1), round(bottom - top, 1)
