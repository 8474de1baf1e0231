"""The original text of a letter as paragraphs, with the values that were read marked in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from members.numerals import squeeze
from notices.intake.kept import Letter, doubts
from notices.intake.lines import GOES_ON
from notices.intake.reading import Span

FOUND, DOUBTFUL = "found", "doubtful"
# Where the lines of a field stand on the sheet; whole paragraphs are not marked.
PLACES = {"numbers": "right", "date": "right", "kind": "right", "addressees": "left", "issuers": "right sender"}
PLACES["subject"] = "subject"
RUNNING = {"body", "items"}


@dataclass(frozen=True)
class Place:
    """Where in the packet's text the value of a field stands (attachments-0: of the first row), and its mark."""

    name: str
    span: Span
    mark: str


@dataclass(frozen=True)
class Piece:
    """Characters that are marked alike: `found`, `doubtful`, or "" for not at all; `name` is the field's.

    The first of a field is what a click on its value leads to.
    """

    text: str
    mark: str = ""
    name: str = ""
    is_first: bool = False


@dataclass
class Paragraph:
    """Lines that stand together; `place` is the class of the letter's style sheet that lays them out."""

    place: str
    lines: list[list[Piece]] = field(default_factory=list)


def paragraphs(text: str, letter: Letter) -> list[Paragraph]:
    """The letter at its `span` of the packet's text. Nothing is left out but blank lines."""
    start, end = letter["span"]
    marks, told = _marks(text, letter), {""}
    laid: list[Paragraph] = []
    ends_open = False
    for first, line in _lines(text, start, end):
        place = _place(letter, first, line)
        goes_on, ends_open = ends_open, text.startswith(GOES_ON, first + len(line))
        if goes_on and not place and laid[-1].place in ("", "left"):
            laid[-1].lines[-1] += _pieces(line, marks[first - start :], told)
            continue
        if not laid or not place or place in ("left", "centre") or laid[-1].place != place:
            laid.append(Paragraph(place))
        laid[-1].lines.append(_pieces(line, marks[first - start :], told))
    return laid


def plain_paragraphs(text: str) -> list[Paragraph]:
    """A text without marks, line by line."""
    return [Paragraph("left", [[Piece(line)]]) for line in text.splitlines() if line.strip()]


def raw(text: str, letter: Letter, name: str) -> str:
    """How the field is written in the original; "" where it was not found there."""
    return "　".join(text[start:end].strip() for start, end in letter["spans"].get(name, []))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, each with the place in the text where it begins."""
    position = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.rstrip()
        if bare:
            indent = len(bare) - len(bare.lstrip())
            yield position + indent, bare.lstrip()
        position += len(line)


def _pieces(line: str, marks: list[tuple[str, str]], told: set[str]) -> list[Piece]:
    pieces = []
    for (mark, name), pairs in groupby(zip(line, marks, strict=False), key=lambda pair: pair[1]):
        pieces.append(Piece("".join(char for char, _ in pairs), mark, name, name not in told))
        told.add(name)
    return pieces


def _marks(text: str, letter: Letter) -> list[tuple[str, str]]:
    """For each character of the letter, how it is marked, and for which field."""
    start, end = letter["span"]
    marks = [("", "")] * (end - start)
    for place in places(text, letter):
        first, last = max(place.span[0], start), min(place.span[1], end)
        marks[first - start : last - start] = [(place.mark, place.name)] * max(last - first, 0)
    return marks


def places(text: str, letter: Letter) -> list[Place]:
    """Where the letter's values stand, in the order in which they are to be marked: doubts over what was found."""
    found = [
        Place(name, tuple(span), FOUND)
        for name, spans in letter["spans"].items()
        if name not in RUNNING
        for span in spans
    ]
    for name in ("attachments", "references"):
        rows = enumerate(letter[name])
        found += [Place(f"{name}-{index}", tuple(row["span"]), FOUND) for index, row in rows if row["span"]]
    doubtful = [
        Place(warning["field"], tuple(span), DOUBTFUL)
        for _, warning in doubts(letter)
        for span in _doubtful(text, letter, warning)
    ]
    return [*found, *doubtful]


def _doubtful(text: str, letter: Letter, warning: dict) -> list[tuple[int, int]]:
    """Where the doubt is: at the words it quotes, else at its field."""
    at = text.find(warning["raw"], *letter["span"]) if warning["raw"] else -1
    return [(at, at + len(warning["raw"]))] if at >= 0 else letter["spans"].get(warning["field"], [])


def _place(letter: Letter, first: int, line: str) -> str:
    for name, place in PLACES.items():
        if any(start < first + len(line) and first < end for start, end in letter["spans"].get(name, [])):
            return place
    word = squeeze(line)
    if word == "記":
        return "centre"
    if word in ("以上", "敬具", "謹白", "草々"):
        return "right"
    return "left" if word[:1] in "・-【[(（○●■□*※" or word.startswith("http") else ""
