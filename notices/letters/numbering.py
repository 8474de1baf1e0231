"""Document numbers of the association's own letters: one above the highest known, never one twice.

A number is reserved for the 年度 of the letter's date under a lock on the issuer: PostgreSQL locks its row, SQLite
lets one writer in at a time (BEGIN IMMEDIATE). The constraint `document_number_once_a_year` stands behind both.
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from members import wareki
from members.models import Organisation
from notices import docnumber
from notices.models import DocumentNumber, Notice, Packet, Relation


class NotANumber(ValueError):
    """What was typed is no document number."""


class NumberTaken(ValueError):
    """The number is given: `line` of the ledger tells to which notice, to what outside of the site, or why to none."""

    def __init__(self, line: DocumentNumber) -> None:
        super().__init__(line.text)
        self.line = line


class NumberOfAnotherYear(ValueError):
    """The number is not one of the 年度 of the letter's date."""

    def __init__(self, text: str, day: dt.date) -> None:
        super().__init__(text)
        self.text, self.day = text, day


def own_series(issuer: Organisation) -> str:
    """The series of the issuer's numbers: the setting, else the one it uses most, else 福薬業発."""
    if settings.NOTICE_SERIES:
        return settings.NOTICE_SERIES
    used = DocumentNumber.objects.filter(issuer=issuer, serial__isnull=False).exclude(series="")
    most = used.values("series").annotate(uses=Count("id")).order_by("-uses", "series").first()
    return most["series"] if most else "福薬業発"


def expected(issuer: Organisation, day: dt.date) -> docnumber.DocumentNumber:
    """The number that a letter of that day would get now; another release may take it first."""
    series, year = own_series(issuer), wareki.fiscal_year(day)
    serial = max(_known_serials(issuer, series, year), default=0) + 1
    prefix = wareki.fiscal_year_in_era(year)
    return docnumber.DocumentNumber(f"{prefix}{series}第{serial}号", prefix, series, serial)


def reserve(notice: Notice, issuer: Organisation, day: dt.date) -> DocumentNumber | None:
    """The notice's number for a letter of that day; call it in the transaction of the release.

    A number that the notice has already is kept; a letter that came with a packet without a number stays without one.
    Raises NumberOfAnotherYear when a number typed by hand is not of the 年度 of `day`.
    """
    kept = notice.numbers.first()
    if notice.number_fixed:
        return kept
    if kept:
        check_year(notice, day)
        return kept
    lock(issuer)
    return _write(notice, issuer, expected(issuer, day), day)


def check_year(notice: Notice, day: dt.date) -> None:
    """Raises NumberOfAnotherYear when a number typed by hand is not of the 年度 of `day`."""
    kept = notice.numbers.first()
    if kept and kept.fiscal_year != wareki.fiscal_year(day):
        raise NumberOfAnotherYear(kept.text, day)


def claim(notice: Notice, issuer: Organisation, text: str, day: dt.date | None = None) -> DocumentNumber | None:
    """Give a draft the number that was typed by hand, in place of the one it had; an empty text takes it away.

    Call it in a transaction. Raises NotANumber, NumberOfAnotherYear, NumberTaken.
    """
    if not text.strip():
        notice.numbers.all().delete()
        return None
    day = day or timezone.localdate()
    number = docnumber.parse_number(text)
    if number is None or number.serial is None:
        raise NotANumber(text)
    year = wareki.fiscal_year(day)
    if number.year_prefix not in (None, wareki.fiscal_year_in_era(year)):
        raise NumberOfAnotherYear(number.text, day)
    check_free(issuer, number, year, notice)
    notice.numbers.all().delete()
    return _write(notice, issuer, number, day)


def check_free(
    issuer: Organisation, number: docnumber.DocumentNumber, fiscal_year: int, notice: Notice | None = None
) -> None:
    """Hold the series until the transaction ends. Raises NumberTaken where the number is given, save to the notice."""
    lock(issuer)
    lines = DocumentNumber.objects.of_series(issuer, number.series, fiscal_year).filter(serial=number.serial)
    others = lines.exclude(notice=notice) | lines.filter(notice=None)
    if line := others.select_related("notice").first():
        raise NumberTaken(line)


def lock(issuer: Organisation) -> None:
    """Nobody else gives a number of the issuer until the transaction ends."""
    Organisation.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def _write(notice: Notice, issuer: Organisation, number: docnumber.DocumentNumber, day: dt.date) -> DocumentNumber:
    return DocumentNumber.objects.give(
        notice,
        issuer,
        text=number.text,
        series=number.series,
        fiscal_year=wareki.fiscal_year(day),
        serial=number.serial,
    )


def _known_serials(issuer: Organisation, series: str, year: int) -> Iterator[int]:
    """The serials in use: the highest registered, those of packets not registered yet, and those that letters cite."""
    registered = DocumentNumber.objects.filter(issuer=issuer, series=series, fiscal_year=year)
    yield registered.aggregate(highest=Max("serial"))["highest"] or 0
    cited = Relation.objects.filter(cited_number__contains=series).values_list("cited_number", flat=True)
    for text in [*_numbers_in_waiting_packets(), *cited]:
        number = docnumber.parse_number(text)
        if number and number.series == series and number.year_prefix == wareki.fiscal_year_in_era(year):
            yield number.serial or 0


def _numbers_in_waiting_packets() -> Iterator[str]:
    for packet in Packet.objects.filter(state=Packet.State.DOUBTFUL).only("reading", "corrected"):
        for letter in packet.kept["letters"]:
            yield from letter["numbers"]
