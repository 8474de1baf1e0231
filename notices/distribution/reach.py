"""送信: how far the messages of a receipt came, kept equal to the best of its deliveries."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach, ReceiptQuerySet

# The states of deliveries that give each reach, the best first.
BEST_FIRST = {
    Reach.SENT: [Delivery.State.SENT],
    Reach.WAITING: [Delivery.State.WAITING, Delivery.State.SENDING],
    Reach.OTHER: [Delivery.State.OTHER],
    Reach.FAILED: [Delivery.State.FAILED],
    Reach.STOPPED: [Delivery.State.STOPPED],
}
REASON_LENGTH = Receipt._meta.get_field("reach_reason").max_length


def renew(receipt: Receipt) -> None:
    """Work out one receipt's reach anew."""
    settle([receipt.pk])


def settle(keys: Collection[int]) -> None:
    """Work out the reach of these receipts anew."""
    if keys:
        renew_all(Receipt.objects.filter(pk__in=keys))


def catch_up() -> None:
    """Receipts that still say 送信待ち although nothing of their release waits: a worker ended before it told them."""
    waiting = Receipt.objects.filter(reach=Reach.WAITING)
    unfinished = Delivery.objects.unfinished().filter(release=OuterRef("pk"))
    behind = Release.objects.filter(Exists(waiting.filter(release=OuterRef("pk"))), ~Exists(unfinished))
    for release in behind:
        renew_all(waiting.filter(release=release))


@transaction.atomic
def renew_all(receipts: ReceiptQuerySet) -> None:
    """Work out the reach of many receipts; those without any delivery stay as they are.

    They are locked first, always in one order: of two workers that settle two messages of a receipt, the later one sees
    both, and nobody waits for another who waits for him.
    """
    keys = list(receipts.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    held = Receipt.objects.filter(Exists(_deliveries()), pk__in=keys)
    reach = Case(*(When(_any(states), then=Value(reach)) for reach, states in BEST_FIRST.items()))
    held.update(reach=reach, reach_reason="")
    failed = _deliveries().filter(state=Delivery.State.FAILED).order_by("-settled_at")
    reason = Coalesce(Subquery(failed.values(words=Left("outcome", REASON_LENGTH))[:1]), Value(""))
    held.filter(reach=Reach.FAILED).update(reach_reason=reason)


def _deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.filter(receipt=OuterRef("pk")).order_by()


def _any(states: list[Delivery.State]) -> Exists:
    return Exists(_deliveries().filter(state__in=states))
