"""Names of people who confirmed, which are kept for NAMES_YEARS."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members import history
from members.expiry import names_kept_since
from notices.models import OnBehalf, Receipt

FORGOTTEN = "（保存期間が過ぎたため、消しました）"


def clear() -> None:
    """Empty the names of those who confirmed or answered before; that and when they did stays. One event tells.

    Whether there are any is asked first, which keeps nobody from writing: it takes seconds of millions of receipts.
    """
    since = timezone.make_aware(dt.datetime.combine(names_kept_since(timezone.localdate()), dt.time.min))
    answered = OnBehalf.objects.filter(at__lt=since).exclude(person=FORGOTTEN)
    named = Receipt.objects.filter(confirmed_at__lt=since).exclude(confirmed_name="")
    if not answered.exists() and not named.exists():
        return
    with transaction.atomic():
        told, cleared = answered.update(person=FORGOTTEN, remark=""), named.update(confirmed_name="")
        if told or cleared:
            history.record("names.cleared", receipts=cleared, on_behalf=told)
