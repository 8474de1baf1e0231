"""名簿の確認: opening a task and closing it, whatever it is about.

Whoever changes a task holds its organisation's row first, so that no place of the roster gets two.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import history
from members.history import NOBODY, Actor
from members.models import Organisation, Task

LEFT = "退会したため、確かめることはなくなりました"
CORRECTED = "名簿の登録が直りました"


class NotOpen(Exception):
    """Somebody has closed the task meanwhile: `task`."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"先に済んでいます（{task.answer}）。")
        self.task = task


def hold(organisation_id: int) -> Organisation:
    """Hold the organisation's row until the transaction ends; others may still refer to it."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def held(task_id: int) -> Task:
    """The task as it is now, its organisation's row held."""
    hold(Task.objects.values_list("organisation", flat=True).get(pk=task_id))
    related = ("organisation", "mailbox", "officer", "proposed_by__account")
    return Task.objects.select_related(*related).get(pk=task_id)


def held_open(task_id: int) -> Task:
    """The same. Raises NotOpen."""
    task = held(task_id)
    if task.closed_at:
        raise NotOpen(task)
    return task


def open_(task: Task, actor: Actor = NOBODY) -> Task:
    """Write a new task, and tell of it. The caller holds the organisation and has seen that there is none."""
    task.save()
    about = {"channel": task.channel} if task.channel else {"office": task.office} if task.office else {}
    history.record(
        "task.raised", task, actor=actor, organisation=task.organisation, kind=task.kind, reason=task.reason, **about
    )
    return task


def close(task: Task, answer: str, actor: Actor, **detail: Any) -> Task:
    """The task is settled: `answer` says how."""
    task.closed_at, task.closed_by, task.answer = timezone.now(), actor.account, answer
    task.save()
    history.record("task.closed", task, actor=actor, organisation=task.organisation, answer=answer, **detail)
    return task


@transaction.atomic
def close_those(found: Q, organisation: Organisation, answer: str, actor: Actor) -> None:
    """Close the organisation's open tasks of which this is true. The caller holds the organisation."""
    for task in Task.objects.still_open().filter(found, organisation=organisation):
        close(task, answer, actor)
