"""What happened last on a release."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet

from members.models import Event
from notices.models import Mention, Receipt, Release
from notices.models.receipt import ReceiptQuerySet

# Somebody who sets up ticks one step after the other; that would crowd out what was answered.
STEPS = ("step.ticked", "step.unticked")
# After so many reminders a telephone call is surer than another one.
TWICE = 2


def events(release: Release, most: int) -> QuerySet[Event]:
    """The latest events about the receipts of a release, but for the steps: who works on them is counted by step."""
    receipts = Receipt.objects.whole(release).values("pk")
    found = Event.objects.filter(subject_kind="receipt", subject_id__in=receipts).exclude(verb__in=STEPS)
    return found.select_related("account", "capacity__organisation")[:most]


def silent(receipts: ReceiptQuerySet) -> QuerySet[Mention, int]:
    """The keys of those receipts whose recipients were reminded twice or more and have still not confirmed."""
    asked = receipts.pharmacies().unconfirmed().order_by().values("pk")
    named = Mention.objects.said().filter(receipt__in=asked, what=Mention.What.ANSWER).order_by()
    times = named.values("receipt").annotate(times=Count("reminder__day", distinct=True))
    return times.filter(times__gte=TWICE).values_list("receipt", flat=True)


def reminded_of(receipts: Iterable[Receipt]) -> dict[int, dt.date]:
    """By receipt, the last day on which its recipient was reminded; who was not is missing."""
    named = Mention.objects.said().filter(receipt__in=[each.pk for each in receipts]).order_by()
    return dict(named.values_list("receipt").annotate(Max("reminder__day")))
