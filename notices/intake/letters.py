"""Where each letter of a packet begins and ends."""

import re
from dataclasses import dataclass

from notices.intake.addressees import is_addressed
from notices.intake.attachments import is_label
from notices.intake.exchange import EXCHANGE
from notices.intake.heading import CONTACT, heading_zone
from notices.intake.lines import Line
from notices.intake.listing import read_listing
from notices.intake.marks import marks_of, own_marks
from notices.intake.subject import ends_subject, is_prose

CLOSING = re.compile(r"以上|敬具|謹白|草々")
# From number and date to 殿 or 御中, with the widest address lists met.
LONGEST_HEAD = 30
# Fewer lines below its label are no enclosure of their own.
SHORTEST = 3
# What a FAX or a mail puts in front of the letter that it brings.
_COVER = re.compile(
    r"(?:FAX|ファックス|ファクシミリ)?送(?:信|付)(?:票|状|表)|送信(?:日時?|先|者|元|枚数)(?![のにはをが])|(?:From|To|Sent|差出人)[:：]"
)
# Between 敬具 and 記 little more stands than an issuer.
LONGEST_TO_RECORD = 4
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
    if heads and any(_COVER.match(line.text) for line in lines[: heads[0]]):
        pass
    elif heads and _belongs_to_first(lines, heads[0]):
        heads[0] = 0
    elif _looks_like_letter(lines[: heads[0]] if heads else lines):
        heads.insert(0, 0)
    stops = [*heads[1:], len(lines)] if heads else []
    return [Slice(head, _end(lines, head, stop)) for head, stop in zip(heads, stops, strict=True)]


def _heads(lines: list[Line]) -> list[int]:
    """Where a group of marks begins under which an addressee follows before any running text."""
    heads, index = [], 0
    while index < len(lines):
        if own_marks(marks_of(lines[index])) and not _ends_brackets(lines[index]):
            address = _address_below(lines, index)
            if address is not None:
                heads.append(index)
                index = address
        index += 1
    return heads


def _ends_brackets(line: Line) -> bool:
    """Whether it closes what was opened above, as the rest of an enclosure's title: （令和6年11月24日付け ⏎ 第1号）."""
    return line.text.count(")") > line.text.count("(")


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
    """A letter ends behind 以上 and what follows it (contact, list of enclosures), where an enclosure begins.

    Else it goes on to the next letter.
    """
    closings = closings_of(lines[start:stop])
    if not closings or _goes_on(lines[start:stop], closings[-1]):
        # A label right above the next letter is that one's, on which it was stamped.
        return next((index for index in range(start + 1, stop - SHORTEST) if _opens_page(lines, index)), stop)
    end = _behind_list(lines, start + closings[-1] + 1, stop)
    if end < stop and CONTACT.match(lines[end].text):
        end += 1
        while end < stop and not lines[end].apart:
            end += 1
        end = _behind_list(lines, end, stop)
    return end


def closings_of(lines: list[Line]) -> list[int]:
    """Where 以上 or the like closes a letter: twice where 敬具 closes its text and 以上 what stands below 記 then."""
    closings = [index for index, line in enumerate(lines) if CLOSING.fullmatch(line.text)]
    return closings[: 2 if closings and _goes_on(lines, closings[0]) else 1]


def _goes_on(lines: list[Line], closing: int) -> bool:
    """Whether items under 記 follow a closing."""
    return any(line.text == "記" for line in lines[closing + 1 : closing + 1 + LONGEST_TO_RECORD])


def _behind_list(lines: list[Line], start: int, stop: int) -> int:
    """The end of the list of enclosures that begins at `start`; `start` itself where none does."""
    if start == stop or lines[start].turns_page(lines[start - 1]):
        return start
    return start + len(read_listing(lines[start:stop]).lines)


def _opens_page(lines: list[Line], index: int) -> bool:
    """Whether the label of an enclosure stands alone at the top of a page: 別紙, （別添2）."""
    return lines[index].turns_page(lines[index - 1]) and is_label(lines[index])
