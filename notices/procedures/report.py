"""報告書: the figures of a notice or a 年度 as of a moment, with the pharmacies that waited for their district.

Whom a notice concerns that goes through districts is said by the roster, on each day by that of the day: here as of the
moment, so that the same report can be had again. `recipients.untold` says the same of now.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.db.models import QuerySet

from members.roster import past
from members.roster.past import Pharmacy
from notices import follow_ups, succession
from notices.boards.reports import figures, later, sending, standing, year
from notices.boards.reports.figures import Figures
from notices.boards.reports.year import YearFigures
from notices.models import Receipt, Release
from notices.models.receipt import Reach

Roster = dict[int, Pharmacy]


def of_notice(release: Release, moment: dt.datetime) -> Figures:
    """The figures of the release. Raises figures.NotReleasedYet."""
    if not release.through_districts:
        return figures.of(release, moment, {})
    roster = past.pharmacies(moment)
    waiting = Counter(roster[key].district for key in untold(release, moment, roster))
    return figures.of(release, moment, waiting)


def of_year(began: int, moment: dt.datetime) -> YearFigures:
    """The figures of the 年度 that began in that year."""
    through = list(year.released_in(began, moment).filter(through_districts=True).select_related("repeats"))
    roster = past.pharmacies(moment) if through else {}
    waiting = {each: untold(each, moment, roster) for each in through}
    elsewhere = {each.pk: len(keys & _of_the_same_matter(each, waiting, moment)) for each, keys in waiting.items()}
    return year.of(began, moment, {each.pk: len(keys) for each, keys in waiting.items()}, elsewhere)


def untold(release: Release, moment: dt.datetime, roster: Roster) -> set[int]:
    """The pharmacies, by key, that the release concerned at the moment and that had it neither from the association nor
    from their district; `roster` is that of the moment."""
    concerned = _concerned(release, roster, moment) & roster.keys()
    return concerned - _organisations(_receipts(release, moment))


def _of_the_same_matter(release: Release, waiting: Mapping[Release, set[int]], moment: dt.datetime) -> set[int]:
    """Who counts in another row: who has a 再周知 of the release, or has, or waits for, what it makes known again."""
    again = later.repeating([release.pk], moment)
    found = _organisations(Receipt.objects.whole(*again).pharmacies().filter(standing.there_by(moment)))
    if earlier := release.repeats:
        found |= _organisations(_receipts(earlier, moment)) | waiting.get(earlier, set())
    return found


def _concerned(release: Release, roster: Roster, moment: dt.datetime) -> set[int]:
    """`recipients.concerned` as of the moment. A correction concerns whoever has what it corrects, too."""
    found = _chosen(release, roster, moment)
    relation = succession.superseding(release.notice_id)
    return found | _organisations(_receipts(relation.target.release, moment)) if relation else found


def _chosen(release: Release, roster: Roster, moment: dt.datetime) -> set[int]:
    members = {key for key, one in roster.items() if one.is_member}
    match release.scope:
        case Release.Scope.DISTRICTS:
            districts = set(release.districts.values_list("pk", flat=True))
            return {key for key in members if roster[key].district in districts}
        case Release.Scope.TAGS:
            tags = set(release.tags.values_list("name", flat=True))
            return {key for key in members if roster[key].tags & tags}
        case Release.Scope.OPEN:
            return members & _still_open(release, roster, moment)
    return members


def _still_open(release: Release, roster: Roster, moment: dt.datetime) -> set[int]:
    """Of a 再周知: who had not done by the moment what the earlier notice asks, and answered no other 再周知 of it."""
    earlier = follow_ups.followed_up(release.notice_id)
    if earlier is None:
        return set()
    receipts = _receipts(earlier.release, moment)
    settled = receipts.filter(pk__in=_settled(earlier.release, receipts, moment))
    own = Release.objects.whole(release).order_by().values("pk")
    newer = Receipt.objects.filter(standing.there_by(moment), carried_from__in=receipts).exclude(release__in=own)
    others = later.taking_over(newer, moment)
    meant = _concerned(earlier.release, roster, moment) | _organisations(receipts)
    return meant - _organisations(settled) - _organisations(others)


def _settled(earlier: Release, receipts: QuerySet[Receipt], moment: dt.datetime) -> list[int]:
    if not earlier.asks_confirmation:
        return [key for key, reach in sending.reaches(receipts, moment).items() if reach == Reach.SENT]
    stood = standing.standings(receipts, moment)
    if earlier.asks_set_up:
        return [one.receipt for one in stood if one.finished or one.not_applicable]
    return [one.receipt for one in stood if one.confirmed]


def _receipts(release: Release, moment: dt.datetime) -> QuerySet[Receipt]:
    return Receipt.objects.whole(release).pharmacies().filter(standing.there_by(moment))


def _organisations(receipts: QuerySet[Receipt]) -> set[int]:
    return set(receipts.order_by().values_list("organisation", flat=True))
