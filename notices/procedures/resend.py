"""A new personal address, mailed to a registered address of the recipient and to nobody else.

Of a notice that was corrected or withdrawn nothing goes out any more: asked for its address, the site mails the one of
the notice that stands in its place, where the organisation is among the recipients of that. So it does where the
organisation answers a 再周知 instead.
"""

import hashlib
import logging
from collections.abc import Iterable

from django.core.cache import cache
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from redis.exceptions import RedisError

from members import history
from members.history import NOBODY, Actor
from members.models import Organisation
from members.models.officer import Office
from members.models.organisation import Kind
from notices import personal
from notices.distribution import outbox, recipients
from notices.models import Delivery, Notice, Receipt, Release
from notices.models.receipt import Audience

logger = logging.getLogger(__name__)

HOUR = 60 * 60
PER_ADDRESS = 3  # an hour
PER_CLIENT = 20  # an hour; pharmacies of one chain may share a line
AT_ONCE = 3  # mails to one organisation, of notices that it has still to answer
LATEST = 5  # of an organisation's notices, among which one is looked for that was not withdrawn


class AskedTooOften(Exception):
    """More requests in an hour than anybody needs, for an address or from a place."""


class NotNow(Exception):
    """The counters are away: without them nothing is sent."""


class UnknownAddress(LookupError):
    """Not a registered address of the recipient."""


class Superseded(Exception):
    """The notice was corrected or withdrawn, and the organisation is no recipient of what did: `by`."""

    def __init__(self, by: Notice) -> None:
        super().__init__(str(by))
        self.by = by


def count(address: str, client: str) -> None:
    """One more request of a new personal address, from `client`. Raises AskedTooOften and NotNow.

    It does not look whether the address is registered.
    """
    _count("address", address.lower(), PER_ADDRESS)
    _count("client", client, PER_CLIENT)


def ask(claimed: str, address: str) -> None:
    """Someone whose personal address does not open asks for a new one; `claimed` is the token as it came.

    Nothing tells whether the address is registered: the answer is None either way.
    """
    holders = _holders(address)
    delivery = personal.delivery_named(claimed)
    if delivery and delivery.receipt.organisation in holders:
        _send_first([delivery.receipt], address)
        return
    for organisation in holders:
        _send_what_counts(organisation, address)


def _send_what_counts(organisation: Organisation, address: str) -> None:
    """The addresses of what the organisation has still to answer, else of its latest notice."""
    waiting = _still_to_answer(organisation)
    for receipt in waiting:
        _send_first([receipt], address)
    if not waiting:
        _send_first(organisation.receipts.order_by("-release__released_at", "-pk")[:LATEST], address)


def _still_to_answer(organisation: Organisation) -> list[Receipt]:
    """A few unanswered receipts: the earliest deadline first, those without one next, what is over last."""
    asked = Q(audience=Audience.DISTRICT) | ~Q(release__ask=Release.Ask.INFORM)
    under_way = Q(release__ask=Release.Ask.SET_UP, audience=Audience.PHARMACY, finished_at=None, not_applicable_at=None)
    over = Q(release__deadline__lt=timezone.localdate())
    found = organisation.receipts.filter(asked).filter(Q(confirmed_at=None) | under_way)
    found = found.current()
    order = (Case(When(over, then=1), default=0), F("release__deadline").asc(nulls_last=True))
    return list(found.order_by(*order, "-release__released_at", "-pk")[:AT_ONCE])


def _send_first(receipts: Iterable[Receipt], address: str) -> None:
    """The address of the first receipt of which anything goes out any more."""
    for receipt in receipts:
        try:
            send(receipt, address, actor=NOBODY)
        except Superseded as refusal:
            logger.info("No address of a superseded notice is sent: %s", refusal)
        else:
            return


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
    """Mail the personal address anew, of the receipt or of the organisation's receipt that stands in its place.

    Raises UnknownAddress for an address that is not the recipient's, and Superseded.
    """
    known = _spelled(receipt.organisation, address)
    if known is None:
        raise UnknownAddress(address)
    receipt = _standing(receipt)
    delivery = recipients.again(receipt, known)
    history.record(
        "receipt.address_requested", receipt, actor=actor, organisation=receipt.organisation, delivery=delivery.pk
    )
    outbox.ring()
    return delivery


def _standing(receipt: Receipt) -> Receipt:
    """The organisation's receipt of the notice that counts now. Its release is held, so that nothing supersedes it."""
    while True:
        Release.objects.select_for_update(no_key=True).get(pk=receipt.release_id)
        by = Notice.objects.superseding(receipt.release.notice_id).first()
        if by is None:
            again = Receipt.objects.taking_over().filter(carried_from=receipt)
            newer = again.select_related("release", "organisation").first()
            if newer is None:
                return receipt
            receipt = newer
            continue
        own = Receipt.objects.select_related("release", "organisation").filter(
            release__in=Release.objects.whole(by.release).values("pk")
        )
        receipt = own.filter(organisation=receipt.organisation_id).first()
        if receipt is None:
            raise Superseded(by)


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
