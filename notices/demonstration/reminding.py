"""The reminders that went out by now: by the usual plans, to those who still have not answered."""

import datetime as dt

from members import history
from notices.demonstration.answers import TOKYO
from notices.models import Delivery, Release, Reminder
from notices.procedures import remind

# The oldest release is of six weeks ago.
DAYS = 45


def remind_so_far(now: dt.datetime) -> None:
    """Write every day's reminders until this moment, as the site would have done, and settle them."""
    for days_ago in range(DAYS, -1, -1):
        moment = (now.astimezone(TOKYO) - dt.timedelta(days=days_ago)).replace(hour=9, minute=0)
        if moment > now:
            continue
        with history.dated(moment):
            written = remind.remind(moment)
        if written:
            _settle(moment)
    Release.objects.filter(state=Release.State.SENDING).update(state=Release.State.SENT)


def _settle(moment: dt.datetime) -> None:
    fresh = Delivery.objects.filter(purpose=Delivery.Purpose.REMINDER, state=Delivery.State.WAITING)
    Reminder.objects.filter(day=moment.date()).update(made_at=moment)
    fresh.update(state=Delivery.State.SENT, attempt=1, made_at=moment, due_at=moment, settled_at=moment)
