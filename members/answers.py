"""地区の回答: what a district finds out about its roster. It is a proposal until staff approve it or send it back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from members import addresses, history, tasking
from members.history import Actor
from members.models import Task
from members.models.officer import Office
from members.roster import closing, offices

Says = Task.Says


class AnsweredAnew(Exception):
    """The answer was changed, or sent back, since the page was opened."""


class CannotApply(Exception):
    """The roster does not take what the answer says; nothing was changed. Its text says why, and what to do."""


@dataclass(frozen=True)
class Answer:
    """What the district says: a new address, the next holder of an office, a day of closing, or that it is unknown."""

    says: Says
    value: str = ""
    email: str = ""
    on: dt.date | None = None
    remark: str = ""


@transaction.atomic
def propose(task_id: int, answer: Answer, actor: Actor) -> Task:
    """Keep the answer with who gave it and when, instead of an earlier one. Raises NotOpen."""
    task = tasking.held_open(task_id)
    task.says, task.value, task.value_email = answer.says, answer.value, answer.email
    task.value_on, task.remark = answer.on, answer.remark
    task.proposed_at, task.proposed_by = timezone.now(), actor.capacity
    task.returned_at, task.returned_by, task.returned_reason = None, None, ""
    task.save()
    history.record("task.answered", task, actor=actor, organisation=task.organisation, says=answer.says)
    return task


@transaction.atomic
def approve(task_id: int, seen: str, actor: Actor) -> Task:
    """「この内容で直す」: the roster says what the answer says, in the name of both; the task is closed.

    `seen` is `sign` of the answer that was on the page. Raises NotOpen, AnsweredAnew or CannotApply.
    """
    task = _answered(task_id, seen)
    apply = APPLY.get(Says(task.says))
    if apply is None:
        raise CannotApply("この回答だけでは、名簿に入れる内容が決まりません。名簿を開いて、登録を直してください。")
    apply(task, Actor(actor.account, actor.capacity, proposed_by=task.proposed_by.account))
    return Task.objects.get(pk=task_id)


@transaction.atomic
def send_back(task_id: int, seen: str, reason: str, actor: Actor) -> Task:
    """「差し戻す」: the district is asked again, and reads the reason. Raises NotOpen or AnsweredAnew."""
    task = _answered(task_id, seen)
    task.returned_at, task.returned_by, task.returned_reason = timezone.now(), actor.account, reason
    task.save()
    history.record("task.returned", task, actor=actor, organisation=task.organisation, reason=reason)
    return task


def sign(task: Task) -> str:
    """Which answer the task has: another one has another sign."""
    return task.proposed_at.isoformat() if task.proposed_at else ""


def _answered(task_id: int, seen: str) -> Task:
    task = tasking.held_open(task_id)
    if task.state != "answered" or sign(task) != seen:
        raise AnsweredAnew
    return task


# What each answer does ------------------------------------------------------------------------------------------------


def _address(task: Task, actor: Actor) -> None:
    try:
        addresses.correct(task.pk, task.value, actor)
    except addresses.AlreadyThere as error:
        raise CannotApply("もう登録されているアドレスです。届かなかったほうは「使わない」を選べます。") from error
    except addresses.NotInRoster as error:
        raise CannotApply("名簿が変わり、届かなかった宛先はもう登録されていません。") from error


def _closed(task: Task, actor: Actor) -> None:
    try:
        closing.register(task, actor)
    except closing.NotYet as error:
        words = (
            "閉局の日がまだ来ていません。その日になったら、もう一度押してください。それまでは、通知の宛先のままです。"
        )
        raise CannotApply(words) from error
    except closing.BeforeJoining as error:
        raise CannotApply("閉局の日が、名簿の入会日より前です。差し戻すか、名簿の日付を直してください。") from error


def _open(task: Task, actor: Actor) -> None:
    closing.dismiss(task.pk, actor)


def _holder(task: Task, actor: Actor) -> None:
    since = task.value_on or timezone.localdate()
    try:
        offices.take(task.organisation_id, Office(task.office), task.value, task.value_email, since, actor)
    except offices.TermsOverlap as error:
        words = (
            f"就任日よりあとに就任した人（{error.officer.name}さん）がいます。差し戻すか、役員の登録を直してください。"
        )
        raise CannotApply(words) from error


APPLY: dict[Says, Callable[[Task, Actor], None]] = {
    Says.ADDRESS: _address,
    Says.CLOSED: _closed,
    Says.OPEN: _open,
    Says.HOLDER: _holder,
}
