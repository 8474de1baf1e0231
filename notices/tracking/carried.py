"""引き継ぎ: what of an earlier notice counts for its 再周知, as its recipient sees it."""

from dataclasses import dataclass

from notices.models import Notice, Receipt
from notices.models.step import alike


@dataclass(frozen=True)
class Carried:
    """`steps` were ticked of the earlier notice; `counts`: its 完了 or 対象外 count here once this one is confirmed."""

    earlier: Receipt
    steps: int
    counts: bool

    @property
    def notice(self) -> Notice:
        return self.earlier.release.notice


def of(receipt: Receipt) -> Carried | None:
    """What the receipt carries over; None for any other notice than a 再周知 of something that was begun."""
    earlier = receipt.carried_from
    if earlier is None or not (receipt.asks_set_up and earlier.asks_set_up):
        return None
    settled = bool(earlier.finished_at or earlier.not_applicable_at)
    steps = receipt.ticks.filter(ticked_at__lt=receipt.release.released_at).count()
    return Carried(earlier, steps, settled and _steps(receipt) == _steps(earlier)) if steps or settled else None


def _steps(receipt: Receipt) -> set[tuple[str, str, str, int]]:
    return set(alike(receipt.release.notice.steps.all()))
