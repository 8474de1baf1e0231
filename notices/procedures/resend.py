"""A new personal address, mailed to a registered address of the recipient and to nobody else."""

import hashlib

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from redis.exceptions import RedisError

from members import history
from members.history import NOBODY, Actor
from members.models import Organisation
from members.models.officer import Office
from members.models.organisation import Kind
from notices import personal
from notices.distribution import outbox, recipients
from notices.models import Delivery, Receipt

HOUR = 60 * 60
PER_ADDRESS = 3  # an hour
PER_CLIENT = 20  # an hour; pharmacies of one chain may share a line


class AskedTooOften(Exception):
    """More requests in an hour than anybody needs, for an address or from a place."""


class NotNow(Exception):
    """The counters are away: without them nothing is sent."""


class UnknownAddress(LookupError):
    """Not a registered address of the recipient."""


def ask(claimed: str, address: str, client: str) -> None:
    """Someone whose personal address does not open asks for a new one.

    `claimed` is the token as it came, `client` whence it came. Nothing tells whether the address is registered:
    the answer is None either way. Raises AskedTooOften and NotNow before looking at the address.
    """
    _count("address", address.lower(), PER_ADDRESS)
    _count("client", client, PER_CLIENT)
    holders = _holders(address)
    delivery = personal.delivery_named(claimed)
    if delivery and delivery.receipt.organisation in holders:
        send(delivery.receipt, address, actor=NOBODY)
        return
    for organisation in holders:
        latest = organisation.receipts.order_by("-release__released_at", "-pk").first()
        if latest:
            send(latest, address, actor=NOBODY)


def registered(organisation: Organisation) -> list[str]:
    """The addresses at which an organisation is written to: its mailboxes, and a district's chair while in office."""
    found = [mailbox.address for mailbox in organisation.mailboxes.all()]
    if organisation.kind == Kind.DISTRICT:
        chairs = organisation.officers.filter(office=Office.CHAIR).holding(timezone.localdate())
        found += [chair.email for chair in chairs if chair.email]
    return found


def _holders(address: str) -> list[Organisation]:
    """The organisations that are written to at the address; several may share it."""
    known = Q(mailboxes__address__iexact=address) | Q(officers__email__iexact=address)
    return [found for found in Organisation.objects.filter(known).distinct() if _spelled(found, address)]


def _spelled(organisation: Organisation, address: str) -> str | None:
    """The address as it is registered, whatever its case was typed in."""
    return next((known for known in registered(organisation) if known.lower() == address.lower()), None)


@transaction.atomic
def send(receipt: Receipt, address: str, *, actor: Actor) -> Delivery:
    """Mail the receipt's personal address anew. Raises UnknownAddress for one that is not the recipient's."""
    known = _spelled(receipt.organisation, address)
    if known is None:
        raise UnknownAddress(address)
    delivery = recipients.again(receipt, known)
    history.record(
        "receipt.address_requested", receipt, actor=actor, organisation=receipt.organisation, delivery=delivery.pk
    )
    outbox.ring()
    return delivery


def _count(what: str, whose: str, limit: int) -> None:
    """One more try within the hour. The cache holds digests, no addresses."""
    key = f"resend:{what}:{hashlib.sha256(whose.encode()).hexdigest()}"
    try:
        cache.add(key, 0, HOUR)
        tries = cache.incr(key)
    except (RedisError, ValueError) as error:
        raise NotNow from error
    if tries > limit:
        raise AskedTooOften
