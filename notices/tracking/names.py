"""Names of people who confirmed, which are kept for NAMES_YEARS."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members import history
from members.expiry import names_kept_since
from notices.models import Receipt


@transaction.atomic
def clear() -> None:
    """Empty the names of those who confirmed before; that and when it was confirmed stays. One event tells how many."""
    since = timezone.make_aware(dt.datetime.combine(names_kept_since(timezone.localdate()), dt.time.min))
    cleared = Receipt.objects.filter(confirmed_at__lt=since).exclude(confirmed_name="").update(confirmed_name="")
    if cleared:
        history.record("names.cleared", receipts=cleared)
