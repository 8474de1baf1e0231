"""営業日: no weekend, no 祝日, no day of CLOSED_DAYS."""

import datetime as dt

import pytest

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
    settings.CLOSED_DAYS = closed_days("1/1-12/31")
    with pytest.raises(workdays.AlwaysClosed):
        workdays.on_or_after(dt.date(2026, 5, 2))
