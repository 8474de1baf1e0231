"""引き継ぎ: a 再周知 begins where the earlier notice was left. What was ticked of the same steps is ticked already.

Nobody's confirmation is carried over. What was finished of the earlier notice counts for the new one once its
recipient has confirmed that (`tracking.carried`).
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from members import history
from members.history import Actor
from notices import succession
from notices.models import Notice, Receipt, Release, Step, StepTick
from notices.models.step import alike

ROWS_AT_ONCE = 1000


def carry_over(release: Release, receipts: Collection[Receipt], actor: Actor) -> int:
    """For receipts just written, in their transaction; a district's letter carries over what its notice does.

    Gives how many receipts begin with something done.
    """
    passed = release.passes_on or release
    earlier = succession.followed_up(passed.notice_id)
    if earlier is None or not (release.asks_set_up and earlier.release.asks_set_up):
        return 0
    begun = _begun(earlier)
    carried = [each for each in receipts if each.organisation_id in begun]
    for receipt in carried:
        receipt.carried_from = begun[receipt.organisation_id]
        receipt.device = receipt.carried_from.device
    Receipt.objects.bulk_update(carried, ["carried_from", "device"], ROWS_AT_ONCE)
    StepTick.objects.bulk_create(_ticks(carried, release.notice), ROWS_AT_ONCE)
    if carried:
        history.record("release.carried_over", release, actor=actor, recipients=len(carried))
    return len(carried)


def _begun(earlier: Notice) -> dict[int, Receipt]:
    """By organisation, the receipts of the earlier notice of which something was done, be it by a district's letter."""
    ticked = Exists(StepTick.objects.filter(receipt=OuterRef("pk")))
    done = Q(ticked) | Q(finished_at__isnull=False) | Q(not_applicable_at__isnull=False)
    return {each.organisation_id: each for each in Receipt.objects.whole(earlier.release).pharmacies().filter(done)}


def _ticks(carried: list[Receipt], notice: Notice) -> list[StepTick]:
    """The ticks of the same steps, with when, how and by whom they were set."""
    new = {receipt.carried_from_id: receipt for receipt in carried}
    old = list(StepTick.objects.filter(receipt__in=list(new)).select_related("step"))
    steps = _same(notice, {tick.step.notice_id for tick in old})
    return [
        StepTick(
            receipt=new[tick.receipt_id],
            step=steps[tick.step_id],
            device=tick.device,
            ticked_at=tick.ticked_at,
            via=tick.via,
            ticked_by_id=tick.ticked_by_id,
        )
        for tick in old
        if tick.step_id in steps
    ]


def _same(notice: Notice, earlier: set[int]) -> dict[int, Step]:
    """The notice's steps by the keys of those that are the same in the earlier notice and its districts' letters."""
    here = alike(notice.steps.all())
    there = [alike(Step.objects.filter(notice=each)) for each in earlier]
    return {step.pk: here[said] for steps in there for said, step in steps.items() if said in here}
