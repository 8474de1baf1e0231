"""Document numbers of the association's own letters: one above the highest known, never one twice.

A number is reserved at the approval, for the 年度 of the letter's date, under a lock on the issuer: PostgreSQL locks
its row, SQLite lets one writer in at a time (BEGIN IMMEDIATE). The constraint `document_number_once_a_year` stands
behind both. What was reserved and is not used after all stays in the ledger as left out (欠番).
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from members import history, tree, wareki
from members.history import Actor
from members.models import Organisation
from members.names import search_key
from notices import docnumber
from notices.models import DocumentNumber, Notice, Packet, Relation

# Why a reserved number was left out, in the words of the ledger.
DISCARDED = "決裁のあとで下書きを破棄"
OTHER_YEAR = "決裁のあとで別の年度の文書に変更"
# So many numbers ahead of the ledger nobody is: about two months' letters.
FAR = 20


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
    """The number that a letter of that day would get now; another approval may take it first."""
    series, year = own_series(issuer), wareki.fiscal_year(day)
    serial = max(_known_serials(issuer, series, year), default=0) + 1
    prefix = wareki.fiscal_year_in_era(year)
    return docnumber.DocumentNumber(f"{prefix}{series}第{serial}号", prefix, series, serial)


def leaps(notice: Notice, day: dt.date) -> bool:
    """Whether the number that the draft would get lies far above the highest registered: a number may be misread."""
    if notice.number_fixed or notice.numbers.exists():
        return False
    association = tree.association()
    number = expected(association, day)
    return number.serial - _highest_registered(association, number.series, wareki.fiscal_year(day)) > FAR


def expected_day(notice: Notice) -> dt.date:
    """The date that the letter has, else the one last asked for while it is to come, else today's."""
    today = timezone.localdate()
    if notice.date:
        return notice.date
    return max(notice.approval.day, today) if notice.approval else today


def expected_for(notice: Notice, day: dt.date) -> str:
    """The number that the draft would carry if it were approved for that day: its own, else the next one."""
    kept = notice.numbers.first()
    if notice.number_fixed:
        return kept.text if kept else ""
    if kept and not _outlived(kept, day):
        return kept.text
    return expected(tree.association(), day).text


def reserve(notice: Notice, day: dt.date, actor: Actor) -> DocumentNumber | None:
    """The notice's number for a letter of that day, from now on nobody else's; call it in the approval's transaction.

    A number that the notice has already is kept, save one reserved for another 年度, which is left out; a letter that
    came with a packet without a number stays without one. Raises NumberOfAnotherYear when a number typed by hand is
    not of the 年度 of `day`.
    """
    kept = notice.numbers.first()
    if notice.number_fixed:
        return kept
    check_year(notice, day)
    issuer = tree.association()
    lock(issuer)
    if kept and _outlived(kept, day):
        _leave_out(kept, OTHER_YEAR, actor)
        kept = None
    number = kept or _write(notice, issuer, expected(issuer, day), day)
    if number.reserved_at is None:
        number.reserved_at = timezone.now()
        number.save(update_fields=["reserved_at"])
    return number


def give_up(notice: Notice, reason: str, actor: Actor) -> None:
    """Part the draft from its number: one that was reserved stays in the ledger, one only typed is free again."""
    for number in notice.numbers.all():
        if number.reserved_at:
            _leave_out(number, reason, actor)
        else:
            number.delete()


def check_year(notice: Notice, day: dt.date) -> None:
    """Raises NumberOfAnotherYear when a number typed by hand is not of the 年度 of `day`."""
    kept = notice.numbers.first()
    if kept and kept.reserved_at is None and kept.fiscal_year != wareki.fiscal_year(day):
        raise NumberOfAnotherYear(kept.text, day)


def claim(notice: Notice, issuer: Organisation, text: str, day: dt.date | None = None) -> DocumentNumber | None:
    """Give a draft the number that was typed by hand, in place of the one it had; an empty text takes it away.

    One that an approval has reserved stays. Call it in a transaction. Raises NotANumber, NumberOfAnotherYear,
    NumberTaken.
    """
    if reserved := notice.numbers.exclude(reserved_at=None).first():
        return reserved
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


def next_of_district(district: Organisation, day: dt.date) -> str:
    """The number after the district's highest of that 年度, in the series of its latest letter and written as that is.

    Empty where the district has given no number here that can be counted on.
    """
    numbers = DocumentNumber.objects.filter(issuer=district, serial__isnull=False)
    latest = numbers.order_by("-pk").first()
    last = docnumber.parse_number(latest.text) if latest else None
    if last is None or not last.text.endswith("号"):
        return ""
    year = wareki.fiscal_year(day)
    highest = numbers.filter(series=last.series, fiscal_year=year).aggregate(highest=Max("serial"))["highest"] or 0
    prefix = wareki.fiscal_year_in_era(year) if last.year_prefix else ""
    return f"{prefix}{last.series}第{highest + 1}号"


def give_of_district(notice: Notice, district: Organisation, text: str, day: dt.date) -> DocumentNumber:
    """The number that a chair typed is the letter's; one of no known form is kept as it was typed.

    Call it in the letter's transaction. Raises NumberOfAnotherYear, NumberTaken.
    """
    number, year = docnumber.parse_number(text), wareki.fiscal_year(day)
    if number is None or number.serial is None:
        lock(district)
        if line := DocumentNumber.objects.filter(issuer=district, fiscal_year=year, text__iexact=text).first():
            raise NumberTaken(line)
        return DocumentNumber.objects.create(notice=notice, issuer=district, text=text, fiscal_year=year)
    if number.year_prefix not in (None, wareki.fiscal_year_in_era(year)):
        raise NumberOfAnotherYear(number.text, day)
    check_free(district, number, year, notice)
    return _write(notice, district, number, day)


def check_free(
    issuer: Organisation, number: docnumber.DocumentNumber, fiscal_year: int, notice: Notice | None = None
) -> None:
    """Hold the series until the transaction ends. Raises NumberTaken where the number is given, save to the notice."""
    lock(issuer)
    lines = DocumentNumber.objects.of_series(issuer, number.line, fiscal_year).filter(serial=number.serial)
    others = lines.exclude(notice=notice) | lines.filter(notice=None)
    if line := others.select_related("notice").first():
        raise NumberTaken(line)


def lock(issuer: Organisation) -> None:
    """Nobody else gives a number of the issuer until the transaction ends."""
    Organisation.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def _outlived(number: DocumentNumber, day: dt.date) -> bool:
    """Whether it was reserved for a letter of another 年度 than that day's."""
    return number.reserved_at is not None and number.fiscal_year != wareki.fiscal_year(day)


def _leave_out(number: DocumentNumber, reason: str, actor: Actor) -> None:
    notice, most = number.notice, DocumentNumber._meta.get_field("void_reason").max_length
    number.notice, number.void_reason = None, f"{reason}（{notice.subject}）"[:most]
    number.save()
    history.record("number.left_out", number, actor=actor, number=number.text, reason=reason, notice=notice.pk)


def _write(notice: Notice, issuer: Organisation, number: docnumber.DocumentNumber, day: dt.date) -> DocumentNumber:
    return DocumentNumber.objects.give(
        notice,
        issuer,
        text=number.text,
        series=number.line,
        fiscal_year=wareki.fiscal_year(day),
        serial=number.serial,
    )


def _known_serials(issuer: Organisation, series: str, year: int) -> Iterator[int]:
    """The serials in use: the highest registered, and what the issuer's letters say that it has given besides.

    These are those of its letters in packets not registered yet, and those that its letters cite: others misprint them.
    """
    yield _highest_registered(issuer, series, year)
    cited = Relation.objects.filter(cited_number__contains=series, source__issuers__organisation=issuer)
    for text in [*_numbers_in_waiting_packets(issuer), *cited.values_list("cited_number", flat=True)]:
        number = docnumber.parse_number(text)
        if number and number.series == series and number.year_prefix == wareki.fiscal_year_in_era(year):
            yield 0 if number.serial is None or number.serial >= docnumber.HIGHEST_SERIAL else number.serial


def _highest_registered(issuer: Organisation, series: str, year: int) -> int:
    """The highest after which there is still a number."""
    lines = DocumentNumber.objects.of_series(issuer, series, year).filter(serial__lt=docnumber.HIGHEST_SERIAL)
    return lines.aggregate(highest=Max("serial"))["highest"] or 0


def _numbers_in_waiting_packets(issuer: Organisation) -> Iterator[str]:
    own, short = search_key(issuer.name), search_key(issuer.short_name or issuer.name)
    for packet in Packet.objects.filter(state=Packet.State.DOUBTFUL).only("reading", "corrected"):
        for letter in packet.kept["letters"]:
            names = [search_key(each["organisation"] or "") for each in letter["issuers"]]
            # Letters write 公益社団法人 out, shorten it or leave it out.
            if any(name and (own.endswith(name) or name.endswith(short)) for name in names):
                yield from letter["numbers"]
