"""Where each letter of a packet begins and ends."""

import re
from dataclasses import dataclass

from notices.intake.addressees import is_addressed
from notices.intake.attachments import is_label
from notices.intake.exchange import EXCHANGE
from notices.intake.heading import CONTACT, heading_zone
from notices.intake.lines import PAGE_END, Line
from notices.intake.marks import marks_of, own_marks
from notices.intake.subject import ends_subject, is_prose

CLOSING = re.compile(r"以上|敬具|謹白|草々")
# From number and date to 殿 or 御中, with the widest address lists met.
LONGEST_HEAD = 30
# Fewer lines below its label are no enclosure of their own.
SHORTEST = 3
# A letter without a head (a web page that shows its subject only) must show it near the top.
LONGEST_TOP = 20


@dataclass(frozen=True)
class Slice:
    """The lines of one letter, from `start` up to `stop`."""

    start: int
    stop: int


def split_letters(lines: list[Line]) -> list[Slice]:
    """The letters of a text in their order; what lies between and behind them belongs to none. Empty: no letter."""
    heads = _heads(lines)
    if heads and _belongs_to_first(lines, heads[0]):
        heads[0] = 0
    elif _looks_like_letter(lines[: heads[0]] if heads else lines):
        heads.insert(0, 0)
    stops = [*heads[1:], len(lines)] if heads else []
    return [Slice(head, _end(lines, head, stop)) for head, stop in zip(heads, stops, strict=True)]


def _heads(lines: list[Line]) -> list[int]:
    """Where a group of marks begins under which an addressee follows before any running text."""
    heads, index = [], 0
    while index < len(lines):
        if own_marks(marks_of(lines[index])):
            address = _address_below(lines, index)
            if address is not None:
                heads.append(index)
                index = address
        index += 1
    return heads


def _address_below(lines: list[Line], head: int) -> int | None:
    for index in range(head + 1, min(head + LONGEST_HEAD, len(lines))):
        line = lines[index]
        if is_addressed(line) or EXCHANGE.fullmatch(line.text):
            return index
        if is_prose(line.text) or CLOSING.fullmatch(line.text) or line.text == "記":
            return None
    return None


def _belongs_to_first(lines: list[Line], head: int) -> bool:
    """Whether the lines above the first head are its own: a subject, a page's title, but no running text."""
    return heading_zone(lines[:head]) == head


def _looks_like_letter(lines: list[Line]) -> bool:
    """Whether lines without a full head are a letter all the same: a subject with an addressee or a date above it."""
    top = lines[: min(heading_zone(lines), LONGEST_TOP)]
    subject = any(ends_subject(line.text) for line in top)
    marked = any(own_marks(marks_of(line)) for line in top)
    return subject and (marked or any(is_addressed(line) for line in top))


def _end(lines: list[Line], start: int, stop: int) -> int:
    """A letter ends behind 以上 and the contact that follows it, where an enclosure or the next letter begins."""
    closing = next((index for index in range(start, stop) if CLOSING.fullmatch(lines[index].text)), None)
    if closing is None:
        # A label right above the next letter is that one's, on which it was stamped.
        return next((index for index in range(start + 1, stop - SHORTEST) if _opens_page(lines, index)), stop)
    end = closing + 1
    if end < stop and CONTACT.match(lines[end].text):
        end += 1
        while end < stop and not lines[end].apart:
            end += 1
    return end


def _opens_page(lines: list[Line], index: int) -> bool:
    """Whether the label of an enclosure stands alone at the top of a page: 別紙, （別添2）."""
    line, above = lines[index], lines[index - 1]
    return PAGE_END in line.page[above.span[1] : line.span[0]] and is_label(line)
