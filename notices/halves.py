"""The moment by which half of the pharmacies, rounded up, had confirmed a release: counted from the receipts.

Those who never answer count as well. While fewer than half have confirmed there is none.
"""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from notices.models import Receipt

ONE = ("release", "district")


def of(receipts: QuerySet[Receipt]) -> dt.datetime | None:
    """Of these receipts together."""
    times = receipts.confirmed().order_by("confirmed_at").values_list("confirmed_at", flat=True)
    half = (receipts.count() + 1) // 2
    return times[half - 1 : half].first() if half else None


def of_release(release: int) -> dt.datetime | None:
    """Of all pharmacies of a release, by its key."""
    return of(Receipt.objects.pharmacies().filter(release=release))


def by_district(releases: Collection[int], districts: Collection[int]) -> dict[tuple[int, int], dt.datetime | None]:
    """Of each release in each district, by the keys of both; one row a district comes from the database."""
    receipts = Receipt.objects.pharmacies().filter(release__in=releases, district__in=districts).order_by()
    earliest_first = F("confirmed_at").asc(nulls_last=True)
    placed = receipts.annotate(
        place=Window(RowNumber(), partition_by=ONE, order_by=earliest_first),
        everybody=Window(Count("pk"), partition_by=ONE),
    )
    middle = placed.filter(place=(F("everybody") + 1) / 2).values_list(*ONE, "confirmed_at")
    return {row[:2]: row[2] for row in middle}
