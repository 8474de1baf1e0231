"""再周知: which notice makes which known again, beside it. What asks no less is answered in the place of the earlier.

Whose answer goes where is a matter of each recipient: `Receipt.carried_from`, `succession.successor_of`.
"""

from collections.abc import Iterable

from django.db.models import Q

from notices.models import Notice, Relation, Release
from notices.succession import Successor, first_with_target, successor, successors, superseding

__all__ = [
    "answers_earlier",
    "called_off",
    "family",
    "follow_up",
    "followed_up",
    "later",
    "repeated_by",
    "taken_over",
]


def followed_up(notice: Notice | int | None) -> Notice | None:
    """The released notice that this one, a draft or released, makes known again (再周知); None where it does not.

    The correction of a 再周知 makes known again what that did.
    """
    sources = [notice]
    while (corrected := superseding(sources[-1])) and corrected.target not in sources:
        if corrected.kind == Relation.Kind.WITHDRAWS:
            return None
        sources.append(corrected.target)
    relations = Relation.objects.filter(
        source__in=sources, kind=Relation.Kind.FOLLOWS_UP, target__release__released_at__isnull=False
    )
    relation = first_with_target(relations)
    return relation.target if relation else None


def taken_over(release: Release) -> Notice | None:
    """The earlier notice in whose place a 再周知, or a district's letter of one, is answered: it asks as much.

    Of one that was corrected meanwhile it is the correction.
    """
    earlier = followed_up((release.passes_on or release).notice_id)
    if earlier and (by := successor(earlier.pk)) and not by.withdraws:
        earlier = by.notice
    return earlier if earlier and release.ask in (earlier.release.ask, Release.Ask.SET_UP) else None


def answers_earlier(release: Release) -> bool:
    """Whether its answers are enough for the notice that it makes known again: there was something to answer."""
    earlier = taken_over(release)
    return earlier is not None and earlier.release.asks_confirmation


def family(notice: Notice) -> set[int]:
    """The notices of which one makes another known again or corrects it, this one among them."""
    kinds = [Relation.Kind.FOLLOWS_UP, Relation.Kind.CORRECTS]
    found, grown = set(), {notice.pk}
    while grown != found:
        found = grown
        ends = Relation.objects.filter(Q(source__in=found) | Q(target__in=found), kind__in=kinds)
        grown = found.union(*ends.values_list("source", "target"))
    return found


def follow_up(notice_id: int) -> Notice | None:
    """The latest 再周知 of a notice that counts itself, to whoever had not done what it asks."""
    by = later([notice_id]).get(notice_id)
    return by.notice if by and by.kind == Relation.Kind.FOLLOWS_UP else None


def repeated_by(notice: Notice) -> Notice | None:
    """The latest 再周知 that some recipients of the notice answer in its place."""
    releases = Release.objects.repeating().own().filter(repeats__notice=notice).order_by("-released_at", "-pk")
    return next((each.notice for each in releases.select_related("notice")[:1]), None)


def called_off(notice: Notice) -> Notice | None:
    """The latest 再周知 of the notice, where it was withdrawn or stopped and the notice asks again itself."""
    if repeated_by(notice) or successor(notice.pk):
        return None
    releases = Release.objects.own().filter(repeats__notice=notice).order_by("-released_at", "-pk")
    return next((each.notice for each in releases.select_related("notice")[:1]), None)


def later(notice_ids: Iterable[int]) -> dict[int, Successor]:
    """What lists say of notices: what stands in the place of each, else its latest 再周知 to whoever was open."""
    keys = list(notice_ids)
    again = (
        Release.objects.repeating()
        .own()
        .filter(repeats__notice__in=keys, scope=Release.Scope.OPEN)
        .select_related("notice__release", "repeats")
        .prefetch_related("notice__numbers")
        .order_by("released_at", "pk")
    )
    found = {each.repeats.notice_id: Successor(each.notice, Relation.Kind.FOLLOWS_UP) for each in again}
    return found | successors(keys)
