"""Disabling an account: whoever is signed in to it is out at the next request."""

from django.db import transaction

from members import history
from members.accounts.capacities import LastAdministrator, Oneself, held_administrators
from members.accounts.sessions import end_all
from members.history import Actor
from members.models import Account


@transaction.atomic
def disable(key: int, actor: Actor) -> Account:
    """Raises Oneself and LastAdministrator."""
    administrators = held_administrators()
    account = Account.objects.select_for_update(no_key=True).get(pk=key)
    if actor.account == account:
        raise Oneself
    if account.pk in administrators and len(administrators) == 1:
        raise LastAdministrator
    if account.is_active:
        _set(account, False, "account.disabled", actor)
        end_all(account)
    return account


@transaction.atomic
def enable(key: int, actor: Actor) -> Account:
    account = Account.objects.select_for_update(no_key=True).get(pk=key)
    if not account.is_active:
        _set(account, True, "account.enabled", actor)
    return account


def _set(account: Account, is_active: bool, verb: str, actor: Actor) -> None:
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    history.record(verb, account, actor=actor)
