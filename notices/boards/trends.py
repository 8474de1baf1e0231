"""地区の推移: how each district answered the latest notices, one after the other. Only what is kept is read."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from members.models import Organisation
from notices import halves, tallies
from notices.boards import comparison, progress
from notices.boards.reports import counts
from notices.models import Notice, Receipt, Release
from notices.tallies import Answered, Tally

# So many notices are shown.
NOTICES = 12


@dataclass(frozen=True)
class Point:
    """One notice in one place; `days` from its release until half had confirmed, None while fewer have.

    Of its pharmacies those that are `asked_again` count in the 再周知, where notices are put together.
    """

    tally: Tally
    days: float | None
    asked_again: Tally = field(default_factory=Tally)

    @property
    def rate(self) -> float | None:
        return self.tally.confirmed_rate


@dataclass(frozen=True)
class Trend:
    """A district, or all together: a point for each of the notices, None for one that nobody there got."""

    name: str
    points: list[Point | None]
    district_id: int | None = None
    position: int = 0

    @property
    def rate(self) -> float | None:
        """確認率 of all these notices together."""
        return sum((point.tally - point.asked_again for point in self.points if point), Tally()).confirmed_rate

    @property
    def latest(self) -> float | None:
        """確認率 of the latest notice that it got."""
        return next((point.rate for point in reversed(self.points) if point), None)

    @property
    def days(self) -> float | None:
        """The middle one of the days until half had confirmed, of those notices that half have confirmed."""
        known = [point.days for point in self.points if point and point.days is not None]
        return round(statistics.median(known), 1) if known else None


@dataclass(frozen=True)
class Trends:
    """The notices, the earliest first, the districts in the order of the roster, and all of them together."""

    releases: list[Release]
    districts: list[Trend]
    whole: Trend

    @property
    def longest(self) -> float:
        """The most days until half had confirmed: the scale of their drawings."""
        known = [point.days for each in (*self.districts, self.whole) for point in each.points if point]
        return max((days for days in known if days), default=1.0)


def of(notices: QuerySet[Notice], district: Organisation | None = None) -> Trends:
    """The latest of these notices that ask for an answer and still count.

    Where a district is given, its own row alone, and the notices with which it may be compared.
    """
    asking = Release.objects.own().released().exclude(ask=Release.Ask.INFORM).filter(superseded_by=None)
    found = asking.filter(notice__in=notices).select_related("notice").prefetch_related("notice__numbers")
    releases = list(found.order_by("-released_at", "-pk")[:NOTICES])[::-1]
    if district:
        told = comparison.comparable((release.pk for release in releases), district)
        releases = [release for release in releases if release.pk in told]
    by_key = {release.pk: release for release in releases}
    letters = dict(Release.objects.filter(passes_on__in=by_key).order_by().values_list("pk", "passes_on"))
    counted = [*by_key, *letters]
    parts: dict[tuple[int, int | None], list[Answered]] = defaultdict(list)
    for (release, place), answered in tallies.of_districts(counted, district).items():
        parts[letters.get(release, release), place].append(answered)
    for release, answered in tallies.of_whole(counted).items():
        parts[letters.get(release, release), None].append(answered)
    again: dict[tuple[int, int | None], Tally] = defaultdict(Tally)
    for (key, place), tally in progress.answered_later(by_key).items():
        again[key, place] = tally
        again[key, None] += tally
    points = {at: _point(by_key[at[0]], at[1], some, again[at]) for at, some in parts.items()}
    places = {place for (_, place), point in points.items() if place and point}
    names = Organisation.objects.filter(pk__in=places).order_by("position", "pk")
    rows = [Trend(each.label, _of(each.pk, releases, points), each.pk, each.position) for each in names]
    return Trends(releases, rows, Trend("県全体", _of(None, releases, points)))


def _of(place: int | None, releases: Iterable[Release], points: Mapping) -> list[Point | None]:
    return [points.get((release.pk, place)) for release in releases]


def _point(release: Release, place: int | None, parts: list[Answered], again: Tally) -> Point | None:
    """Where a notice went through districts a place may have several parts, whose halves make no half of the whole."""
    parts = [part for part in parts if part.tally.recipients]
    if not parts:
        return None
    half = parts[0].half_at if len(parts) == 1 else _half(release, place)
    days = half and counts.waited(half, release.released_at)
    return Point(sum((part.tally for part in parts), Tally()), days, again)


def _half(release: Release, place: int | None) -> dt.datetime | None:
    receipts = Receipt.objects.whole(release).pharmacies()
    return halves.of(receipts if place is None else receipts.filter(district=place))
