"""実施証明: what one pharmacy did with one notice, or with all of a 年度, as of a moment.

Names of people are on it as the pharmacy's own page and the staff's have them: both may read who confirmed and who
answered by telephone. They are no part of 照合値, since they are deleted after some years and what was done is not.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from members import wareki
from members.models import Organisation
from members.sheets import Cell
from notices.boards.reports import sending, sheet, standing
from notices.boards.reports.standing import Fact, Standing
from notices.models import Notice, OnBehalf, Receipt, Release
from notices.models.receipt import Via

HEADING = ("薬局", "薬局コード", "時点", "文書番号", "件名", "送信", "確認", "方法", "完了", "方法", "対象外", "方法")


@dataclass(frozen=True)
class Done:
    """A fact on paper: when, how, and who, as far as that is known.

    For 代理 also by whom it was recorded, and the date on the sheet that came back.
    """

    at: dt.datetime
    how: str
    who: str = ""
    recorded_by: str = ""
    written_on: dt.date | None = None


@dataclass(frozen=True)
class Entry:
    """One notice: when its first message was sent, if one was, and what the pharmacy had declared."""

    release: Release
    sent_at: dt.datetime | None
    confirmed: Done | None
    finished: Done | None
    not_applicable: Done | None
    reason: str

    @property
    def notice(self) -> Notice:
        return self.release.notice


@dataclass(frozen=True)
class Certificate:
    """`year` is None for a certificate of a single notice."""

    organisation: Organisation
    moment: dt.datetime
    entries: list[Entry]
    year: int | None = None

    @property
    def year_label(self) -> str:
        return wareki.fiscal_year_label(self.year) if self.year else ""


def of_receipt(receipt: Receipt, moment: dt.datetime) -> Certificate:
    """What the receipt's pharmacy had done with the notice."""
    return Certificate(receipt.organisation, moment, _entries(Receipt.objects.filter(pk=receipt.pk), moment))


def of_year(organisation: Organisation, year: int, moment: dt.datetime) -> Certificate:
    """What the pharmacy had done with every notice that was released to it in that 年度, the earliest first."""
    days = wareki.fiscal_year_days(year)
    receipts = Receipt.objects.pharmacies().filter(
        standing.there_by(moment), organisation=organisation, release__released_on__range=days
    )
    return Certificate(organisation, moment, _entries(receipts, moment), year)


def digest(certificate: Certificate) -> str:
    """照合値 over what was done, when and how."""
    head = [certificate.organisation.name, certificate.organisation.code, sheet.stamp(certificate.moment)]
    return sheet.hashed(HEADING, [[*head, *_row(entry)] for entry in certificate.entries])


def _row(entry: Entry) -> list[Cell]:
    row: list[Cell] = [entry.notice.number_text, entry.notice.subject, _exact(entry.sent_at)]
    for done in (entry.confirmed, entry.finished, entry.not_applicable):
        row += [_exact(done.at), done.how] if done else [None, None]
    return row


def _exact(at: dt.datetime | None) -> str:
    return sheet.stamp(at) if at else ""


def _entries(receipts: QuerySet[Receipt], moment: dt.datetime) -> list[Entry]:
    stood = {one.receipt: one for one in standing.standings(receipts, moment)}
    first = sending.first_sent(receipts, moment)
    records = _records(stood, moment)
    rows = receipts.select_related("release__notice", "organisation").prefetch_related("release__notice__numbers")
    return [
        _entry(row, stood[row.pk], first.get(row.pk), records.get(row.pk, []))
        for row in rows.order_by("release__released_at", "pk")
    ]


def _records(keys: Iterable[int], moment: dt.datetime) -> dict[int, list[OnBehalf]]:
    """代理 that stood at the moment, by receipt, the latest first."""
    standing_then = Q(undone_at=None) | Q(undone_at__gt=moment)
    found: dict[int, list[OnBehalf]] = {}
    for record in OnBehalf.objects.filter(standing_then, receipt__in=list(keys), at__lte=moment).select_related(
        "capacity__organisation"
    ):
        found.setdefault(record.receipt_id, []).append(record)
    return found


def _entry(row: Receipt, stood: Standing, sent_at: dt.datetime | None, records: list[OnBehalf]) -> Entry:
    kept = row.not_applicable_at is not None and stood.not_applicable is not None
    is_same = kept and row.not_applicable_at == stood.not_applicable.at
    return Entry(
        release=row.release,
        sent_at=sent_at,
        confirmed=_done("confirmed", stood.confirmed, row, records),
        finished=_done("finished", stood.finished, row, records),
        not_applicable=_done("not_applicable", stood.not_applicable, row, records),
        reason=row.not_applicable_reason if is_same else "",
    )


def _done(what: str, fact: Fact | None, row: Receipt, records: list[OnBehalf]) -> Done | None:
    if fact is None:
        return None
    how = Via(fact.via).label if fact.via else ""
    if fact.is_on_behalf:
        made = next((each for each in records if _made(each, what, fact)), None)
        if made is None:
            return Done(fact.at, how)
        return Done(fact.at, how, made.person, made.capacity.organisation.name, made.written_on)
    is_named = what == "confirmed" and row.confirmed_at == fact.at
    return Done(fact.at, how, row.confirmed_name if is_named else "")


def _made(record: OnBehalf, what: str, fact: Fact) -> bool:
    """Whether this record made the fact."""
    return record.via == fact.via and (record.what == what or (what == "confirmed" and record.confirms))
