"""営業日: the days on which people are at work, and may be written to without having asked.

Saturdays, Sundays, the holidays of 国民の祝日に関する法律 (by jpholiday) and the days of CLOSED_DAYS are none:
年末年始, on which government offices are closed (行政機関の休日に関する法律第一条), and お盆.
"""

import datetime as dt
from functools import lru_cache

import jpholiday
from django.conf import settings

SATURDAY = 5
# Whatever CLOSED_DAYS says: somebody is at work again within these days.
LONGEST_CLOSURE = 60


class AlwaysClosed(ValueError):
    """CLOSED_DAYS leaves no working day for months."""


def is_workday(day: dt.date) -> bool:
    """Whether it is a 営業日."""
    return day.weekday() < SATURDAY and not _holiday(day) and not _is_closed(day)


def on_or_after(day: dt.date) -> dt.date:
    """The day itself where it is a 営業日, else the next one. Raises AlwaysClosed."""
    for ahead in range(LONGEST_CLOSURE + 1):
        if is_workday(found := day + dt.timedelta(days=ahead)):
            return found
    raise AlwaysClosed(f"From {day} on")


def why_not(day: dt.date) -> str:
    """Why the day is none, for the screen: the holiday's name, 休業期間, 土曜日, 日曜日; empty for a 営業日."""
    if is_workday(day):
        return ""
    return _holiday(day) or ("休業期間" if _is_closed(day) else f"{'土日'[day.weekday() - SATURDAY]}曜日")


@lru_cache(2048)
def _holiday(day: dt.date) -> str:
    """The name of the 祝日; empty where it is none."""
    return jpholiday.is_holiday_name(day) or ""


def _is_closed(day: dt.date) -> bool:
    place = (day.month, day.day)
    return any(
        first <= place <= last if first <= last else place >= first or place <= last
        for first, last in settings.CLOSED_DAYS
    )
