"""Who sends what: a worker claims due rows for a while (a lease) and raises their attempt number.

Everything it does with a row afterwards is bound to that number, so that a worker that slept past its lease changes
nothing. Times are the database's: a machine whose clock jumps neither loses nor keeps a lease by it.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from notices.models import Delivery
from notices.models.delivery import DeliveryQuerySet


@transaction.atomic
def claim(most: int) -> list[Delivery]:
    """Take due rows, the longest due first; no row is taken twice.

    PostgreSQL skips what another worker is just taking; on SQLite the transaction itself lets in one at a time.
    """
    due = Delivery.objects.due().order_by("purpose", "due_at", "id").values_list("pk", "state")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:most])
    # What another worker took and never settled may have been sent.
    abandoned = [pk for pk, state in rows if state == Delivery.State.SENDING]
    if abandoned:
        Delivery.objects.filter(pk__in=abandoned).update(unsure=True)
    taken = Delivery.objects.filter(pk__in=[pk for pk, _ in rows])
    taken.update(state=Delivery.State.SENDING, attempt=F("attempt") + 1, leased_until=_lease_end())
    return list(taken.select_related("receipt__organisation", "receipt__release").order_by("purpose", "due_at", "id"))


def held(delivery: Delivery) -> DeliveryQuerySet:
    """The row as this worker claimed it; no row once another has claimed it since."""
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, attempt=delivery.attempt)


def still_offered(delivery: Delivery) -> bool:
    """Asked just before sending: whether the row is still ours and its release neither paused nor stopped."""
    return held(delivery).offered().exists()


def renew(deliveries: list[Delivery]) -> None:
    """A new lease for rows that are still ours."""
    for delivery in deliveries:
        held(delivery).update(leased_until=_lease_end())


def _lease_end() -> CombinedExpression:
    return Now() + dt.timedelta(seconds=settings.SENDING_LEASE_SECONDS)
