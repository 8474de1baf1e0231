"""What happened last on a release."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max, QuerySet

from members.models import Event
from notices.models import Mention, Receipt, Release


def events(release: Release, most: int) -> QuerySet[Event]:
    """The latest events about the receipts of a release."""
    receipts = Receipt.objects.whole(release).values("pk")
    found = Event.objects.filter(subject_kind="receipt", subject_id__in=receipts)
    return found.select_related("account", "capacity__organisation")[:most]


def reminded(release: Release) -> dt.date | None:
    """The last day on which somebody was reminded of it; None where nobody was."""
    named = Mention.objects.said().filter(receipt__in=Receipt.objects.whole(release).order_by())
    return named.aggregate(day=Max("reminder__day"))["day"]


def reminded_of(receipts: Iterable[Receipt]) -> dict[int, dt.date]:
    """By receipt, the last day on which its recipient was reminded; who was not is missing."""
    named = Mention.objects.said().filter(receipt__in=[each.pk for each in receipts]).order_by()
    return dict(named.values_list("receipt").annotate(Max("reminder__day")))
