"""引き継ぎ: a 再周知 begins where the earlier notice was left. What was ticked of the same steps is ticked already.

Nobody's confirmation is carried over. What was finished of the earlier notice counts for the new one once its
recipient has confirmed that (`tracking.carried`).
"""

from django.db.models import Exists, OuterRef, Q

from members import history
from members.history import Actor
from notices import succession
from notices.models import Notice, Receipt, Release, StepTick
from notices.models.notice import same_step

ROWS_AT_ONCE = 1000


def carry_over(release: Release, actor: Actor) -> int:
    """For the new receipts of a release, in its transaction; a district's letter carries over what its notice does.

    Gives how many receipts begin with something done.
    """
    passed = release.passes_on or release
    earlier = succession.followed_up(passed.notice_id)
    if earlier is None or not (release.asks_set_up and earlier.release.asks_set_up):
        return 0
    begun = _begun(earlier)
    receipts = release.receipts.pharmacies().filter(carried_from=None, organisation__in=begun)
    carried = list(receipts)
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
    steps = {same_step(step): step for step in notice.steps.all()}
    new = {receipt.carried_from_id: receipt for receipt in carried}
    old = StepTick.objects.filter(receipt__in=list(new)).select_related("step")
    return [
        StepTick(
            receipt=new[tick.receipt_id],
            step=steps[same_step(tick.step)],
            device=tick.device,
            ticked_at=tick.ticked_at,
            via=tick.via,
            ticked_by_id=tick.ticked_by_id,
        )
        for tick in old
        if same_step(tick.step) in steps
    ]
