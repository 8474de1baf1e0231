"""メールアドレス of an organisation, as staff keep them: changed, taken out of use and into use again, removed.

What was sent keeps the address to which it was sent. Where the address has an open task, this settles it.
"""

from collections.abc import Callable

from django.db import transaction

from members import addresses, history, tasking
from members.history import Actor
from members.models import Mailbox, Task

REMOVED = "この宛先を名簿から消しました"


class ChangedMeanwhile(Exception):
    """The mailbox has another address by now, or is gone."""


@transaction.atomic
def change(key: int, address: str, seen: str, actor: Actor) -> None:
    """Give the mailbox this address instead of the one that was `seen`; the new one is in use.

    Raises ChangedMeanwhile, or addresses.AlreadyThere where the organisation has the new address already.
    """
    mailbox = _held(key)
    if mailbox.address != seen:
        raise ChangedMeanwhile
    if address == seen:
        return
    if mailbox.organisation.mailboxes.filter(address__iexact=address).exclude(pk=key).exists():
        raise addresses.AlreadyThere(address)
    if task := _task(mailbox):
        addresses.correct(task.pk, address, actor)
        return
    Mailbox.objects.filter(pk=key).update(address=address, usable=True)
    _tell("mailbox.changed", mailbox, actor, seen, address)


@transaction.atomic
def resume(key: int, actor: Actor) -> None:
    """「また使う」: messages go to the address from now on. Raises ChangedMeanwhile."""
    _use(_held(key), True, addresses.keep, "mailbox.resumed", actor)


@transaction.atomic
def stop(key: int, actor: Actor) -> None:
    """「使わない」: nothing is sent to the address any more, which stays known. Raises ChangedMeanwhile."""
    _use(_held(key), False, addresses.drop, "mailbox.stopped", actor)


@transaction.atomic
def remove(key: int, actor: Actor) -> None:
    """Take an address that was wrong out of the roster. Raises ChangedMeanwhile where it is gone already."""
    mailbox = _held(key)
    if task := _task(mailbox):
        tasking.close(task, REMOVED, actor)
    _tell("mailbox.removed", mailbox, actor, mailbox.address, "")
    mailbox.delete()


def _use(mailbox: Mailbox, usable: bool, settle: Callable[[int, Actor], Task], verb: str, actor: Actor) -> None:
    if task := _task(mailbox):
        settle(task.pk, actor)
    if mailbox.usable == usable:
        return
    Mailbox.objects.filter(pk=mailbox.pk).update(usable=usable)
    history.record(verb, mailbox, actor=actor, organisation=mailbox.organisation, address=mailbox.address)


def _held(key: int) -> Mailbox:
    """The mailbox as it is now, its organisation's row held."""
    organisation = Mailbox.objects.filter(pk=key).values_list("organisation", flat=True).first()
    if organisation is None:
        raise ChangedMeanwhile
    tasking.hold(organisation)
    mailbox = Mailbox.objects.filter(pk=key).select_related("organisation").first()
    if mailbox is None:
        raise ChangedMeanwhile
    return mailbox


def _task(mailbox: Mailbox) -> Task | None:
    """The open task about this address."""
    return Task.objects.still_open().filter(mailbox=mailbox).first()


def _tell(verb: str, mailbox: Mailbox, actor: Actor, before: str, after: str) -> None:
    changes = {"mailbox": [before, after]}
    history.record(verb, mailbox, actor=actor, organisation=mailbox.organisation, changes=changes)
