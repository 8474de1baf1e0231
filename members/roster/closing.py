"""閉局・退会の知らせ: a pharmacy that has closed, told by its district or by staff, until staff register it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members import history, tasking
from members.history import Actor
from members.models import Organisation, Task
from members.roster import editing

REGISTERED = "退会を登録しました"
NOT_CLOSED = "閉局していないことを確かめました"


class AlreadyLeft(Exception):
    """The pharmacy is registered as having left."""


class BeforeJoining(Exception):
    """The day lies before the one on which the pharmacy joined."""


class NotYet(Exception):
    """The pharmacy closes on a day that has not come: until then it is a recipient."""


@transaction.atomic
def report(organisation_id: int, closed_on: dt.date | None, remark: str, actor: Actor) -> Task:
    """「閉局した」, with the day where it is known: opens a task with this as its answer.

    Where one is open already, its answer is now this one. Raises AlreadyLeft.
    """
    organisation = tasking.hold(organisation_id)
    if organisation.left_on:
        raise AlreadyLeft
    task = organisation.tasks.still_open().filter(kind=Task.Kind.CLOSED).first()
    task = task or Task(organisation=organisation, kind=Task.Kind.CLOSED, reason="閉局または退会したとの知らせです")
    is_new = task.pk is None
    task.says, task.value_on, task.remark = Task.Says.CLOSED, closed_on, remark
    task.proposed_at, task.proposed_by = timezone.now(), actor.capacity
    task.returned_at, task.returned_by, task.returned_reason = None, None, ""
    if is_new:
        return tasking.open_(task, actor)
    task.save()
    history.record("task.answered", task, actor=actor, organisation=organisation, says=task.says)
    return task


@transaction.atomic
def register(task: Task, actor: Actor) -> None:
    """The pharmacy has left, on the day that the answer names, else today. The caller holds the organisation.

    Raises BeforeJoining and NotYet.
    """
    if task.is_planned:
        raise NotYet
    organisation = Organisation.objects.get(pk=task.organisation_id)
    left_on = task.value_on or timezone.localdate()
    if organisation.joined_on and left_on < organisation.joined_on:
        raise BeforeJoining
    tasking.close(task, REGISTERED, actor)
    editing.change(organisation.pk, {"left_on": left_on}, editing.state_of(organisation), actor)


@transaction.atomic
def dismiss(task_id: int, actor: Actor) -> Task:
    """「閉局していない」: nothing is changed. Raises NotOpen."""
    return tasking.close(tasking.held_open(task_id), NOT_CLOSED, actor)
