"""Whether the settings of 再通知 fit together: what does not would stop reminders, or releases, months later."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

# As in notices.models.reminder, whose constraints hold for each plan.
EARLIEST, LATEST, MOST = -90, 120, 20
# Longer, and a day of a plan finds no working day near it (members.workdays.LONGEST_CLOSURE, less weekends around).
LONGEST_CLOSURE = 45

Periods = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def check_plan(
    from_deadline: Sequence[int], from_release: Sequence[int], hour: int, most: int, chairs: int, staff: int
) -> None:
    """The usual plan: its days, the hour, how often at most, and the days after the last for chairs and the office.

    Raises ImproperlyConfigured.
    """
    for name, days, first in (
        ("REMINDER_DAYS", from_deadline, EARLIEST),
        ("REMINDER_DAYS_WITHOUT_DEADLINE", from_release, 1),
    ):
        if not first <= days[0] <= days[-1] <= LATEST:
            raise ImproperlyConfigured(f"{name} are days from {first} to {LATEST}, not {days}")
        for later, after in (("REMINDER_CHAIRS_AFTER", chairs), ("REMINDER_STAFF_AFTER", staff)):
            if not 0 <= after <= LATEST - days[-1]:
                raise ImproperlyConfigured(f"{later} is from 0 to {LATEST - days[-1]} with {name}, not {after}")
    if not 0 <= hour <= 23:
        raise ImproperlyConfigured(f"REMINDER_HOUR is from 0 to 23, not {hour}")
    if not 1 <= most <= MOST:
        raise ImproperlyConfigured(f"REMINDERS_MOST is from 1 to {MOST}, not {most}")


def check_hour(hour: int, sending: tuple[dt.time, dt.time] | None) -> None:
    """Reminders have to be sent on their day. Raises ImproperlyConfigured."""
    if sending and dt.time(hour) >= sending[1]:
        raise ImproperlyConfigured(f"REMINDER_HOUR {hour} is not before the end of SENDING_HOURS")


def check_closed(periods: Periods) -> None:
    """People have to be at work again. Raises ImproperlyConfigured."""
    closed = 0
    for ahead in range(2 * 366):
        day = dt.date(2000, 1, 1) + dt.timedelta(days=ahead)
        closed = closed + 1 if any(_within(day, *period) for period in periods) else 0
        if closed > LONGEST_CLOSURE:
            raise ImproperlyConfigured(f"CLOSED_DAYS leaves nobody at work for more than {LONGEST_CLOSURE} days")


def _within(day: dt.date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    place = (day.month, day.day)
    return first <= place <= last if first <= last else place >= first or place <= last
