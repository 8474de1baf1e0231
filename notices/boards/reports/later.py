"""What stood in the place of notices at a moment, whatever became of it since: corrections, withdrawals, 再周知.

Where several notices are put together, one that was corrected or withdrawn does not count, and whoever was asked again
counts in the 再周知 alone: the rule of 地区の推移 and 今年度の確認率.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from members.models import Event
from notices.models import Receipt, Relation, Release
from notices.succession import Successor, successors

STOPS = "release.stopped"
# What lets a stopped release go out after all.
SENDS_ON = ("delivery.repeated", "release.stepped_in")


def of(releases: Iterable[Release], moment: dt.datetime) -> dict[int, Successor]:
    """By release: its correction or withdrawal, else its latest 再周知; of a district's letter that of its notice."""
    asked = list(releases)
    again = _again((release.passes_on_id or release.pk for release in asked), moment)
    standing = successors((release.notice_id for release in asked), moment)
    found = {each.pk: standing.get(each.notice_id) or again.get(each.passes_on_id or each.pk) for each in asked}
    return {key: by for key, by in found.items() if by}


def taking_over(receipts: QuerySet[Receipt], moment: dt.datetime) -> QuerySet[Receipt]:
    """Those of the receipts that were answered in the place of earlier ones at the moment."""
    carrying = receipts.filter(_standing(moment, "release__"), carried_from__isnull=False)
    stopped = _stopped(carrying.order_by().values("release"), moment)
    return carrying.exclude(release__in=stopped) if stopped else carrying


def repeating(releases: Iterable[int], moment: dt.datetime) -> QuerySet[Release]:
    """The 再周知 that were answered in the place of these releases, the earliest first."""
    found = Release.objects.own().filter(_standing(moment), repeats__in=list(releases), released_at__lte=moment)
    stopped = _stopped(found.order_by().values("pk"), moment)
    return found.exclude(pk__in=stopped).order_by("released_at", "pk")


def _again(releases: Iterable[int], moment: dt.datetime) -> dict[int, Successor]:
    found = repeating(releases, moment).select_related("notice__release").prefetch_related("notice__numbers")
    return {each.repeats_id: Successor(each.notice, Relation.Kind.FOLLOWS_UP) for each in found}


def _standing(moment: dt.datetime, release: str = "") -> Q:
    """A condition: neither corrected nor withdrawn by the moment. `release` leads to the release ("release__")."""
    return Q(**{f"{release}superseded_by": None}) | Q(**{f"{release}superseded_by__released_at__gt": moment})


def _stopped(releases: QuerySet, moment: dt.datetime) -> set[int]:
    """Those of the releases that staff had stopped by the moment, and not sent on by then."""
    events = Event.objects.filter(subject_kind="release", subject_id__in=releases, verb__in=[STOPS, *SENDS_ON])
    last = dict(events.filter(at__lte=moment).order_by("at", "pk").values_list("subject_id", "verb"))
    return {key for key, verb in last.items() if verb == STOPS}
