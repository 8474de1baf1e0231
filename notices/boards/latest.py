"""What happened last on a release."""

from django.db.models import QuerySet

from members.models import Event
from notices.models import Receipt, Release


def events(release: Release, most: int) -> QuerySet[Event]:
    """The latest events about the receipts of a release."""
    receipts = Receipt.objects.whole(release).values("pk")
    found = Event.objects.filter(subject_kind="receipt", subject_id__in=receipts)
    return found.select_related("account", "capacity__organisation")[:most]
