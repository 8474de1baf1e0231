"""Manners: how many messages go out in a minute, to all and to one domain, and in which hours.

Nothing is counted where no rate is set. What workers take of a minute stands in the database, so that any number of
them on any number of machines keep the rate together.
"""

import datetime as dt

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from notices.models import Allowance, Delivery
from notices.models.delivery import AWAITED

ALL = ""
MINUTE = dt.timedelta(minutes=1)
KEPT = dt.timedelta(hours=1)


def opens_at(now: dt.datetime) -> dt.datetime | None:
    """When sending begins again; None within the hours of SENDING_HOURS, and where none are set."""
    if settings.SENDING_HOURS is None:
        return None
    first, last = settings.SENDING_HOURS
    local = timezone.localtime(now)
    if first <= local.time() < last:
        return None
    day = local.date() if local.time() < first else local.date() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, first), local.tzinfo)


def open_now() -> bool:
    """Whether messages may go out now. What a person waits for (AWAITED) always may."""
    return opens_at(timezone.now()) is None


def limited() -> bool:
    """Whether any rate is set."""
    return bool(settings.SENDING_PER_MINUTE or settings.SENDING_DOMAIN_PER_MINUTE)


def granted(rows: list[Delivery]) -> tuple[list[Delivery], bool]:
    """Those of the locked rows that may go out in this minute, and whether others had to make room for the next one.

    Each row carries the database's `now`. Belongs into the transaction that claims them. What is over the rate of its
    domain is due in the next minute; what is over the rate of all stays as it is.
    """
    if not rows or not limited():
        return rows, False
    minute = rows[0].now.replace(second=0, microsecond=0)
    rates = {row.pk: _rates(row.address.rpartition("@")[2].lower()) for row in rows}
    left = _left(minute, {name: rate for each in rates.values() for name, rate in each.items()})
    before = dict(left)
    taken, over = [], []
    for row in rows:
        if row.purpose in AWAITED or all(left[name] > 0 for name in rates[row.pk]):
            taken.append(row)
            for name in rates[row.pk]:
                left[name] -= 1
        elif left.get(ALL, 1) > 0:
            over.append(row.pk)
    for name, rest in left.items():
        Allowance.objects.filter(domain=name, minute=minute).update(taken=F("taken") + before[name] - rest)
    Delivery.objects.filter(pk__in=over).update(due_at=minute + MINUTE)
    return taken, bool(over)


def _left(minute: dt.datetime, rates: dict[str, int]) -> dict[str, int]:
    """What is left of the minute by name; the rows are locked, so that workers share it."""
    Allowance.objects.filter(minute__lt=minute - KEPT).delete()
    Allowance.objects.bulk_create(
        [Allowance(domain=name, minute=minute) for name in sorted(rates)], ignore_conflicts=True
    )
    rows = Allowance.objects.filter(minute=minute, domain__in=rates).order_by("domain").select_for_update()
    return {row.domain: rates[row.domain] - row.taken for row in rows}


def _rates(domain: str) -> dict[str, int]:
    """Name of the allowance → messages a minute, of those that hold for the domain. "*" is every domain by itself."""
    by_domain = settings.SENDING_DOMAIN_PER_MINUTE
    rates = {domain: by_domain.get(domain, by_domain.get("*", 0)), ALL: settings.SENDING_PER_MINUTE}
    return {name: rate for name, rate in rates.items() if rate}
