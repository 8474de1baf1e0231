"""訂正: an account's name, and the address with which its person signs in, as they should be."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from members import history
from members.accounts import mailing, sessions
from members.accounts.capacities import Oneself
from members.history import Actor
from members.models import Account


class AddressTaken(Exception):
    """Another account has the address."""


@transaction.atomic
def correct(key: int, name: str, email: str, actor: Actor) -> str:
    """Give the account this name and address; gives the address before, empty where it stays.

    With another address every session ends: whoever reads mail there proves it anew. Raises Oneself where somebody
    would change the own address, and AddressTaken. The history keeps neither name nor address.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=key)
    before, moves = account.email, account.email.lower() != email.lower()
    if moves and account == actor.account:
        raise Oneself
    fields = [field for field, is_new in (("name", account.name != name), ("email", moves)) if is_new]
    if not fields:
        return ""
    account.name = name
    if moves:
        account.email, account.verified_at = email.lower(), None
        EmailAddress.objects.filter(user=account).delete()
        sessions.end_all(account)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise AddressTaken from error
    history.record("account.corrected", account, actor=actor, fields=fields)
    return before if moves else ""


def tell(account: Account, before: str) -> None:
    """Mail the new address how to sign in, and the old one that it does no more; each alone. Raises mailing.NotSent."""
    context = {"account": account, "signin": settings.SITE_URL + reverse("account_login")}
    for address, of_old in ((account.email, False), (before, True)):
        body = render_to_string("account/email/address_message.txt", context | {"of_old": of_old})
        mailing.send(address, "「周知」のサインインのアドレスが変わりました", body)
