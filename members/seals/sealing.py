"""Sealing what no seal covers yet.

A seal covers ids, not times: every event that the database holds at the moment of sealing and the seal before did not
cover. That a transaction commits later under a lower id, or dates an event back, can neither break a seal nor slip past
one: on PostgreSQL a lock waits for everybody who is writing events and lets nobody begin while the highest id is read,
so that whatever has that id or a lower one is there by then or never comes (an id is drawn under the lock that the
writing holds; the sequence caches none). SQLite has one writer at a time and never gives an id twice. What appears
below a sealed id afterwards was put there past the site.
"""

import datetime as dt
import logging

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from members import access
from members.models import Event, Seal, SealMail
from members.seals.digests import sum_of

logger = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)
LOCK_SECONDS = 5


def seal_yesterday() -> Seal | None:
    """The seal of the day before, in the site's time zone; one made late covers the nights that were missed."""
    return seal(timezone.localdate() - DAY)


def seal(day: dt.date) -> Seal | None:
    """Seal everything that no seal covers, as that day's; None where the day is sealed, or somebody was faster.

    Raises OperationalError where somebody writes events for longer than one should wait; the next run tries again.
    """
    if Seal.objects.filter(day=day).exists():
        return None
    last = Seal.objects.order_by("-number").first()
    made = _following(last, day)
    found = sum_of(made, last.digest if last else "")
    made.digest, made.count, made.fingerprints = found.digest, found.count, found.fingerprints
    try:
        _keep(made)
    except IntegrityError:
        logger.info("The history of %s was sealed by somebody else at the same time.", day)
        return None
    return made


def _following(last: Seal | None, day: dt.date) -> Seal:
    number, first = (last.number + 1, last.last_id + 1) if last else (1, 1)
    highest = max(_highest_for_good(), first - 1)
    return Seal(number=number, day=day, first_id=first, last_id=highest, sealed_at=timezone.now())


@transaction.atomic
def _keep(made: Seal) -> None:
    """The seal, and to whom it is to be mailed."""
    made.save(force_insert=True)
    SealMail.objects.bulk_create(SealMail(seal=made, account=account) for account in access.administrators())


@transaction.atomic
def _highest_for_good() -> int:
    """The highest id there is, below which nothing is going to appear any more; 0 without any event."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute(f"LOCK TABLE {Event._meta.db_table} IN SHARE MODE")
    return Event.objects.aggregate(highest=Max("id"))["highest"] or 0
