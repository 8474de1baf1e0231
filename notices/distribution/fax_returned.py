"""「FAXが戻った」: staff note that a FAX which they sent by hand did not go through."""

from django.db import transaction
from django.utils import timezone

from members import history
from members.history import Actor
from members.models.organisation import Channel
from notices.distribution import reach, troubles
from notices.models import Delivery, Release

REASONS = {
    "busy": "FAXが戻りました（話し中か、相手が出ません）",
    "wrong": "FAXが戻りました（番号が使われていないか、違う相手でした）",
    "other": "FAXが戻りました",
}


class NothingReturned(RuntimeError):
    """The message is no FAX by hand any more: it was noted as returned before, or sent another way."""


@transaction.atomic
def note(key: int, reason: str, actor: Actor) -> Delivery:
    """The FAX was not delivered, for a reason of REASONS: 不達, a task about the number, the organisation's other way.

    Raises NothingReturned.
    """
    release = Release.objects.select_for_update(of=("self",)).get(deliveries=key)
    found = Delivery.objects.select_for_update(of=("self",)).select_related("receipt__organisation")
    delivery = found.filter(pk=key, state=Delivery.State.OTHER, channel=Channel.FAX).first()
    if delivery is None:
        raise NothingReturned
    delivery.receipt.release = release
    now = timezone.now()
    delivery.state, delivery.outcome = Delivery.State.FAILED, REASONS[reason]
    delivery.settled_at = delivery.bounced_at = now
    delivery.save(update_fields=["state", "outcome", "settled_at", "bounced_at"])
    reach.renew(delivery.receipt)
    organisation = delivery.receipt.organisation
    history.record("delivery.fax_returned", delivery, actor=actor, organisation=organisation, reason=delivery.outcome)
    troubles.raise_for(delivery, delivery.outcome, suspend=False)
    troubles.fall_back(delivery.receipt)
    return delivery
