"""A history of three sealed days."""

import datetime as dt

import pytest

from members import history
from members.history import Actor
from members.models import Event
from members.seals import sealing
from tests.cast import Cast

FIRST = dt.date(2026, 11, 1)
DAY = dt.timedelta(days=1)


def happens(cast: Cast, times: int = 3) -> list[int]:
    """So many things happen; their ids."""
    staff = cast.capacities["staff"]
    by = Actor(staff.account, staff)
    return [
        history.record("organisation.changed", place, actor=by, organisation=place, changes={"name": ["髙", "高"]}).pk
        for place in cast.pharmacies[:times]
    ]


@pytest.fixture
def days(cast: Cast) -> list[list[int]]:
    """The ids of what happened on each of three days, which are sealed as the seals 1 to 3."""
    found = []
    for number in range(3):
        found.append(happens(cast))
        sealing.seal(FIRST + number * DAY)
    return found


@pytest.fixture
def middle(days: list[list[int]]) -> Event:
    """The second event of the second day."""
    return Event.objects.get(pk=days[1][1])
