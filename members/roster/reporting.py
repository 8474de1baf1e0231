"""登録の変更の知らせ: a pharmacy tells what is registered of it wrongly, until staff have put it right."""

from django.db import transaction
from django.utils import timezone

from members import history, tasking
from members.history import Actor
from members.models import Task

REASON = "登録の内容が変わった、または違っているとの、薬局からの知らせです"
SETTLED = "知らせを確かめて、登録を直しました"


@transaction.atomic
def report(organisation_id: int, what: str, actor: Actor) -> Task:
    """Keep what the pharmacy tells, instead of what it told before and nobody has settled."""
    organisation = tasking.hold(organisation_id)
    task = organisation.tasks.still_open().filter(kind=Task.Kind.CHANGED).first()
    is_new = task is None
    task = task or Task(organisation=organisation, kind=Task.Kind.CHANGED, reason=REASON)
    task.says, task.remark = Task.Says.CHANGED, what
    task.proposed_at, task.proposed_by = timezone.now(), actor.capacity
    if is_new:
        return tasking.open_(task, actor)
    task.save()
    history.record("task.answered", task, actor=actor, organisation=organisation, says=task.says)
    return task


@transaction.atomic
def settle(task_id: int, actor: Actor) -> Task:
    """「登録を直した」: staff have done by hand what the pharmacy told. Raises NotOpen."""
    return tasking.close(tasking.held_open(task_id), SETTLED, actor)
