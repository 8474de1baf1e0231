"""県の平均: what a chair compares the own district with, and no more than that.

The mean is given only where it tells nothing of one other district: not of so few districts, or of others among which
one is so much the largest, that it is all but that one's figure.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from members import wareki
from members.models import Organisation
from notices.boards import progress
from notices.boards.progress import Tally
from notices.models import Receipt, Release

# Below these nothing is compared: districts that a notice was released to, and pharmacies in the others.
FEWEST_DISTRICTS, FEWEST_PHARMACIES = 3, 10
# Below the whole by so much of 確認率 a district lags behind, once its members have had so many days to answer.
LAG, DAYS_TO_ANSWER = 0.1, 3
# Of the pharmacies in the others, one district has at most this share.
LARGEST = 0.8


@dataclass(frozen=True)
class Compared:
    """The pharmacies of a district beside those of the whole prefecture, this district among them."""

    own: Tally
    prefecture: Tally

    @property
    def mean(self) -> float | None:
        """県の平均 of 確認率: all that may be told of the prefecture."""
        return self.prefecture.confirmed_rate


def of(releases: Iterable[int], district: Organisation) -> dict[int, Compared]:
    """By release, of those with which the district may be compared."""
    told = comparable(releases, district)
    if not told:
        return {}
    own, whole = progress.by_release(told, district), progress.by_release(told)
    return {release: Compared(own[release], whole[release]) for release in told}


def comparable(releases: Iterable[int], district: Organisation) -> set[int]:
    """Those whose figures for the whole prefecture tell the district of no other one."""
    asked = set(releases)
    sizes = progress.sizes(asked)
    return {release for release in asked if _tells_nobody(sizes.get(release, {}), district.pk)}


def _tells_nobody(sizes: dict[int, int], district: int) -> bool:
    others = [size for key, size in sizes.items() if key != district]
    if district not in sizes or len(sizes) < FEWEST_DISTRICTS or sum(others) < FEWEST_PHARMACIES:
        return False
    return max(others) <= LARGEST * sum(others)


def lags(district: Tally, whole: Tally, days: int) -> bool:
    """Whether so few of a district, told `days` ago, have confirmed, beside all, that its chair is worth a call."""
    if days < DAYS_TO_ANSWER or not district.recipients:
        return False
    return district.confirmed_rate <= whole.confirmed_rate - LAG


def together(compared: Mapping[int, Compared], district: Organisation) -> Compared | None:
    """Several notices, by their releases, as one; None where there is none. A pharmacy asked again counts once."""
    if not compared:
        return None
    later = progress.answered_later(compared)
    own = sum((each.own for each in compared.values()), Tally())
    prefecture = sum((each.prefecture for each in compared.values()), Tally())
    there = (tally for (_, place), tally in later.items() if place == district.pk)
    return Compared(own - sum(there, Tally()), prefecture - sum(later.values(), Tally()))


def of_this_year(mine: QuerySet[Receipt], district: Organisation, today: dt.date) -> Compared | None:
    """All notices of this 年度, among those a district got, that ask for an answer, still count and are over.

    One that was released a moment ago, or has weeks to go, would only bring the rate down.
    """
    first, _ = wareki.fiscal_year_days(wareki.fiscal_year(today))
    asking = mine.exclude(release__ask=Release.Ask.INFORM).filter(release__superseded_by=None)
    since = asking.filter(release__released_on__gte=first).order_by()
    over = [release.pk for release in Release.objects.filter(pk__in=since.values("release")) if release.is_over(today)]
    return together(of(over, district), district)
