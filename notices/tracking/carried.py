"""引き継ぎ: what of an earlier notice counts for its 訂正 or 再周知, as its recipient sees it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from notices import succession
from notices.models import Notice, Receipt
from notices.models.receipt import ReceiptQuerySet
from notices.models.step import alike, alike_in


@dataclass(frozen=True)
class Carried:
    """`steps` were ticked of the earlier notice; `counts`: its 完了 or 対象外 count here once this one is confirmed.

    `lost` are the titles of those that were ticked there and read otherwise here, or are not here any more.
    """

    earlier: Receipt
    steps: int
    counts: bool
    lost: tuple[str, ...] = ()

    @property
    def notice(self) -> Notice:
        return self.earlier.release.notice


def of(receipt: Receipt) -> Carried | None:
    """What the receipt carries over; None for any other notice than a 訂正 or 再周知 of something that was begun.

    Of several that went before, the last word counts: the latest that was confirmed.
    """
    if not receipt.asks_set_up:
        return None
    before = [each for each in _before(receipt) if each.asks_set_up]
    earlier = next((each for each in before if each.confirmed_at), next(iter(before), None))
    if earlier is None:
        return None
    settled = bool(earlier.finished_at or earlier.not_applicable_at)
    counts = settled and _same_steps(receipt.release.notice, earlier.release.notice)
    steps = receipt.ticks.filter(ticked_at__lt=receipt.release.released_at).count()
    lost = _lost(receipt.release.notice, earlier)
    return Carried(earlier, steps, counts, lost) if steps or settled or lost else None


def _lost(notice: Notice, earlier: Receipt) -> tuple[str, ...]:
    ticks = earlier.ticks.select_related("step").order_by("step__position")
    same = alike_in(earlier.release.notice.steps.all(), notice.steps.all())
    return tuple(dict.fromkeys(tick.step.title for tick in ticks if tick.step_id not in same))


def given_back(receipts: ReceiptQuerySet) -> list[Receipt]:
    """Of a 再周知 that was withdrawn or stopped: whose 完了 or 対象外 count for the earlier notice of the same steps.

    Whoever had not confirmed that one is asked by it again.
    """
    settled = Q(finished_at__isnull=False) | Q(not_applicable_at__isnull=False)
    left = Q(carried_from__finished_at=None, carried_from__not_applicable_at=None)
    found = receipts.filter(settled, left, carried_from__confirmed_at__isnull=False)
    found = found.pharmacies().select_related("carried_from__release__notice", "release__notice").order_by("pk")
    asked = [each for each in found if each.carried_from.asks_set_up]
    # Thousands of receipts, of a few notices.
    pairs = {(each.release.notice, each.carried_from.release.notice) for each in asked}
    same = {(one, other) for one, other in pairs if _same_steps(one, other)}
    return [each for each in asked if (each.release.notice, each.carried_from.release.notice) in same]


def _before(receipt: Receipt) -> Iterator[Receipt]:
    """What it goes on with, and what that did: a 再周知 may be made known again, a correction be corrected."""
    while receipt := _corrected(receipt) or receipt.carried_from:
        yield receipt


def _corrected(receipt: Receipt) -> Receipt | None:
    return succession.corrected(receipt.release, receipt.organisation_id).get(receipt.organisation_id)


def _same_steps(one: Notice, other: Notice) -> bool:
    return alike(one.steps.all()).keys() == alike(other.steps.all()).keys()
