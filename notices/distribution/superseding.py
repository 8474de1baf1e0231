"""訂正・廃止: who has the old letter and is told, what is unsent of it and stops, and what the new one waits for.

Of what a 再周知 asks again, it stops what is unsent to its recipients.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from notices import succession
from notices.distribution import reach
from notices.models import Delivery, Receipt, Relation, Release
from notices.models.delivery import BY_THEMSELVES, DeliveryQuerySet
from notices.models.receipt import Audience, ReceiptQuerySet

State = Delivery.State


def told(relation: Relation) -> ReceiptQuerySet:
    """The receipts of the old letter whose organisations the correction or the withdrawal is for.

    Who has it by a letter of its district has it as well. A correction is for all of them, whether they have the old
    letter or not. A withdrawal is for those who have it or may have it, or a letter that it corrected: the others never
    hear of either.
    """
    if relation.kind == Relation.Kind.CORRECTS:
        return Receipt.objects.whole(relation.target.release)
    return having(Receipt.objects.whole(*(old.release for old in succession.before(relation.source_id))))


def unheard(release: Release) -> set[int]:
    """Of a withdrawal: the districts that have not passed on what it withdraws, so that no member of theirs gets it."""
    relation = succession.superseding(release.notice_id)
    if relation is None or relation.kind != Relation.Kind.WITHDRAWS or not relation.target.release.through_districts:
        return set()
    told = release.receipts.pharmacies().order_by().values("district")
    districts = release.receipts.districts().exclude(organisation__in=told).order_by()
    return set(districts.values_list("organisation", flat=True))


def is_unheard(receipt: Receipt) -> bool:
    """Whether it is the receipt of such a district."""
    return receipt.audience == Audience.DISTRICT and receipt.organisation_id in unheard(receipt.release)


def having(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Those whose organisations have the letter or may have it.

    It was sent, or nobody knows whether it was; it is just being offered; it went by post or another way; or somebody
    there has read it, wherever.
    """
    messages = Delivery.objects.filter(receipt=OuterRef("pk"))
    # The messages themselves are asked: a receipt may know of them a moment later.
    perhaps = messages.filter(Q(state__in=[State.SENT, State.OTHER, State.SENDING]) | Q(unsure=True))
    return receipts.filter(Q(confirmed_at__isnull=False) | Exists(perhaps))


def in_flight(old: QuerySet[Release]) -> QuerySet[Delivery]:
    """The messages of the old releases that a worker has in hand, the last first."""
    return Delivery.objects.in_flight().filter(release__in=old).order_by("-pk")


@dataclass(frozen=True)
class Stopped:
    """What became of an old release: messages that never go out, and those of which the server has not yet told."""

    messages: int
    in_flight: int


def stop(old: Release) -> Stopped:
    """What is unsent of the release is never sent; what is being offered tells its outcome.

    Reminders that name others as well go on without it (`claims.stop_reminders` ends those that do not). What was asked
    about the notice is answered.
    Belongs into the transaction of what supersedes it, which holds the release.
    """
    mine = Delivery.objects.filter(release=old).exclude(purpose__in=BY_THEMSELVES)
    stopped = _stop(mine)
    offered = mine.in_flight().count()
    if stopped or offered:
        old.state = Release.State.STOPPED
    elif old.state in (Release.State.SENDING, Release.State.PAUSED):
        old.state = Release.State.SENT
    old.paused_reason = ""
    old.save(update_fields=["state", "paused_reason"])
    if stopped:
        reach.renew_all(Receipt.objects.filter(release=old))
    return Stopped(stopped, offered)


def stop_to(receipts: ReceiptQuerySet) -> int:
    """The same for some recipients, who are asked again by a 再周知; gives how many messages never go out.

    The release goes on to the others. Where nothing is left of it, the outbox closes it. What a worker has or had in
    hand may be sent: should it come back, the sweep stops it (`claims.stop_leftovers`).
    """
    waiting = Delivery.objects.filter(receipt__in=receipts, state=State.WAITING)
    stopped = _stop(waiting.exclude(purpose__in=BY_THEMSELVES))
    if stopped:
        reach.renew_all(receipts)
    return stopped


def _stop(messages: DeliveryQuerySet) -> int:
    # Every condition stands on the row itself: one that a worker begins at this moment is looked at again, not stopped.
    return messages.at_rest().update(state=State.STOPPED, claim=None, leased_until=None, settled_at=Now())


def queue_behind(new: Release, old: QuerySet[Release]) -> int:
    """Let the new messages of an organisation wait for the old one that is being offered to it; gives how many wait.

    Each waits for the one to its own address, else for the one that was begun last.
    """
    waiting = Delivery.objects.filter(receipt__release=new, state=State.WAITING, after=None)
    offered = list(in_flight(old).select_related("receipt"))
    behind = 0
    for message in offered:
        behind += waiting.filter(receipt__organisation=message.receipt.organisation_id, **_same(message)).update(
            after=message
        )
    for message in offered:
        behind += waiting.filter(receipt__organisation=message.receipt.organisation_id).update(after=message)
    return behind


def _same(message: Delivery) -> dict[str, str]:
    return {"channel": message.channel, "address": message.address}
