"""What is kept for a time only: traces for TRACE_DAYS, names of who left for NAMES_YEARS, sessions until they end.

The history stays: its events name people by reference, and what they refer to has no name any more.
"""

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from members import history
from members.accounts import sessions
from members.models import Account, Capacity, Officer, RosterLoad, Task, Trace

WAITING = RosterLoad.State.WAITING
# Of the fields of a load, those that name people.
OF_PEOPLE = {"manager", "mails"}


def clear() -> None:
    """Empty everything whose time is over. Running twice changes nothing more."""
    now = timezone.now()
    Trace.objects.filter(at__lt=now - dt.timedelta(days=settings.TRACE_DAYS)).delete()
    sessions.forget_ended()
    forget_names(names_kept_since(timezone.localdate(now)))


def names_kept_since(today: dt.date) -> dt.date:
    """The day before which whoever left is forgotten: NAMES_YEARS ago."""
    try:
        return today.replace(year=today.year - settings.NAMES_YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - settings.NAMES_YEARS, day=28)


@transaction.atomic
def forget_names(since: dt.date) -> None:
    """Empty names and addresses of who left before that day, wherever they stand; one event tells how many.

    Beside officers and accounts these are what districts proposed, and what loads of the roster changed.
    """
    officers = Officer.objects.filter(until__lt=since).exclude(name="", email="").update(name="", email="")
    accounts = list(_left(since).select_for_update(no_key=True))
    for account in accounts:
        account.forget()
    EmailAddress.objects.filter(user__in=accounts).delete()
    found = {"officers": officers, "accounts": len(accounts), "tasks": _tasks(since), "loads": _loads(since)}
    if any(found.values()):
        history.record("names.cleared", **found)


def _tasks(since: dt.date) -> int:
    """What districts answered to tasks that were closed before that day."""
    nothing = {"value": "", "value_email": "", "remark": ""}
    return Task.objects.filter(closed_at__lt=_midnight(since)).exclude(**nothing).update(**nothing)


def _loads(since: dt.date) -> int:
    """Files of the roster that were read before that day, with what their loads made of people."""
    old = list(RosterLoad.objects.filter(made_at__lt=_midnight(since)).exclude(content="").exclude(state=WAITING))
    for load in old:
        load.content.delete(save=False)
        load.save(update_fields=["content"])
        for change in load.changes.iterator(chunk_size=1000):
            for values in (change.before, change.after):
                for name in OF_PEOPLE & values.keys():
                    del values[name]
            change.beside = {}
            change.save(update_fields=["before", "after", "beside"])
    return len(old)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _left(since: dt.date) -> QuerySet[Account]:
    """Disabled accounts that have no capacity, and neither had one nor signed in since that day."""
    moment = _midnight(since)
    later = Capacity.objects.filter(Q(ended_at=None) | Q(ended_at__gte=moment), account=OuterRef("pk"))
    gone = Account.objects.filter(~Exists(later), is_active=False, joined_at__lt=moment)
    seen = Q(last_login__gte=moment) | Q(email__endswith=Account.FORGOTTEN)
    return gone.exclude(seen)
