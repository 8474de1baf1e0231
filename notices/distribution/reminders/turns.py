"""What the plans of all releases say for one day: of which release who is reminded, or which chairs get a list."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from members import workdays
from notices.distribution.reminders import days
from notices.models import Mention, Release, ReminderPlan

logger = logging.getLogger(__name__)

What = Mention.What
# A chair who had another reminder on the day of the list gets it on the next ones, for a week.
LISTS_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Turn:
    """What a plan says for one day about the receipts of one release."""

    plan: ReminderPlan
    release: Release
    what: str
    offset: int


def on(day: dt.date) -> Iterator[Turn]:
    """What the plans say for that day. One that cannot be counted is told to the log, and stops no other."""
    oldest = day - days.OVER_AFTER
    plans = ReminderPlan.objects.going().counted_between(oldest, day + days.FARTHEST)
    letters = Release.objects.filter(state__in=[Release.State.SENDING, Release.State.SENT]).select_related("passes_on")
    for plan in plans.select_related("release").prefetch_related("days", Prefetch("release__passed_on", letters)):
        try:
            found = list(_turns_of(plan, day))
        except (workdays.AlwaysClosed, OverflowError):
            logger.exception("The days of the reminders of release %s cannot be counted", plan.release_id)
        else:
            yield from found


def _turns_of(plan: ReminderPlan, day: dt.date) -> Iterator[Turn]:
    """About its release, and the districts' letters that pass it on."""
    offsets = [each.offset for each in plan.days.all()]
    for release in [plan.release, *plan.release.passed_on.all()]:
        for planned in days.planned(release, offsets):
            if planned.day == day:
                yield Turn(plan, release, What.ANSWER, planned.offset)
    if plan.chairs_on is not None:
        first = days.on(plan.release, plan.chairs_on)
        if first <= day < first + LISTS_FOR and day > plan.release.released_on:
            yield Turn(plan, plan.release, What.MEMBERS, plan.chairs_on)
