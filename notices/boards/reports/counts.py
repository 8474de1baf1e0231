"""Numbers of pharmacies as they stood at a moment, and the rates made of them."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from django.utils import timezone

from notices.boards.reports.standing import Standing
from notices.models.receipt import Reach
from notices.rates import Rates

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Counts(Rates):
    """確認率 is confirmed / recipients, 完了率 is finished / (recipients − 対象外).

    `late` were confirmed after the end of the deadline's day; `overdue` were not confirmed although it was over.
    Beside the recipients so many pharmacies were `untold`: the notice concerned them and waited at their district. No
    rate counts them, as on the board.
    """

    recipients: int = 0
    confirmed: int = 0
    confirmed_on_behalf: int = 0
    finished: int = 0
    finished_on_behalf: int = 0
    not_applicable: int = 0
    not_applicable_on_behalf: int = 0
    late: int = 0
    overdue: int = 0
    untold: int = 0

    @property
    def concerned(self) -> int:
        """対象薬局: all for whom the notice is."""
        return self.recipients + self.untold

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)})

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(**{each.name: getattr(self, each.name) - getattr(other, each.name) for each in fields(Counts)})


def count(standings: Iterable[Standing], moment: dt.datetime) -> Counts:
    """The counts of these recipients."""
    found: Counter[str] = Counter()
    today = timezone.localdate(moment)
    for one in standings:
        found["recipients"] += 1
        for fact in ("confirmed", "finished", "not_applicable"):
            if declared := getattr(one, fact):
                found[fact] += 1
                found[f"{fact}_on_behalf"] += declared.is_on_behalf
        found["late"] += _is_late(one)
        found["overdue"] += one.deadline is not None and one.deadline < today and one.confirmed is None
    return Counts(**found)


def _is_late(one: Standing) -> bool:
    """Whether it was confirmed after the day of the deadline, which ends at midnight in Tokyo."""
    return bool(one.confirmed and one.deadline) and timezone.localdate(one.confirmed.at) > one.deadline


@dataclass(frozen=True)
class Sending:
    """Recipients by how far their messages had come; their sum is all recipients."""

    sent: int = 0
    waiting: int = 0
    other: int = 0
    failed: int = 0
    stopped: int = 0


def sending(reaches: Mapping[int, Reach], keys: Collection[int]) -> Sending:
    """The recipients of these keys."""
    return Sending(**Counter(reaches[key].value for key in keys))


@dataclass(frozen=True)
class Days:
    """After how many days (24 hours) from the release a quarter, half, three quarters of all recipients had confirmed.

    None where so many have not. Those who never answer count as well, so that few quick answers make no quick notice.
    """

    quarter: float | None = None
    half: float | None = None
    three_quarters: float | None = None


def answer_days(times: Iterable[dt.datetime], recipients: int, released_at: dt.datetime) -> Days:
    """From the times of their confirmations."""
    confirmed = sorted(times)
    found = (confirmed[place - 1] if 0 < place <= len(confirmed) else None for place in places(recipients))
    return Days(*(at and waited(at, released_at) for at in found))


def places(recipients: int) -> list[int]:
    """Which of their confirmations, counted from the first, makes a quarter, half, three quarters; 0 without any."""
    return [math.ceil(share * recipients) for share in QUARTERS]


def waited(at: dt.datetime, released_at: dt.datetime) -> float:
    """Days from the release, to a tenth."""
    return max(0.0, round((at - released_at) / dt.timedelta(days=1), 1))
