"""The plan of a release: the usual one, made with the release, changed, stopped for all or for one, begun again."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from members import history
from members.history import Actor
from notices import follow_ups
from notices.distribution.reminders import days, due
from notices.models import Notice, Receipt, Release, ReminderDay, ReminderPlan, Unreminded, UsualPlan
from notices.models.reminder import EARLIEST, ReminderPlanQuerySet


class CannotPlan(RuntimeError):
    """There is nothing to remind of; nothing was changed. Its text says why."""


@dataclass(frozen=True)
class Choice:
    """What a plan says; days as in ReminderPlan."""

    days: tuple[int, ...]
    hour: int
    most: int
    chairs_on: int | None
    staff_on: int | None


def usual(release: Release) -> Choice:
    """The association's usual plan for a release with, or without, a deadline."""
    return usually(from_deadline=days.counts_from_deadline(release))


def usually(*, from_deadline: bool) -> Choice:
    """The same for every release with, or without, a deadline: what the administrator chose, else the site's own."""
    if kept := UsualPlan.objects.filter(from_deadline=from_deadline).first():
        return Choice(tuple(kept.days), kept.hour, kept.most, kept.chairs_on, kept.staff_on)
    found = settings.REMINDER_DAYS if from_deadline else settings.REMINDER_DAYS_WITHOUT_DEADLINE
    return Choice(
        days=found,
        hour=settings.REMINDER_HOUR,
        most=settings.REMINDERS_MOST,
        chairs_on=found[-1] + settings.REMINDER_CHAIRS_AFTER,
        staff_on=found[-1] + settings.REMINDER_STAFF_AFTER,
    )


def of(release: Release) -> ReminderPlan | None:
    """The plan of a release; None where there is none."""
    return ReminderPlan.objects.filter(release=release).prefetch_related("days").first()


def choice_of(plan: ReminderPlan) -> Choice:
    """What a saved plan says."""
    offsets = tuple(day.offset for day in plan.days.all())
    return Choice(offsets, plan.hour, plan.most, plan.chairs_on, plan.staff_on)


def next_at(plan: ReminderPlan, now: dt.datetime) -> dt.datetime | None:
    """When the days of the plan come next, whoever is left by then; None once they are over."""
    planned = days.planned(plan.release, choice_of(plan).days)
    coming = (timezone.make_aware(dt.datetime.combine(each.day, dt.time(plan.hour))) for each in planned)
    return next((at for at in coming if at >= now), None)


def next_of(release: Release, now: dt.datetime) -> dt.datetime | None:
    """When the site next reminds of the release by itself; never where that is stopped, or a 再周知 asks instead."""
    plan = _going().filter(release=release).first()
    return None if plan is None or taken_over_by(release) else next_at(plan, now)


def coming(now: dt.datetime, until: dt.datetime) -> list[tuple[dt.datetime, Release]]:
    """The next reminder of each release that has one until then, the first first."""
    today, last = timezone.localdate(now), timezone.localdate(until)
    near = _going().counted_between(today - days.OVER_AFTER, last - dt.timedelta(days=EARLIEST))
    found = [(at, plan.release) for plan in near if (at := next_at(plan, now)) and at <= until]
    repeats = Release.objects.repeating().own().filter(repeats__in=[release.pk for _, release in found])
    again = set(repeats.values_list("repeats", flat=True))
    still = (each for each in found if each[1].pk not in again or not taken_over_by(each[1]))
    return sorted(still, key=lambda each: each[0])


def _going() -> ReminderPlanQuerySet:
    found = ReminderPlan.objects.going().select_related("release__notice", "release__passes_on")
    return found.prefetch_related("days", "release__notice__numbers")


def taken_over_by(release: Release) -> Notice | None:
    """The 再周知 that asks whoever is left, so that nobody is reminded by this plan; None where somebody is.

    Once that is withdrawn or stopped, the plan goes on.
    """
    by = follow_ups.repeated_by(release.notice)
    return None if by is None or due.is_anybody_left(release) else by


def begin(release: Release) -> None:
    """The plan with which a release goes out: the one made for its draft, else the usual one. An お知らせ has none.

    A plan that was chosen before the draft got, or lost, its deadline becomes the usual one: its days would mean
    others. Belongs into the transaction of the release.
    """
    plan = of(release)
    if not release.asks_confirmation:
        if plan:
            plan.delete()
        return
    if plan is None or not fits(release, plan):
        _write(release, usual(release))


def fits(release: Release, plan: ReminderPlan) -> bool:
    """Whether the plan's days count from what they were meant to count from: the deadline, or the release."""
    return plan.from_deadline == days.counts_from_deadline(release)


def chosen(release: Release) -> Choice:
    """What holds for the release, or will where it is a draft: its own plan where that fits, else the usual one."""
    plan = of(release)
    return choice_of(plan) if plan and fits(release, plan) else usual(release)


@transaction.atomic
def change_usual(choice: Choice, actor: Actor, *, from_deadline: bool) -> bool:
    """Every new release reminds by it from now on; what is out keeps its plan. Whether that changed anything."""
    if usually(from_deadline=from_deadline) == choice:
        return False
    plan, _ = UsualPlan.objects.update_or_create(from_deadline=from_deadline, defaults=asdict(choice))
    history.record("reminders.usual_changed", plan, actor=actor, reminder_days=choice.days, hour=choice.hour)
    return True


@transaction.atomic
def change(release_id: int, choice: Choice, actor: Actor) -> ReminderPlan:
    """Make or change the plan. Raises CannotPlan for an お知らせ, a superseded notice and a district's own letter."""
    release = _held(release_id)
    plan = of(release)
    if plan and fits(release, plan) and choice_of(plan) == choice:
        return plan
    plan = _write(release, choice)
    history.record("release.reminders_planned", release, actor=actor, reminder_days=choice.days, hour=choice.hour)
    return plan


@transaction.atomic
def stop(release_id: int, actor: Actor) -> None:
    """Nobody is reminded any more. Raises CannotPlan; stopping twice does nothing."""
    release = _held(release_id)
    if ReminderPlan.objects.filter(release=release, stopped_at=None).update(stopped_at=Now(), stopped_by=actor.account):
        history.record("release.reminders_stopped", release, actor=actor)


@transaction.atomic
def resume(release_id: int, actor: Actor) -> None:
    """Remind again by the plan, from now on. Raises CannotPlan; where nothing was stopped it does nothing."""
    release = _held(release_id)
    stopped = ReminderPlan.objects.filter(release=release, stopped_at__isnull=False)
    if stopped.update(stopped_at=None, stopped_by=None):
        history.record("release.reminders_resumed", release, actor=actor)


@transaction.atomic
def stop_for(receipt: Receipt, actor: Actor) -> None:
    """This recipient is not reminded of this notice any more."""
    _, made = Unreminded.objects.get_or_create(receipt=receipt, defaults={"stopped_by": actor.account})
    if made:
        history.record("receipt.reminders_stopped", receipt, actor=actor, organisation=receipt.organisation)


@transaction.atomic
def resume_for(receipt: Receipt, actor: Actor) -> None:
    """It is reminded again like the others."""
    deleted, _ = Unreminded.objects.filter(receipt=receipt).delete()
    if deleted:
        history.record("receipt.reminders_resumed", receipt, actor=actor, organisation=receipt.organisation)


def _held(release_id: int) -> Release:
    release = Release.objects.select_for_update(no_key=True).select_related("notice").get(pk=release_id)
    if release.passes_on_id:
        raise CannotPlan("地区の文書の再通知は、県薬剤師会の通知の予定に従います。")
    if not release.asks_confirmation:
        raise CannotPlan("お知らせは返事を求めないので、再通知しません。")
    if release.is_superseded:
        raise CannotPlan("この通知は、あとの通知で訂正または廃止されています。")
    return release


def _write(release: Release, choice: Choice) -> ReminderPlan:
    told = {name: getattr(choice, name) for name in ("hour", "most", "chairs_on", "staff_on")}
    told["from_deadline"] = days.counts_from_deadline(release)
    plan, _ = ReminderPlan.objects.update_or_create(release=release, defaults=told)
    plan.days.all().delete()
    ReminderDay.objects.bulk_create([ReminderDay(plan=plan, offset=offset) for offset in choice.days])
    return plan
