"""The figures of one released notice as of a moment. Asked again later for the same moment, they are the same."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from members.models import Organisation
from notices.boards import chain, course
from notices.boards.chain import Stop
from notices.boards.course import Course, DayFigures
from notices.boards.reports import counts, later, sending, standing
from notices.boards.reports.counts import Counts, Days, Sending
from notices.boards.reports.standing import Standing
from notices.models import Notice, Receipt, Release
from notices.succession import Successor


class NotReleasedYet(ValueError):
    """The notice went out after the moment that is asked for."""


@dataclass(frozen=True)
class DistrictFigures:
    """The pharmacies of one district, and what its chair had done."""

    name: str
    counts: Counts
    sending: Sending
    days: Days
    accepted_at: dt.datetime | None
    passed_on_at: dt.datetime | None


@dataclass(frozen=True)
class Figures:
    """`counts`, `sending` and `days` are of all pharmacies; districts are counted beside them.

    `by` is what stood in its place; so many pharmacies were `asked_again` by a 再周知. Those that waited for their
    district are `counts.untold`, and in no other number of pharmacies but that of `days`: half is half of all.
    """

    release: Release
    moment: dt.datetime
    counts: Counts
    sending: Sending
    days: Days
    districts: list[DistrictFigures]
    chairs: int
    accepted: int
    passed_on: int
    asking: int
    course: Course
    way: list[Stop]
    by: Successor | None = None
    asked_again: int = 0

    @property
    def notice(self) -> Notice:
        return self.release.notice

    @property
    def is_awaited(self) -> bool:
        """Whether pharmacies waited for their district."""
        return self.counts.untold > 0

    @property
    def untold(self) -> list[DistrictFigures]:
        """The districts in which pharmacies waited."""
        return [district for district in self.districts if district.counts.untold]

    @property
    def curve(self) -> list[DayFigures]:
        return self.course.curve


def recipients(release: Release, moment: dt.datetime) -> QuerySet[Receipt]:
    """Whom the figures of a release count: the one place that says so."""
    return Receipt.objects.whole(release).filter(standing.there_by(moment))


def of(release: Release, moment: dt.datetime, untold: Mapping[int, int]) -> Figures:
    """The figures of the release, with those who waited for their district, by that. Raises NotReleasedYet."""
    if release.released_at is None or release.released_at > moment:
        raise NotReleasedYet
    receipts = recipients(release, moment)
    everybody = standing.standings(receipts, moment)
    reaches = sending.reaches(receipts, moment)
    pharmacies = [one for one in everybody if one.is_pharmacy]
    chairs = {one.district: one for one in everybody if not one.is_pharmacy}
    return Figures(
        release=release,
        moment=moment,
        counts=_counted(pharmacies, moment, sum(untold.values())),
        sending=counts.sending(reaches, [one.receipt for one in pharmacies]),
        days=_days(pharmacies, release, sum(untold.values())),
        districts=_districts(release, moment, pharmacies, chairs, reaches, untold),
        chairs=len(chairs),
        accepted=sum(one.confirmed is not None for one in chairs.values()),
        passed_on=sum(one.finished is not None for one in chairs.values()),
        asking=standing.asking(receipts.pharmacies(), moment),
        course=course.of_standings(release, receipts.pharmacies(), pharmacies, moment),
        way=_way(release, pharmacies, list(chairs.values()), sum(untold.values())),
        by=later.of([release], moment).get(release.pk),
        asked_again=_asked_again(receipts, moment),
    )


def _counted(pharmacies: list[Standing], moment: dt.datetime, untold: int) -> Counts:
    return replace(counts.count(pharmacies, moment), untold=untold)


def _days(pharmacies: list[Standing], release: Release, untold: int) -> Days:
    times = [one.confirmed.at for one in pharmacies if one.confirmed]
    return counts.answer_days(times, len(pharmacies) + untold, release.released_at)


def _districts(
    release: Release,
    moment: dt.datetime,
    pharmacies: list[Standing],
    chairs: dict[int, Standing],
    reaches: dict,
    untold: Mapping[int, int],
) -> list[DistrictFigures]:
    """In the order of the roster."""
    members: dict[int, list[Standing]] = defaultdict(list)
    for one in pharmacies:
        members[one.district].append(one)
    keys = {*members, *chairs, *untold}
    found = []
    for district in Organisation.objects.filter(pk__in=keys).order_by("position", "pk"):
        chair, mine, waiting = chairs.get(district.pk), members[district.pk], untold.get(district.pk, 0)
        found.append(
            DistrictFigures(
                name=district.label,
                counts=_counted(mine, moment, waiting),
                sending=counts.sending(reaches, [one.receipt for one in mine]),
                days=_days(mine, release, waiting),
                accepted_at=chair.confirmed.at if chair and chair.confirmed else None,
                passed_on_at=chair.finished.at if chair and chair.finished else None,
            )
        )
    return found


def _way(release: Release, pharmacies: list[Standing], chairs: list[Standing], untold: int) -> list[Stop]:
    """The hops from the first letter on, with those to the recipients as they stood at the moment."""
    way = chain.letters(release.notice)
    if chairs:
        way.append(_stop("地区薬剤師会", chairs, len(chairs), "受領"))
    if (concerned := len(pharmacies) + untold) and release.asks_confirmation:
        way.append(_stop("会員薬局", pharmacies, concerned, "確認"))
    return chain.measured(way)


def _stop(organisation: str, recipients: list[Standing], everybody: int, word: str) -> Stop:
    times = sorted(one.confirmed.at for one in recipients if one.confirmed)
    half = (everybody + 1) // 2
    return Stop(
        organisation=organisation,
        date=timezone.localdate(times[half - 1]) if len(times) >= half else None,
        document=f"{word} {len(times):,} / {everybody:,}",
        note="（半数が済んだ日）" if len(times) >= half else "",
        passed=len(times) == everybody,
    )


def _asked_again(receipts: QuerySet[Receipt], moment: dt.datetime) -> int:
    """How many of the pharmacies answered a 再周知 at the moment, whether they had answered the notice or not."""
    newer = Receipt.objects.filter(standing.there_by(moment), carried_from__in=receipts.pharmacies())
    return later.taking_over(newer, moment).count()


def unconfirmed(figures: Figures) -> list[tuple[str, list[str]]]:
    """By district, the names of the pharmacies that had not confirmed by the moment; none where nobody was asked."""
    if not figures.release.asks_confirmation:
        return []
    receipts = recipients(figures.release, figures.moment).pharmacies()
    keys = [one.receipt for one in standing.standings(receipts, figures.moment) if one.confirmed is None]
    left = receipts.filter(pk__in=keys).select_related("organisation", "district")
    found: dict[str, list[str]] = defaultdict(list)
    for receipt in left.order_by("district__position", "district", "organisation__position", "pk"):
        found[receipt.district.label].append(receipt.organisation.name)
    return list(found.items())
