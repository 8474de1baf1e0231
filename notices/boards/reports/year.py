"""The figures of a 年度 as of a moment: one row a released notice, by what was asked, and all together.

A notice belongs to the 年度 of the day on which it was released. The database counts what stands; where something was
taken back after the moment, the receipts concerned are counted one by one, as they stood then. Of what was corrected or
withdrawn by the moment there is a row, and nothing in the sums; whoever was asked again counts there in the 再周知.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from members import wareki
from notices.boards.reports import counts, later, standing
from notices.boards.reports.counts import Counts
from notices.models import Receipt, Release
from notices.models.receipt import ON_BEHALF
from notices.succession import Successor


@dataclass(frozen=True)
class YearRow:
    """One released notice, and what stood in its place.

    Of its pharmacies those that were `asked_again` count in another row, where rows are put together; its `untold` are
    those of the untold whom another row of the same matter has.
    """

    release: Release
    counts: Counts
    by: Successor | None = None
    asked_again: Counts = field(default_factory=Counts)

    @property
    def is_counted(self) -> bool:
        """Whether it is in the sums: it was neither corrected nor withdrawn."""
        return self.by is None or not self.by.supersedes


@dataclass(frozen=True)
class Sum:
    """Several notices together, with all that they asked for; `recipients` counts a pharmacy once a notice."""

    label: str
    notices: int
    counts: Counts
    asks: frozenset[str]

    @property
    def asks_confirmation(self) -> bool:
        return self.asks != {Release.Ask.INFORM}


@dataclass(frozen=True)
class YearFigures:
    """The earliest release first; the sums by what was asked, of all notices that ask for an answer, and last of those
    of them that are over by the moment: their 確認率 is the one of 今年度の確認率.
    """

    year: int
    moment: dt.datetime
    rows: list[YearRow]
    sums: list[Sum]

    @property
    def is_awaited(self) -> bool:
        """Whether pharmacies waited for their district."""
        return any(row.counts.untold for row in self.rows)

    @property
    def label(self) -> str:
        return wareki.fiscal_year_label(self.year)


def years(moment: dt.datetime) -> list[int]:
    """The 年度 in which something was released by the moment, and its own; the latest first."""
    first = released(moment).order_by("released_on").values_list("released_on", flat=True).first()
    last = wareki.fiscal_year(timezone.localdate(moment))
    return list(range(last, (min(wareki.fiscal_year(first), last) if first else last) - 1, -1))


def released(moment: dt.datetime) -> QuerySet[Release]:
    """What was out by the moment: the one place that says which releases a year counts."""
    return Release.objects.own().filter(released_at__lte=moment)


def released_in(year: int, moment: dt.datetime) -> QuerySet[Release]:
    """The releases of the 年度 that began in that year."""
    return released(moment).filter(released_on__range=wareki.fiscal_year_days(year))


def recipients(releases: QuerySet[Release], moment: dt.datetime) -> QuerySet[Receipt]:
    """The pharmacies that a year counts, each with the release that it is `counted_for`.

    Of a release through districts those of the districts' letters count for it, as on its board.
    """
    keys = releases.order_by().values("pk")
    receipts = Receipt.objects.pharmacies().filter(Q(release__in=keys) | Q(release__passes_on__in=keys))
    receipts = receipts.filter(standing.there_by(moment))
    return receipts.annotate(counted_for=Coalesce("release__passes_on", "release"))


def of(year: int, moment: dt.datetime, untold: Mapping[int, int], elsewhere: Mapping[int, int]) -> YearFigures:
    """The figures of the 年度 that began in that year.

    `untold` by release, as `counts.Counts` has it, and how many of these count `elsewhere` where rows are put together.
    """
    releases = released_in(year, moment)
    found = releases.select_related("notice").prefetch_related("notice__numbers").order_by("released_at", "pk")
    everybody = recipients(releases, moment)
    counted, by = _counted(everybody, moment), later.of(found, moment)
    answered_later = later.taking_over(everybody, moment).order_by().values("carried_from")
    again = _counted(everybody.filter(pk__in=answered_later), moment)
    rows = [
        YearRow(
            each,
            replace(counted.get(each.pk, Counts()), untold=untold.get(each.pk, 0)),
            by.get(each.pk),
            replace(again.get(each.pk, Counts()), untold=elsewhere.get(each.pk, 0)),
        )
        for each in found
    ]
    day = timezone.localdate(moment)
    return YearFigures(year, moment, rows, _sums([row for row in rows if row.is_counted], day))


def _sums(rows: Collection[YearRow], day: dt.date) -> list[Sum]:
    by_ask: dict[str, list[YearRow]] = defaultdict(list)
    for row in rows:
        by_ask[row.release.ask].append(row)
    found = [_sum(ask.label, by_ask[ask]) for ask in Release.Ask if by_ask[ask]]
    asked = [row for row in rows if row.release.asks_confirmation]
    if asked:
        found.append(_sum("返事を求めた通知の計", asked))
    if over := [row for row in asked if row.release.is_over(day)]:
        found.append(_sum("うち期限をすぎた通知", over))
    return found


def _sum(label: str, rows: list[YearRow]) -> Sum:
    return Sum(
        label,
        len(rows),
        sum((row.counts - row.asked_again for row in rows), Counts()),
        frozenset(row.release.ask for row in rows),
    )


def _counted(receipts: QuerySet[Receipt], moment: dt.datetime) -> dict[int, Counts]:
    """By release: what stands and was declared by the moment, put right where something was taken back since."""
    changed = list(standing.overturned(receipts, moment))
    found = {row.pop("counted_for"): Counts(**row) for row in _standing(receipts.exclude(pk__in=changed), moment)}
    concerned = receipts.filter(pk__in=changed)
    releases_of = {receipt.pk: receipt.release for receipt in concerned.select_related("release")}
    for one in standing.standings(concerned, moment) if changed else []:
        release = releases_of[one.receipt]
        key = release.passes_on_id or release.pk
        found[key] = found.get(key, Counts()) + counts.count([one], moment)
    return found


def _standing(receipts: QuerySet[Receipt], moment: dt.datetime) -> Iterable[dict[str, int]]:
    is_over = Q(release__deadline__lt=timezone.localdate(moment))
    confirmed = Q(confirmed_at__lte=moment)
    conditions = {"recipients": Q(), "overdue": is_over & (Q(confirmed_at=None) | Q(confirmed_at__gt=moment))}
    for fact in standing.FACTS:
        conditions[fact] = Q(**{f"{fact}_at__lte": moment})
        conditions[f"{fact}_on_behalf"] = conditions[fact] & Q(**{f"{fact}_via__in": ON_BEHALF})
    conditions["late"] = confirmed & Q(confirmed_on__gt=F("release__deadline"))
    numbers = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return receipts.alias(confirmed_on=TruncDate("confirmed_at")).order_by().values("counted_for").annotate(**numbers)
