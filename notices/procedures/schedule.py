"""発出の予約: a draft that is released by itself at its time, once.

The time stands in the database and comes by the database's clock: a machine whose clock jumps releases nothing early,
and nothing twice. What was due while no worker ran goes out as soon as one does. Until then nobody changes the draft.
"""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from members import access, history, wareki
from members.history import Actor
from notices.models import Notice, Release
from notices.procedures import issue, refusals
from notices.procedures.approval_needed import approval_of
from notices.procedures.refusals import (
    AlreadyReleased,
    AlreadyScheduled,
    NoLongerStaff,
    NotDue,
    ScheduledInAnotherYear,
    ScheduledOnAnotherDay,
    TimeOver,
)

logger = logging.getLogger(__name__)

REASON_LENGTH = Release._meta.get_field("schedule_failed").max_length


@transaction.atomic
def schedule(notice_id: int, when: dt.datetime, actor: Actor, *, on_another_day: bool = False) -> Release:
    """Have a draft released at that moment, in the name of the actor.

    Raises one of refusals.REFUSALS where a release on that day would, and AlreadyScheduled, TimeOver,
    ScheduledInAnotherYear and, unless `on_another_day` says that it is meant, ScheduledOnAnotherDay.
    """
    notice = issue.locked(notice_id)
    plan = issue.plan_of(notice)
    if plan.scheduled_at:
        raise AlreadyScheduled(plan)
    if when <= plan.now:
        raise TimeOver(str(plan))
    day = timezone.localdate(when)
    issue.check(plan, day)
    _check_date(notice, day, on_another_day)
    approval_of(plan, day)
    plan.scheduled_at, plan.scheduled_by, plan.scheduled_as = when, actor.account, actor.capacity
    plan.schedule_failed = ""
    plan.save()
    history.record("release.scheduled", plan, actor=actor, time=when.isoformat())
    return plan


def _check_date(notice: Notice, day: dt.date, on_another_day: bool) -> None:
    """The letter's date is fixed; somebody has to mean it where it goes out on another day."""
    if notice.date and wareki.fiscal_year(notice.date) != wareki.fiscal_year(day):
        raise ScheduledInAnotherYear(notice.date, day)
    if notice.date and notice.date != day and not on_another_day:
        raise ScheduledOnAnotherDay(notice.date, day)


@transaction.atomic
def unschedule(notice_id: int, actor: Actor) -> bool:
    """Take the schedule back; False where there is none. Raises AlreadyReleased or NotIssued."""
    plan = issue.plan_of(issue.locked(notice_id))
    if plan.scheduled_at is None:
        return False
    time, plan.scheduled_at = plan.scheduled_at, None
    plan.save()
    history.record("release.unscheduled", plan, actor=actor, time=time.isoformat())
    return True


def release_due() -> int:
    """Release what is due; gives how many. Called by many at once, each is released by one of them.

    One that is refused loses its schedule and keeps the reason; where anything else fails, it is tried again next time.
    """
    return sum(_release(plan) for plan in Release.objects.due().select_related("scheduled_by", "scheduled_as"))


def _release(plan: Release) -> bool:
    try:
        issue.release(plan.notice_id, _scheduler(plan), scheduled_for=plan.scheduled_at)
    except (AlreadyReleased, NotDue):
        return False  # another worker was first, or somebody has undone it in this moment
    except refusals.REFUSALS as refusal:
        logger.warning("The schedule of notice %s was not carried out: %r", plan.notice_id, refusal)
        _give_up(plan, refusals.words(refusal))
        return False
    except Exception:
        logger.exception("The release of notice %s failed; it stays scheduled.", plan.notice_id)
        return False
    return True


def _scheduler(plan: Release) -> Actor:
    """Who scheduled it, who still has to be one who may release."""
    account, capacity = plan.scheduled_by, plan.scheduled_as
    if not account.is_active or not access.can_publish(capacity) or not capacity.is_current:
        raise NoLongerStaff(str(plan))
    return Actor(account, capacity)


@transaction.atomic
def _give_up(plan: Release, reason: str) -> None:
    same = Release.objects.filter(pk=plan.pk, scheduled_at=plan.scheduled_at)
    if same.update(scheduled_at=None, schedule_failed=reason[:REASON_LENGTH]):
        history.record("release.unscheduled", plan, time=plan.scheduled_at.isoformat(), reason=reason)
