"""営業日: no weekend, no 祝日, no day of CLOSED_DAYS."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import reminding
from config.settings import closed_days
from members import workdays


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-27", ""),
        ("2026-11-28", "土曜日"),
        ("2026-11-29", "日曜日"),
        ("2026-11-23", "勤労感謝の日"),
        ("2026-09-22", "国民の休日"),  # between 敬老の日 and 秋分の日
        ("2027-03-22", "春分の日 振替休日"),
        ("2026-12-28", ""),
        ("2026-12-29", "休業期間"),
        ("2027-01-01", "元日"),
        ("2027-01-04", ""),
        ("2026-08-12", ""),
        ("2026-08-13", "休業期間"),
    ],
)
def test_a_day_of_rest_says_why(day: str, why: str):
    day = dt.date.fromisoformat(day)
    assert workdays.why_not(day) == why
    assert workdays.is_workday(day) == (not why)


def test_what_falls_on_a_day_of_rest_comes_on_the_next_working_day(settings):
    assert workdays.on_or_after(dt.date(2026, 12, 29)) == dt.date(2027, 1, 4)
    assert workdays.on_or_after(dt.date(2026, 4, 29)) == dt.date(2026, 4, 30)
    assert workdays.on_or_after(dt.date(2026, 5, 2)) == dt.date(2026, 5, 7)
    settings.CLOSED_DAYS = (((1, 1), (12, 31)),)
    with pytest.raises(workdays.AlwaysClosed):
        workdays.on_or_after(dt.date(2026, 5, 2))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: closed_days("1/3-12/29"), "CLOSED_DAYS leaves nobody at work"),
        (lambda: closed_days("4/1-4/30,5/1-5/20"), "CLOSED_DAYS leaves nobody at work"),
        (lambda: reminding.check_plan((-100, 7), (7,), 9, 5, 1, 4), "REMINDER_DAYS are days from -90"),
        (lambda: reminding.check_plan((0,), (0, 7), 9, 5, 1, 4), "REMINDER_DAYS_WITHOUT_DEADLINE are days from 1"),
        (lambda: reminding.check_plan((0, 7), (7, 14), 9, 5, 1, 115), "REMINDER_STAFF_AFTER"),
        (lambda: reminding.check_plan((0,), (7,), 24, 5, 1, 4), "REMINDER_HOUR"),
        (lambda: reminding.check_plan((0,), (7,), 9, 0, 1, 4), "REMINDERS_MOST"),
        (lambda: reminding.check_hour(9, (dt.time(8), dt.time(9))), "REMINDER_HOUR 9"),
    ],
)
def test_settings_that_would_stop_reminders_are_refused_at_the_start(wrong: Callable[[], object], says: str):
    with pytest.raises(ImproperlyConfigured, match=says):
        wrong()


def test_there_may_be_no_closed_days_and_sending_may_end_after_half_an_hour():
    assert closed_days("") == ()
    reminding.check_hour(9, (dt.time(8), dt.time(9, 30)))
