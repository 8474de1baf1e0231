"""What tests of sending ask of deliveries, and how they let time pass."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from notices.boards.progress import totals
from notices.distribution import claims, gathering
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach

Issue = Callable[..., Release]
State = Delivery.State
ADDRESS = "box4@mail4.example"  # of the first pharmacy


def first(release: Release) -> Delivery:
    """The delivery to the first pharmacy."""
    return Delivery.objects.get(receipt__release=release, address=ADDRESS)


def states(release: Release) -> set[str]:
    return set(Delivery.objects.filter(receipt__release=release).values_list("state", flat=True))


def let_time_pass() -> None:
    """What waits is due, what is leased is abandoned."""
    past = timezone.now() - dt.timedelta(seconds=1)
    Delivery.objects.filter(state=State.WAITING).update(due_at=past)
    Delivery.objects.filter(state=State.SENDING).update(leased_until=past)


def at_the_hour() -> None:
    """The hour has come, and what is due is gathered."""
    let_time_pass()
    gathering.gather()


def claimed_to(address: str = ADDRESS) -> Delivery:
    """Its mail in a worker's hand; the others wait on."""
    rows = claims.claim(1000)
    claims.give_back([row for row in rows if row.address != address])
    return next(row for row in rows if row.address == address)


def minutes_until(moment: dt.datetime) -> int:
    return round((moment - timezone.now()).total_seconds() / 60)


def reconciles(release: Release) -> bool:
    """recipients = sent + waiting + other channel + failed + stopped, and each reach is the best of its deliveries."""
    counted = totals(release)
    return all(
        tally.recipients == tally.sent + tally.waiting + tally.other_channel + tally.failed + tally.stopped
        for tally in (counted.pharmacies, counted.districts)
    ) and all(receipt.reach == best(receipt) for receipt in release.receipts.all())


def best(receipt: Receipt) -> str:
    found = [delivery.state for delivery in receipt.deliveries.all()]
    ranks = [State.SENT, State.WAITING, State.SENDING, State.OTHER, State.FAILED, State.STOPPED]
    top = min(found, key=ranks.index, default=State.FAILED)
    return Reach.WAITING if top == State.SENDING else top
