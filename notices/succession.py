"""訂正・廃止: which notice stands in the place of another. Only released corrections and withdrawals do.

A district's letter stands and falls with the notice that it passes on: what succeeds that one succeeds the letter. A
再周知 stands beside its notice; but whoever gets it answers it in the place of that one.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from members import wareki
from notices.models import Notice, Receipt, Relation, Release
from notices.models.notice import SUPERSEDING

__all__ = [
    "Successor",
    "also",
    "before",
    "corrected",
    "newest_correction",
    "originals",
    "successor",
    "successor_of",
    "successors",
    "successors_of",
    "superseding",
]

# The badges of a notice in whose place another stands.
BADGES = {
    Relation.Kind.CORRECTS: "corrected",
    Relation.Kind.WITHDRAWS: "withdrawn",
    Relation.Kind.FOLLOWS_UP: "followed_up",
}


@dataclass(frozen=True)
class Successor:
    """What counts in the place of a notice: the newest of its corrections, or its withdrawal.

    What was withdrawn stays so, also where its withdrawal was corrected: `last` is then how the notice itself came to
    stand there. For a recipient that was asked again, it is the 再周知.
    """

    notice: Notice
    kind: Relation.Kind
    last: Relation.Kind | None = None

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


def successors(notice_ids: Iterable[int], moment: dt.datetime | None = None) -> dict[int, Successor]:
    """The same for many notices at once, by the notice; those that count themselves are left out.

    `moment`: what stood in their places then, whatever went out since.
    """
    ends = {key: key for key in notice_ids}
    ends |= _passed_on(ends)
    found: dict[int, Successor] = {}
    while following := _following(set(ends.values()), moment):
        moved = {key: following[end] for key, end in ends.items() if end in following}
        ends = {key: each.notice.pk for key, each in moved.items()}
        found |= {key: _since(found.get(key), each) for key, each in moved.items()}
    return found


def _since(before: Successor | None, by: Successor) -> Successor:
    """What stands in a notice's place once `by` succeeds what did `before`."""
    if before and before.withdraws:
        return Successor(by.notice, before.kind, last=by.kind)
    return by


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


def _following(notice_ids: set[int], moment: dt.datetime | None) -> dict[int, Successor]:
    """One step: each notice with what superseded it, the latest where there are several."""
    then = {"source__release__released_at__lte": moment} if moment else {}
    relations = (
        _relations()
        .filter(target__in=notice_ids, **then)
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
    return first_with_target(relations)


def first_with_target(relations: QuerySet[Relation]) -> Relation | None:
    """The first of these, with its target and that one's release and numbers.

    Every page and message asks, and few notices have one: those that have none cost little.
    """
    key = relations.order_by("pk").values_list("pk", flat=True).first()
    if key is None:
        return None
    return Relation.objects.select_related("target__release").prefetch_related("target__numbers").get(pk=key)


def before(notice: Notice | int | None) -> list[Notice]:
    """The notices that the notice supersedes: the one it corrects or withdraws, the one that that one did …"""
    found: list[Notice] = []
    while (relation := superseding(notice)) and relation.target not in found:
        found.append(relation.target)
        notice = relation.target
    return found


def originals(notice: Notice) -> list[Notice]:
    """The notices in whose place a correction stands: the one it corrects, the one that that one corrected …"""
    found: list[Notice] = []
    while (relation := superseding(notice)) and relation.kind == Relation.Kind.CORRECTS:
        if relation.target in found:
            break
        found.append(relation.target)
        notice = relation.target
    return found


def also(relation: Relation) -> str:
    """What becomes of those in whose place the superseded notice stood: somebody may hold these alone.

    訂正前の6福薬業発第343号（令和6年10月30日）も、あわせて廃止します。 Empty where it was no correction.
    """
    if not (earlier := originals(relation.target)):
        return ""
    names = "、".join(each.number_text or f"「{each.subject}」" for each in earlier)
    dated = f"（{wareki.long_date(earlier[-1].date)}）" if len(earlier) == 1 and earlier[0].date else ""
    told = "も、あわせて廃止します。" if relation.kind == Relation.Kind.WITHDRAWS else "にも代わるものです。"
    return f"訂正前の{names}{dated}{told}"


def corrected(release: Release, organisation: int | None = None) -> dict[int, Receipt]:
    """By organisation, its pharmacy's receipt of what the release, or the one that it passes on, corrects.

    Who missed that has one of what it corrected itself, and so on: of several that of the newest notice counts. Of one
    organisation only where it is named.
    """
    found: dict[int, Receipt] = {}
    mine = {"organisation": organisation} if organisation else {}
    newer = {release.passes_on_id or release.pk}
    while newer := _corrected_by(newer):
        receipts = Receipt.objects.whole(*newer).pharmacies().filter(**mine).select_related("release__notice")
        found = {each.organisation_id: each for each in receipts} | found
    return found


def newest_correction(receipt: Receipt) -> Receipt | None:
    """The same pharmacy's receipt of the newest correction of its notice that it got; None while it got none."""
    ends, newest = {receipt.release.passes_on_id or receipt.release_id}, None
    own = Receipt.objects.pharmacies().filter(organisation=receipt.organisation_id)
    while ends := _correcting(ends):
        newest = own.whole(*ends).select_related("release").first() or newest
    return newest


def _correcting(releases: Collection[int]) -> set[int]:
    """The releases of what corrects these."""
    corrections = _relations().filter(target__release__in=releases, kind=Relation.Kind.CORRECTS)
    return set(corrections.values_list("source__release", flat=True))


def _corrected_by(releases: Collection[int]) -> set[int]:
    """The association's releases that these correct; what is withdrawn is not gone on with."""
    corrects = Relation.objects.filter(source__release__in=releases, kind=Relation.Kind.CORRECTS).order_by()
    return set(corrects.values_list("target__release", flat=True))
