"""The days of a plan: counted from the deadline or the release, moved to working days. No deadline ever moves."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from members import workdays
from notices.models import Release
from notices.models.reminder import LATEST

# Later deadlines are mistyped: nobody is reminded of them, and no day is counted from them.
FARTHEST = dt.timedelta(days=3 * 366)

# A plan's last day, moved over the longest closure.
OVER_AFTER = dt.timedelta(days=LATEST + workdays.LONGEST_CLOSURE)


@dataclass(frozen=True)
class Planned:
    """A working day on which somebody is reminded, the day of the plan that it stands for, and where that fell."""

    day: dt.date
    offset: int
    meant: dt.date

    @property
    def moved_from(self) -> str:
        """Why it is not the day that was meant: 11月23日は勤労感謝の日; empty where it is."""
        if self.day == self.meant:
            return ""
        return f"{self.meant.month}月{self.meant.day}日は{workdays.why_not(self.meant)}"


def counts_from_deadline(release: Release) -> bool:
    """Whether its days are counted from a deadline."""
    return bool(release.deadline or (release.passes_on_id and release.passes_on.deadline))


def on(release: Release, offset: int) -> dt.date:
    """The working day for one day of the plan."""
    return workdays.on_or_after(release.counted_from + dt.timedelta(days=offset))


def planned(release: Release, offsets: Iterable[int]) -> list[Planned]:
    """The days on which a release's recipients are reminded, the first first.

    None is on the day of the release or before. Where several days of the plan fall together, the last counts.
    """
    found: dict[dt.date, Planned] = {}
    for offset in sorted(offsets):
        each = Planned(on(release, offset), offset, release.counted_from + dt.timedelta(days=offset))
        if each.day > (release.released_on or timezone.localdate()):
            found[each.day] = each
    return list(found.values())
