"""The heading of one letter: numbers, date, addressees, issuers, subject."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import pairwise

from notices.docnumber import EXTRA, DocumentNumber
from notices.intake.addressees import (
    OTHER_LABEL,
    TRAILING_BODIES,
    is_addressed,
    is_addressee_line,
    read_addressees,
    without_honorific,
)
from notices.intake.exchange import Exchange, read_exchange
from notices.intake.lines import Line
from notices.intake.marks import SEAL, Mark, marks_of, own_marks, stamped
from notices.intake.people import MINISTRY, OFFICE, TOP, is_issuer_line, names_organisation, read_issuers
from notices.intake.reading import ReadIssuer, Span, Warning
from notices.intake.subject import ends_subject, find_subject, is_prose, subject_above, subject_text

LONGEST = 60
CONTACT = re.compile(
    r"[(【〔]?(?:担当|連絡先|電話|TEL|Tel|FAX|Fax|E-?mail|内線|ダイヤルイン|直通|照会先|お?問い?合わ?せ)"
)
# What is left of a number or date whose pieces do not make one again.
_PIECE_OF_MARK = re.compile(r"[0-9()第号年月日-]+|令和|平成|昭和")
_UNIT_IN_BRACKETS = re.compile(r"\([^()]*[局部課室係班当]\)")


@dataclass
class Heading:
    """What a heading says, and the index of the letter's first line behind it."""

    numbers: list[DocumentNumber] = field(default_factory=list)
    date: datetime.date | None = None
    notice: bool = False
    addressees: list[str] = field(default_factory=list)
    honorific: str = ""
    listed_below: bool = False
    issuers: list[ReadIssuer] = field(default_factory=list)
    subject: str | None = None
    exchange_kind: str = ""
    end: int = 0
    spans: dict[str, list[Span]] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)

    def place(self, name: str, lines: list[Line]) -> None:
        self.spans.setdefault(name, []).extend(line.span for line in lines)


def read_heading(lines: list[Line]) -> Heading:
    """The heading with which the letter's lines begin."""
    return _Reader(lines).read()


def heading_zone(lines: list[Line]) -> int:
    """The index of the first line that is running text or 記: headings end there at the latest."""
    stop = min(len(lines), LONGEST)
    return next((i for i in range(stop) if is_prose(lines[i].text) or lines[i].text == "記"), stop)


class _Reader:
    """Goes once down the lines of a heading; `end` is the first line that was not yet used."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.heading = Heading()
        self.zone = heading_zone(lines)
        received = stamped(lines[: self.zone])
        self.marks = {
            index: marks for index in range(self.zone) if index not in received and (marks := marks_of(lines[index]))
        }
        self.addressed = [index for index in range(self.zone) if is_addressed(lines[index])]
        self.above: list[Line] = []
        self.end_of_address = max(self.marks, default=-1) + 1

    def read(self) -> Heading:
        self._read_marks()
        exchange = next(filter(None, map(read_exchange, self.lines[: self.zone])), None)
        if exchange:
            self._take_exchange(exchange)
        else:
            if self.addressed:
                self._read_addressees()
            self._read_issuers()
        self._read_subject()
        return self.heading

    def _used(self, index: int) -> None:
        self.heading.end = max(self.heading.end, index + 1)

    def _read_marks(self) -> None:
        """The letter's own number and date stand above the amendments, and are the first of their kind."""
        amended = False
        for index, marks in self.marks.items():
            self._used(index)
            if not amended:
                self._take_marks(index, own_marks(marks))
            amended = amended or any(mark.kind == "amendment" for mark in marks)

    def _take_marks(self, index: int, marks: list[Mark]) -> None:
        heading, line = self.heading, self.lines[index]
        complete = self._complete_before(index, marks)
        for mark in marks:
            part = line.part(mark.start, mark.end)
            if mark.kind == "notice" and not complete:
                heading.notice = True
                heading.place("kind", [part])
            elif mark.kind == "number" and not complete:
                self._take_number(mark.value, part)
            elif mark.kind == "date" and "date" not in heading.spans:
                heading.date = mark.value
                heading.place("date", [part])
                if mark.value is None:
                    message = "日付が暦にないか、欠けています。原文を確かめて入力してください。"
                    heading.warnings.append(Warning("date", part.raw, message))

    def _complete_before(self, index: int, marks: list[Mark]) -> bool:
        """Whether the letter's own number and date stand above; numbers right below a number are a joint letter's."""
        spans = self.heading.spans
        above = {mark.kind for mark in own_marks(self.marks.get(index - 1, []))}
        joint = above == {mark.kind for mark in marks} == {"number"}
        return "date" in spans and ("numbers" in spans or self.heading.notice) and not joint

    def _take_number(self, number: DocumentNumber, part: Line) -> None:
        self.heading.place("numbers", [part])
        if number.serial is None and number.branch != EXTRA:
            message = "文書番号の数字が読み取れません。原文を確かめて入力してください。"
            self.heading.warnings.append(Warning("numbers", part.raw, message))
        elif number not in self.heading.numbers:
            self.heading.numbers.append(number)

    def _take_exchange(self, exchange: Exchange) -> None:
        heading = self.heading
        heading.addressees, heading.issuers = exchange.addressees, exchange.issuers
        heading.honorific, heading.exchange_kind = "あて", exchange.kind
        heading.place("addressees", [exchange.addressee_line])
        heading.place("issuers", [exchange.issuer_line])
        self._used(next(i for i in range(self.zone) if read_exchange(self.lines[i])))

    def _read_addressees(self) -> None:
        first, last = self.addressed[0], self._last_addressed()
        start = first
        while start and self._continues_address(start - 1):
            start -= 1
        block = self.lines[start : last + 1]
        block, self.above = self._without_issuer_above(block)
        self.end_of_address = self._address_goes_on(last, block)
        if not self.above and not self._issuer_lines(self.end_of_address):
            block, self.above = self._without_ministry_above(block)
            self.above = self.above or self._sealed_above(start)
        block += self.lines[last + 1 : self.end_of_address]
        self.heading.listed_below = any("別記" in line.text for line in block)
        self.heading.addressees, self.heading.honorific = read_addressees(block)
        self.heading.place("addressees", [part for line in block for part in without_honorific(line)[0]])
        self._used(self.end_of_address - 1)

    def _last_addressed(self) -> int:
        """The last line with an honorific before the issuer and the subject."""
        last = self.addressed[0]
        for index in self.addressed[1:]:
            between = self.lines[last + 1 : index]
            if index in self.marks or any(ends_subject(line.text) for line in between) or len(between) > 12:
                break
            last = index
        return last

    def _continues_address(self, index: int) -> bool:
        text = self.lines[index].text
        names = not (_PIECE_OF_MARK.fullmatch(text) or ends_subject(text) or CONTACT.match(text))
        names = names and not OTHER_LABEL.match(text)
        return names and index not in self.marks

    def _without_issuer_above(self, block: list[Line]) -> tuple[list[Line], list[Line]]:
        """Some letters name the issuer above the addressee: the lines down to an office with its name.

        Where nothing but the honorific stands below, that person is addressed.
        """
        signed = [
            index
            for index, (line, below) in enumerate(pairwise(block))
            if (match := OFFICE.fullmatch(line.text))
            and match["name"]
            and not line.text.startswith("各")
            and without_honorific(below)[0]
        ]
        cut = signed[-1] + 1 if signed else 0
        return block[cut:], block[:cut]

    def _without_ministry_above(self, block: list[Line]) -> tuple[list[Line], list[Line]]:
        """Where no issuer stands below: a ministry's unit alone above the addressees, none of whom is of a ministry."""
        first, rest = block[0], block[1:]
        if not MINISTRY.match(first.text) or any(MINISTRY.match(line.text) for line in rest):
            return block, []
        if rest and re.search("[局部課室]長?$", first.text) and without_honorific(rest[0])[0]:
            return rest, [first]
        return block, []

    def _sealed_above(self, start: int) -> list[Line]:
        """The issuers above the addressees that a left-out seal divides from them."""
        if not start or not SEAL.fullmatch(self.lines[start - 1].text):
            return []
        first = start
        while first and (SEAL.fullmatch(self.lines[first - 1].text) or is_issuer_line(self.lines[first - 1].text)):
            first -= 1
        return [line for line in self.lines[first:start] if not SEAL.fullmatch(line.text)]

    def _address_goes_on(self, last: int, block: list[Line]) -> int:
        """Where the addressees end that follow the line with the honorific (it stands beside the first or the middle).

        Lines up to the next blank one are addressees if an issuer follows after it; otherwise only those that look
        like the addressees before, save the last.
        """
        stop = last + 1
        while stop < self.zone and not self.lines[stop].apart and self._may_name(stop):
            stop += 1
        if stop < self.zone and self.lines[stop].apart and names_organisation(self.lines[stop].text):
            return stop
        end = last + 1
        while end < stop and is_addressee_line(self.lines[end].text, block):
            text = self.lines[end].text
            if end + 1 == stop and not text.startswith("各") and not TRAILING_BODIES.match(text):
                break
            end += 1
        return end

    def _may_name(self, index: int) -> bool:
        text = self.lines[index].text
        return index not in self.marks and not ends_subject(text) and not SEAL.fullmatch(text) and len(text) <= 45

    def _read_issuers(self) -> None:
        """The issuer stands below the addressees, or below number and date where there are none."""
        below = self._issuer_lines(self.end_of_address)
        issuers = [*self.above, *(self.lines[index] for index in below)]
        if issuers:
            self.heading.issuers = read_issuers(issuers)
            self.heading.place("issuers", issuers)
        self._used(max([self.end_of_address - 1, *below]))

    def _issuer_lines(self, index: int) -> list[int]:
        """Which lines from `index` on name issuers; seals and marks may stand between them."""
        found: list[int] = []
        above = self.above[-1].text if self.above else ""
        while index < self.zone:
            text = self.lines[index].text
            if index not in self.marks and not SEAL.fullmatch(text):
                if ends_subject(text) or not is_issuer_line(text, OFFICE.fullmatch(above) is not None):
                    break
                if found and self._begins_subject(index):
                    break
                found.append(index)
                above = text
            index += 1
        return found

    def _begins_subject(self, index: int) -> bool:
        """Whether a line after a blank one is the first of two that are the subject: ○○学術大会, 演題の募集について."""
        line, below = self.lines[index], self.lines[index + 1 : self.zone][:1]
        ends = any(ends_subject(one.text) and not one.apart for one in below)
        return line.apart and ends and not TOP.match(line.text) and not OFFICE.fullmatch(line.text)

    def _read_subject(self) -> None:
        found = None
        start = self.heading.end
        while start < self.zone and self._stands_between(start):
            start += 1
        if start < self.zone:
            found = find_subject(self.lines, start, self.zone) or self._standing_alone(start)
        found = found or subject_above(self.lines, self.zone)
        if not found:
            return
        subject = subject_text(self.lines[slice(*found)])
        self.heading.subject = subject.tidy
        self.heading.place("subject", [subject])
        self._used(found[1] - 1)

    def _stands_between(self, index: int) -> bool:
        """Seals, units in brackets and contact lines between issuer and subject."""
        text = self.lines[index].text
        after_contact = index and re.search(r"担当:?$", self.lines[index - 1].text)
        return bool(SEAL.fullmatch(text) or _UNIT_IN_BRACKETS.fullmatch(text) or CONTACT.match(text) or after_contact)

    def _standing_alone(self, index: int) -> tuple[int, int] | None:
        """One line between blank lines is a subject, whatever its last word."""
        line = self.lines[index]
        following = self.lines[index + 1] if index + 1 < len(self.lines) else None
        alone = line.apart and following is not None and following.apart and is_prose(following.text)
        return (index, index + 1) if alone and 6 <= len(line.text) <= 80 else None
