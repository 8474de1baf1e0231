"""送信: how far the messages of a receipt came, kept equal to the best of its deliveries."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from notices.models import Delivery, Receipt
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


@transaction.atomic
def settle(keys: Collection[int]) -> None:
    """Work out the reach of these receipts anew.

    They are locked first: of two workers that settle two messages of a receipt, the later one sees both.
    """
    if keys:
        mine = Receipt.objects.filter(pk__in=keys)
        list(mine.order_by("pk").select_for_update().values_list("pk"))
        renew_all(mine)


def catch_up() -> None:
    """Receipts that still say 送信待ち although none of their messages waits: a worker ended before it told them."""
    waits = Exists(_deliveries().filter(state__in=BEST_FIRST[Reach.WAITING]))
    sent = Exists(_deliveries().filter(state=Delivery.State.SENT))
    behind = Receipt.objects.filter(sent | ~waits, Exists(_deliveries()), reach=Reach.WAITING)
    settle(list(behind.values_list("pk", flat=True)))


def renew_all(receipts: ReceiptQuerySet) -> None:
    """Work out the reach of many receipts by one statement; those without any delivery stay as they are."""
    reach = Case(*(When(_any(states), then=Value(reach)) for reach, states in BEST_FIRST.items()))
    receipts.filter(Exists(_deliveries())).update(reach=reach, reach_reason="")
    failed = _deliveries().filter(state=Delivery.State.FAILED).order_by("-settled_at")
    reason = Coalesce(Subquery(failed.values(words=Left("outcome", REASON_LENGTH))[:1]), Value(""))
    receipts.filter(Exists(_deliveries()), reach=Reach.FAILED).update(reach_reason=reason)


def _deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.filter(receipt=OuterRef("pk")).order_by()


def _any(states: list[Delivery.State]) -> Exists:
    return Exists(_deliveries().filter(state__in=states))
