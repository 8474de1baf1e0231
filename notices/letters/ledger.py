"""文書番号簿: the association's numbers, and what each is of: a notice, a letter outside of the site, or nothing."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from members import history, tree, wareki
from members.history import Actor
from members.numerals import to_number
from notices import docnumber
from notices.follow_ups import later
from notices.letters import numbering
from notices.models import DocumentNumber, Notice
from notices.search.words import Word
from notices.succession import Successor


class Use(StrEnum):
    """What has become of a number."""

    RELEASED = "released"
    RECEIVED = "received"
    DRAFT = "draft"
    ASKED = "asked"
    APPROVED = "approved"
    OUTSIDE = "outside"
    VOID = "void"
    MISSING = "missing"


@dataclass(frozen=True)
class Entry:
    """One number; of those of which nobody knows anything (MISSING) a whole row of them, from `serial` to `last`."""

    use: Use
    serial: int
    last: int
    text: str
    date: dt.date | None = None
    subject: str = ""
    notice: Notice | None = None
    line: DocumentNumber | None = None
    by: Successor | None = None  # what now counts in the notice's place


def series() -> list[str]:
    """The series of the association's numbers, the usual one first."""
    association = tree.association()
    usual = numbering.own_series(association)
    numbered = DocumentNumber.objects.filter(issuer=association, serial__isnull=False).exclude(series="")
    return [usual, *sorted({*numbered.values_list("series", flat=True).distinct()} - {usual})]


def years(of_series: str) -> list[int]:
    """The 年度 in which the series has numbers, the latest first."""
    lines = DocumentNumber.objects.filter(issuer=tree.association(), series=of_series, serial__isnull=False)
    found = lines.exclude(fiscal_year=None).values_list("fiscal_year", flat=True).distinct()
    return sorted(found, reverse=True)


def entries(of_series: str, fiscal_year: int) -> list[Entry]:
    """The ledger of one series and 年度, the highest number first; between its numbers there is no hole."""
    lines = DocumentNumber.objects.of_series(tree.association(), of_series, fiscal_year).exclude(serial=None)
    lines = lines.select_related("notice").prefetch_related("notice__approvals").order_by("serial")
    replaced = later(line.notice_id for line in lines if line.notice_id)
    found: list[Entry] = []
    expected = 1
    for line in lines:
        if line.serial > expected and not _is_branch(line.text):
            text = _text(of_series, fiscal_year, expected)
            found.append(Entry(Use.MISSING, expected, line.serial - 1, text))
        found.append(_entry(line, replaced.get(line.notice_id)))
        expected = line.serial + 1
    return found[::-1]


def by_hand(words: list[Word]) -> list[DocumentNumber]:
    """The numbers without a letter on the site in whose line every word stands, the latest first."""
    lines = DocumentNumber.objects.filter(notice=None).order_by("-fiscal_year", "-serial") if words else []
    return [line for line in lines if all(word.stands_in(*_line(line)) for word in words)]


def _line(line: DocumentNumber) -> tuple[str, ...]:
    return line.text, wareki.long_date(line.dated) if line.dated else "", line.subject, line.void_reason


def _is_branch(text: str) -> bool:
    """Whether it has a 枝番: such numbers are between others, and none of their own is missing before them."""
    number = docnumber.parse_number(text)
    return number is not None and number.branch != ""


def _entry(line: DocumentNumber, by: Successor | None) -> Entry:
    place = (line.serial, line.serial, line.text)
    if notice := line.notice:
        return Entry(_use(notice), *place, notice.date, notice.subject, notice, line, by)
    if line.void_reason:
        return Entry(Use.VOID, *place, subject=line.void_reason, line=line)
    return Entry(Use.OUTSIDE, *place, line.dated, line.subject, line=line)


def _use(notice: Notice) -> Use:
    """What a notice has its number for; a draft may have it from its approval, or may be waiting for that."""
    is_standing = notice.state == Notice.State.DRAFT and notice.stands_fast
    return Use(notice.approval.state if is_standing else notice.state)


def _text(of_series: str, fiscal_year: int, serial: int) -> str:
    return f"{wareki.fiscal_year_in_era(fiscal_year)}{of_series}第{serial}号"


def in_full(text: str, day: dt.date) -> str:
    """A number of the usual series as the ledger has it: 8福薬業発第339号 of 第三百三十九号. Others as typed."""
    usual, year = numbering.own_series(tree.association()), wareki.fiscal_year_in_era(wareki.fiscal_year(day))
    number = docnumber.parse_number(text) or docnumber.parse_number(f"{usual}{text}")
    if number is None or number.year_prefix is not None or not number.series.endswith(usual):
        return text
    written = number.series.removesuffix(usual)
    is_ours = not written or to_number(written) == year
    return f"{year}{number.text.removeprefix(written)}" if is_ours else text


def next_after(number: docnumber.DocumentNumber, day: dt.date) -> str:
    """The number with which the 年度 goes on once this one is entered, where it leaves others out; else nothing."""
    expected = numbering.expected(tree.association(), day)
    if number.series != expected.series or number.serial <= expected.serial:
        return ""
    return _text(number.series, wareki.fiscal_year(day), number.serial + 1)


@transaction.atomic
def check(text: str, dated: dt.date) -> docnumber.DocumentNumber:
    """The number `in_full`, as it may be entered, for that day's 年度; the series is held until the transaction ends.

    Raises numbering.NotANumber, NumberOfAnotherYear, NumberTaken.
    """
    number, year = docnumber.parse_number(in_full(text, dated)), wareki.fiscal_year(dated)
    if number is None or number.serial is None:
        raise numbering.NotANumber(text)
    if number.year_prefix not in (None, wareki.fiscal_year_in_era(year)):
        raise numbering.NumberOfAnotherYear(number.text, dated)
    numbering.check_free(tree.association(), number, year)
    return number


@transaction.atomic
def enter(text: str, actor: Actor, *, dated: dt.date, subject: str = "", void_reason: str = "") -> DocumentNumber:
    """A number of which the site has no letter: of one outside of it (`subject`), or left out (`void_reason`).

    It is kept `in_full`. `dated` is the letter's date, or for a number left out a day of its 年度. Raises
    numbering.NotANumber, NumberOfAnotherYear, NumberTaken.
    """
    number = check(text, dated)
    line = DocumentNumber.objects.create(
        issuer=tree.association(),
        text=number.text,
        series=number.line,
        fiscal_year=wareki.fiscal_year(dated),
        serial=number.serial,
        subject=subject,
        dated=dated if subject else None,
        void_reason=void_reason,
    )
    history.record("number.entered", line, actor=actor, number=line.text, title=subject, reason=void_reason)
    return line


@transaction.atomic
def correct(line_id: int, actor: Actor, *, dated: dt.date | None, subject: str = "", void_reason: str = "") -> None:
    """What is said of a number without a letter here. Raises DocumentNumber.DoesNotExist where it has got one."""
    line = DocumentNumber.objects.select_for_update(no_key=True).get(pk=line_id, notice=None)
    line.subject, line.dated, line.void_reason = subject, dated if subject else None, void_reason
    line.save()
    history.record("number.corrected", line, actor=actor, number=line.text, title=subject, reason=void_reason)


@transaction.atomic
def remove(line_id: int, actor: Actor) -> None:
    """Take a line back that was entered by mistake.

    Raises DocumentNumber.DoesNotExist where it has got a letter, or an approval had reserved the number.
    """
    line = DocumentNumber.objects.select_for_update(no_key=True).get(pk=line_id, notice=None, reserved_at=None)
    history.record("number.removed", line, actor=actor, number=line.text)
    line.delete()
