"""訂正・廃止: which notice stands in the place of another. Only released corrections and withdrawals do.

A district's letter stands and falls with the notice that it passes on: what succeeds that one succeeds the letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from notices.models import Notice, Relation, Release
from notices.models.notice import SUPERSEDING

__all__ = ["Successor", "before", "followed_up", "successor", "successors", "superseding"]


@dataclass(frozen=True)
class Successor:
    """What now counts in the place of a notice: the newest of its corrections, or its withdrawal."""

    notice: Notice
    kind: Relation.Kind

    @property
    def withdraws(self) -> bool:
        return self.kind == Relation.Kind.WITHDRAWS


def successor(notice_id: int) -> Successor | None:
    """What stands in the place of the notice; None while it counts itself."""
    return successors([notice_id]).get(notice_id)


def successors(notice_ids: Iterable[int]) -> dict[int, Successor]:
    """The same for many notices at once, by the notice; those that count themselves are left out."""
    ends = {key: key for key in notice_ids}
    ends |= _passed_on(ends)
    found: dict[int, Successor] = {}
    while following := _following(set(ends.values())):
        moved = {key: following[end] for key, end in ends.items() if end in following}
        found |= moved
        ends = {key: each.notice.pk for key, each in moved.items()}
    return found


def _passed_on(notice_ids: Iterable[int]) -> dict[int, int]:
    """The districts' letters among the notices, each with the notice that it passes on."""
    letters = Release.objects.filter(notice__in=list(notice_ids), passes_on__isnull=False).order_by()
    return dict(letters.values_list("notice", "passes_on__notice"))


def _following(notice_ids: set[int]) -> dict[int, Successor]:
    """One step: each notice with what superseded it, the latest where there are several."""
    relations = (
        _relations()
        .filter(target__in=notice_ids)
        .select_related("source__release")
        .prefetch_related("source__numbers")
        .order_by("source__release__released_at", "source")
    )
    return {relation.target_id: Successor(relation.source, Relation.Kind(relation.kind)) for relation in relations}


def _relations() -> QuerySet[Relation]:
    return Relation.objects.filter(kind__in=SUPERSEDING, source__state=Notice.State.RELEASED).order_by()


def superseding(notice: Notice | int | None) -> Relation | None:
    """The relation by which the notice, a draft or released, corrects or withdraws another; None where it does not.

    A district's letter does what the notice does that it passes on.
    """
    passed_on = Release.objects.filter(notice=notice, passes_on__isnull=False).values("passes_on__notice")
    relations = Relation.objects.filter(Q(source=notice) | Q(source__in=passed_on), kind__in=SUPERSEDING)
    return relations.select_related("target__release").prefetch_related("target__numbers").first()


def before(notice: Notice | int | None) -> list[Notice]:
    """The notices that the notice supersedes: the one it corrects or withdraws, the one that that one did …"""
    found: list[Notice] = []
    while (relation := superseding(notice)) and relation.target not in found:
        found.append(relation.target)
        notice = relation.target
    return found


def followed_up(notice: Notice | int | None) -> Notice | None:
    """The released notice that this one, a draft or released, makes known again (再周知); None where it does not."""
    relations = Relation.objects.filter(
        source=notice, kind=Relation.Kind.FOLLOWS_UP, target__release__released_at__isnull=False
    )
    relation = relations.select_related("target__release").prefetch_related("target__numbers").first()
    return relation.target if relation else None
