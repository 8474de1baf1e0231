"""When a message is refused for good: a task about its address, and the organisation's other way.

All of it belongs into the transaction that records the outcome. Locks: release, delivery, receipt, then organisation.
"""

from collections.abc import Iterable

from django.db.models import F, Q

from members import addresses
from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution import reach
from notices.distribution.ways import Way, over
from notices.models import Delivery, Receipt, Release
from notices.models.delivery import BY_THEMSELVES

State = Delivery.State


def raise_for(delivery: Delivery, reason: str, *, suspend: bool) -> None:
    """Open a task about the delivery's address for its organisation, unless there is one.

    With `suspend` the mailbox is out of use until somebody has looked after it. `reason` is in plain words.
    """
    addresses.report(
        delivery.receipt.organisation,
        delivery.channel,
        delivery.address,
        reason,
        suspend=suspend,
        message_key=delivery.message_key,
    )


def withdraw(deliveries: Iterable[Delivery]) -> None:
    """The fault turned out to be ours: close what was opened over these deliveries, and take no other way for them."""
    deliveries = list(deliveries)
    addresses.withdraw(delivery.message_key for delivery in deliveries)
    receipts = [delivery.receipt_id for delivery in deliveries]
    fallen_back = Delivery.objects.filter(receipt__in=receipts, after__receipt=F("receipt"), attempt=0)
    fallen_back.filter(state__in=[State.WAITING, State.OTHER], settled_at=None).delete()


def fall_back(receipt: Receipt) -> None:
    """Where every message of the receipt has failed: one more over the organisation's fallback channel, if it has one.

    It comes `after` the one that failed last. Does nothing for a release that was stopped or whose notice was corrected
    or withdrawn, or for whom a 再周知 asks again. The caller holds the release's row. Reminders and answers
    count once sent.
    """
    channel = receipt.organisation.fallback
    counting = receipt.deliveries.exclude(~Q(state=State.SENT), purpose__in=BY_THEMSELVES)
    if not channel or counting.exclude(state=State.FAILED).exists():
        return
    release = Release.objects.get(pk=receipt.release_id)
    if release.state == Release.State.STOPPED or not release.receipts.current().filter(pk=receipt.pk).exists():
        return
    tried = set(receipt.deliveries.filter(channel=channel).values_list("address", flat=True))
    fresh = [way for way in _ways(receipt.organisation, Channel(channel)) if way.address not in tried]
    if not fresh:
        return
    last = receipt.deliveries.order_by("-settled_at", "-pk").first()
    Delivery.objects.bulk_create(
        Delivery(
            receipt=receipt, release=release, channel=way.channel, address=way.address, state=way.state, after=last
        )
        for way in fresh
    )
    if any(way.state == State.WAITING for way in fresh):
        Release.objects.filter(pk=release.pk, state=Release.State.SENT).update(state=Release.State.SENDING)
    reach.renew(receipt)


def _ways(organisation: Organisation, channel: Channel) -> list[Way]:
    usable = organisation.mailboxes.filter(usable=True)
    return over(channel, organisation, list(usable.values_list("address", flat=True)))
