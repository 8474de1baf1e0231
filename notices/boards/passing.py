"""地区を通した通知: how far it has come in each district, and where it is held up."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from notices import hops
from notices.models import Receipt, Release


@dataclass(frozen=True)
class Hop:
    """One district: `days` from the association's release until its letter, or until now while there is none.

    `letter` is the notice that the district wrote, `deadline` the day that it set its members where that is another;
    `told`, that the association has told its members itself.
    """

    receipt_id: int
    days: int
    letter: int | None = None
    passed_on: dt.date | None = None
    deadline: dt.date | None = None
    told: bool = False
    held_up: bool = False


def by_district(release: Release, now: dt.datetime) -> dict[int, Hop]:
    """The hop of each district by its key; none for a release that goes to the pharmacies itself."""
    if not release.through_districts:
        return {}
    letters = {letter.passed_on_by_id: letter for letter in Release.objects.filter(passes_on=release)}
    late = set(hops.held_up(Receipt.objects.filter(release=release), now).values_list("pk", flat=True))
    told = Receipt.objects.pharmacies().filter(release=release, district=OuterRef("organisation"))
    due = hops.waiting(Receipt.objects.filter(pk=OuterRef("pk")))
    districts = Receipt.objects.districts().filter(release=release).order_by("pk")
    districts = districts.annotate(told=Exists(told) & ~Exists(due))
    return {
        each.organisation_id: _hop(each, release, letters.get(each.organisation_id), late, now) for each in districts
    }


def _hop(receipt: Receipt, release: Release, letter: Release | None, late: set[int], now: dt.datetime) -> Hop:
    until = letter.released_on if letter else timezone.localdate(now)
    return Hop(
        receipt.pk,
        (until - release.released_on).days,
        letter=letter and letter.notice_id,
        passed_on=letter and letter.released_on,
        deadline=letter.deadline if letter and letter.deadline != release.deadline else None,
        told=receipt.told,
        held_up=receipt.pk in late,
    )


@dataclass(frozen=True)
class HeldUp:
    """A release that some of its districts have not passed on in time; `days` since it went out."""

    release: Release
    districts: list[str]
    days: int


def held_up(now: dt.datetime) -> list[HeldUp]:
    """Every release that is held up somewhere, the oldest first."""
    late = _named(hops.held_up(Receipt.objects.all(), now))
    found: dict[int, HeldUp] = {}
    for receipt in late:
        release = receipt.release
        days = (timezone.localdate(now) - release.released_on).days
        found.setdefault(release.pk, HeldUp(release, [], days)).districts.append(receipt.organisation.label)
    return list(found.values())


def held_up_count(release: Release, now: dt.datetime) -> int:
    """How many districts hold the release up."""
    if not release.through_districts:
        return 0
    return hops.held_up(Receipt.objects.filter(release=release), now).count()


def in_time_count(release: Release, now: dt.datetime) -> int:
    """How many districts have still to pass the release on and time to do it."""
    if not release.through_districts:
        return 0
    return hops.waiting(Receipt.objects.filter(release=release)).count() - held_up_count(release, now)


def _named(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    return receipts.select_related("organisation", "release__notice").prefetch_related("release__notice__numbers")
