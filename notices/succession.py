"""訂正・廃止: which notice stands in the place of another. Only released corrections and withdrawals do.

A district's letter stands and falls with the notice that it passes on: what succeeds that one succeeds the letter. A
再周知 stands beside its notice; but whoever gets it answers it in the place of that one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from notices.models import Notice, Receipt, Relation, Release
from notices.models.notice import SUPERSEDING

__all__ = [
    "Successor",
    "answers_earlier",
    "before",
    "called_off",
    "family",
    "follow_up",
    "followed_up",
    "later",
    "repeated_by",
    "successor",
    "successor_of",
    "successors",
    "successors_of",
    "superseding",
    "taken_over",
]

# The badges of a notice in whose place another stands.
BADGES = {
    Relation.Kind.CORRECTS: "corrected",
    Relation.Kind.WITHDRAWS: "withdrawn",
    Relation.Kind.FOLLOWS_UP: "followed_up",
}


@dataclass(frozen=True)
class Successor:
    """What now counts in the place of a notice: the newest of its corrections, or its withdrawal.

    For a recipient that was asked again, it is the 再周知.
    """

    notice: Notice
    kind: Relation.Kind

    @property
    def withdraws(self) -> bool:
        return self.kind == Relation.Kind.WITHDRAWS

    @property
    def supersedes(self) -> bool:
        """Whether it corrects or withdraws; a 再周知 stands beside the notice."""
        return self.kind in SUPERSEDING

    @property
    def state(self) -> str:
        """What the notice in whose place it stands is since: 訂正済, 廃止済 or 再周知済."""
        return f"{self.kind.label}済"

    @property
    def badge(self) -> str:
        """The key of the badge of the notice in whose place it stands."""
        return BADGES[self.kind]


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


def successor_of(receipt: Receipt) -> Successor | None:
    """What its recipient answers in the place of the receipt's notice; None while it answers that one itself."""
    return successors_of([receipt]).get(receipt.pk)


def successors_of(receipts: Iterable[Receipt]) -> dict[int, Successor]:
    """The same for many receipts at once, by the receipt."""
    asked = list(receipts)
    newer = Receipt.objects.taking_over().filter(carried_from__in=[each.pk for each in asked])
    newer = newer.select_related("release__notice__release").prefetch_related("release__notice__numbers")
    found = {each.carried_from_id: Successor(each.release.notice, Relation.Kind.FOLLOWS_UP) for each in newer}
    superseded = successors(each.release.notice_id for each in asked)
    return found | {each.pk: superseded[key] for each in asked if (key := each.release.notice_id) in superseded}


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
    relation = relations.select_related("target__release").prefetch_related("target__numbers").first()
    return relation.target if relation else None


def taken_over(release: Release) -> Notice | None:
    """The earlier notice in whose place a 再周知, or a district's letter of one, is answered: it asks as much."""
    earlier = followed_up((release.passes_on or release).notice_id)
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
