"""届かない宛先: an address at which nobody is reached, from the first complaint to what staff make of it.

An address belongs to one organisation's roster: where two share it, each has its own task.
"""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import contacts, history, tasking
from members.history import NOBODY, Actor
from members.models import Event, Mailbox, Officer, Organisation, Task
from members.models.organisation import Channel

CORRECTED = "新しい宛先に直しました"
KEPT = "この宛先のまま使うことにしました"
DROPPED = "この宛先は使わないことにしました"
WITHDRAWN = "宛先の問題ではなかったため、取り消しました"


class NotTheLatest(Exception):
    """What the task made of the roster has been changed since, or the address has an open task again."""


class NotInRoster(Exception):
    """The roster has changed: it no longer holds the address that the task is about."""


class AlreadyThere(Exception):
    """The organisation has the new address already."""


# What goes wrong ------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(
    organisation: Organisation,
    channel: str,
    address: str,
    reason: str,
    *,
    suspend: bool,
    message_key: uuid.UUID | None = None,
) -> Task | None:
    """Nobody is reached at the address: open its task. With `suspend` its mailbox is out of use until it is closed.

    Gives the task; None where the roster no longer writes to the address, or staff have put it out of use.
    """
    tasking.hold(organisation.pk)
    known = Task.objects.still_open().filter(organisation=organisation, channel=channel, address__iexact=address)
    if task := known.select_related("mailbox").first():
        if suspend and _suspend(task):
            task.reason, task.message_key = reason[:300], message_key
            task.save()
        return task
    task = Task(
        organisation=organisation, channel=channel, address=address, reason=reason[:300], message_key=message_key
    )
    if not _place(task) or (task.mailbox and not task.mailbox.usable):
        return None
    if suspend:
        _suspend(task)
    return tasking.open_(task)


@transaction.atomic
def withdraw(message_keys: Iterable[uuid.UUID]) -> None:
    """The addresses of these messages are not to blame after all: close what was opened over them."""
    found = Task.objects.still_open().filter(message_key__in=list(message_keys)).order_by("organisation", "pk")
    for key in list(found.values_list("pk", flat=True)):
        task = tasking.held(key)
        if task.closed_at:
            continue  # staff have looked after it in this moment
        if task.suspends:
            _write(task, task.address, usable=True)
        tasking.close(task, WITHDRAWN, NOBODY)


def _place(task: Task) -> bool:
    """Find where the roster has the address; False where it has it no more."""
    organisation = task.organisation
    if task.channel == Channel.FAX:
        return contacts.digits(organisation.fax) == contacts.digits(task.address) != ""
    if task.channel == Channel.EMAIL:
        task.mailbox = organisation.mailboxes.filter(address__iexact=task.address).first()
        holding = organisation.officers.holding(timezone.localdate())
        task.officer = None if task.mailbox else holding.filter(email__iexact=task.address).first()
    return bool(task.mailbox or task.officer)


def _suspend(task: Task) -> bool:
    """Take the task's mailbox out of use; False where there is none, or it is out of use already."""
    if task.mailbox is None or not task.mailbox.usable:
        return False
    Mailbox.objects.filter(pk=task.mailbox_id).update(usable=False)
    task.suspends = True
    return True


# What staff make of it ------------------------------------------------------------------------------------------------


@transaction.atomic
def correct(task_id: int, address: str, actor: Actor) -> Task:
    """「新しいアドレスに直す」: the roster has the new address from now on.

    Raises NotOpen, NotInRoster, or AlreadyThere when the organisation is written to at the new address already.
    """
    task = tasking.held_open(task_id)
    others = Mailbox.objects.filter(organisation=task.organisation).exclude(pk=task.mailbox_id)
    if task.mailbox and others.filter(address__iexact=address).exists():
        raise AlreadyThere(address)
    if not _write(task, address, usable=True):
        raise NotInRoster(task.address)
    _record_change(task, address, actor)
    return tasking.close(task, CORRECTED, actor)


def _record_change(task: Task, address: str, actor: Actor) -> None:
    """What the roster has now; not where it is a person's own, who is forgotten one day."""
    about = {"actor": actor, "organisation": task.organisation}
    if task.officer_id:
        history.record("officer.corrected", task.officer, **about, fields=["email"])
        return
    verb, place = ("fax.changed", "fax") if task.channel == Channel.FAX else ("mailbox.changed", "mailbox")
    history.record(verb, task, **about, changes={place: [task.address, address]})


@transaction.atomic
def keep(task_id: int, actor: Actor) -> Task:
    """「このまま使う」: the address is right, and messages go to it again. Raises NotOpen."""
    task = tasking.held_open(task_id)
    _write(task, task.address, usable=True)
    return tasking.close(task, KEPT, actor)


@transaction.atomic
def drop(task_id: int, actor: Actor) -> Task:
    """「使わない」: nothing is sent to the address any more. Raises NotOpen."""
    task = tasking.held_open(task_id)
    _write(task, task.address, usable=False)
    return tasking.close(task, DROPPED, actor)


def is_in_roster(task: Task) -> bool:
    """Whether the roster still has the address that the task is about."""
    return _place(task)


@transaction.atomic
def reopen(task_id: int, actor: Actor) -> Task:
    """Take back what closed the task: the roster is as it was before. Does nothing to an open one.

    Raises NotTheLatest where the same place of the roster has had another task since, or holds another value than the
    one that closing the task wrote there.
    """
    task = tasking.held(task_id)
    if task.closed_at is None:
        return task
    if Task.objects.filter(_same_place(task), pk__gt=task.pk).exists() or not _stands(task):
        raise NotTheLatest(str(task))
    _write(task, task.address, usable=not task.suspends)
    task.closed_at, task.closed_by, task.answer = None, None, ""
    task.save()
    history.record("task.reopened", task, actor=actor, organisation=task.organisation)
    return task


@transaction.atomic
def add(organisation_id: int, address: str, actor: Actor) -> Mailbox:
    """One more e-mail address of an organisation. Raises AlreadyThere."""
    organisation = tasking.hold(organisation_id)
    if organisation.mailboxes.filter(address__iexact=address).exists():
        raise AlreadyThere(address)
    mailbox = organisation.mailboxes.create(address=address)
    changes = {"mailbox": ["", address]}
    history.record("mailbox.added", organisation, actor=actor, organisation=organisation, changes=changes)
    return mailbox


def _same_place(task: Task) -> Q:
    address = Q(channel=task.channel, address__iexact=task.address)
    if task.mailbox_id:
        address |= Q(mailbox=task.mailbox_id)
    elif task.officer_id:
        address |= Q(officer=task.officer_id)
    elif task.channel == Channel.FAX:
        address |= Q(channel=Channel.FAX)
    return Q(organisation=task.organisation_id) & address


def _stands(task: Task) -> bool:
    """Whether the task's place in the roster is as closing the task left it."""
    now = _address_now(task)
    if now is None:
        return False
    if task.officer_id:
        since = Event.objects.filter(subject_kind="officer", subject_id=task.officer_id, verb="officer.corrected")
        return not since.filter(at__gt=task.closed_at).exists()
    written = Event.objects.filter(subject_kind="task", subject_id=task.pk, verb__in=["fax.changed", "mailbox.changed"])
    if task.answer == CORRECTED and (last := written.order_by("-pk").first()):
        [(_, left)] = last.detail["changes"].values()
    else:
        left = "" if task.answer == DROPPED and task.mailbox_id is None else task.address
    taken = Mailbox.objects.filter(organisation=task.organisation_id, address__iexact=task.address)
    return now == left and not (task.mailbox_id and taken.exclude(pk=task.mailbox_id).exists())


def _address_now(task: Task) -> str | None:
    """What the roster holds where the task has its place; None where that place is gone."""
    if task.mailbox_id:
        return Mailbox.objects.filter(pk=task.mailbox_id).values_list("address", flat=True).first()
    if task.officer_id:
        return Officer.objects.filter(pk=task.officer_id).values_list("email", flat=True).first()
    return task.organisation.fax if task.channel == Channel.FAX else None


def _write(task: Task, address: str, *, usable: bool) -> bool:
    """Write the address where the task has its place in the roster; False where that place is gone.

    A mailbox keeps an address that is out of use; a FAX number or an officer's own is then empty.
    """
    if task.mailbox_id:
        return bool(Mailbox.objects.filter(pk=task.mailbox_id).update(address=address, usable=usable))
    if task.officer_id:
        return bool(Officer.objects.filter(pk=task.officer_id).update(email=address if usable else ""))
    if task.channel == Channel.FAX:
        task.organisation.fax = address if usable else ""
        task.organisation.save()
        return True
    return False
