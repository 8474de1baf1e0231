"""Which delivery a bounce is about: by what only those can know who had the message, never by an address alone.

The signed token in the address that the bounce came back to (`envelope.delivery_id_of`) proves by itself. It holds even
where the report names another address: the recipient had the message forwarded there. The Message-ID is random, but
goes with the message when people forward or answer it, so that a bounce of such a mail may carry it. There the report
has to name the delivery's address, as final or as original recipient, or nobody at all.
"""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import punycode

from members.models.organisation import Channel
from notices.distribution import envelope, gateway
from notices.distribution.bounces.failure import Failure, Kind
from notices.distribution.bounces.reading import Bounce
from notices.models import Delivery

QUOTE = '"'


def delivery_of(bounce: Bounce) -> Delivery | None:
    """The delivery; None where the mail says nothing, belongs to none of ours, or could belong to several."""
    if bounce.kind is Kind.NONE:
        return None
    for addresses in (bounce.arrived_at, bounce.sent_from):
        if tokens := {found for each in addresses if (found := envelope.delivery_id_of(each)) is not None}:
            return Delivery.objects.filter(pk=tokens.pop()).first() if len(tokens) == 1 else None
    return _by_message_id(bounce)


def named(delivery: Delivery, failures: Iterable[Failure]) -> bool:
    """Whether the reports name the delivery's own address."""
    own = _folded(_sent_to(delivery))
    return any(own == _folded(address) for each in failures for address in (each.address, *each.others) if address)


def _by_message_id(bounce: Bounce) -> Delivery | None:
    host = punycode(urlsplit(settings.SITE_URL).hostname)
    keys = [uuid.UUID(key) for key, at in bounce.message_ids if at == host]
    found = list(Delivery.objects.filter(message_key__in=keys)[:2]) if keys else []
    if len(found) != 1:
        return None
    [delivery] = found
    nobody = not any(each.address for each in bounce.failures)
    return delivery if nobody or named(delivery, bounce.failures) else None


def _sent_to(delivery: Delivery) -> str:
    """The mail address of the delivery; a FAX number's at the gateway."""
    if delivery.channel == Channel.FAX and gateway.is_there() and gateway.number(delivery.address):
        return gateway.address(delivery.address)
    return delivery.address


def _folded(address: str) -> str:
    """The address as servers compare it: without case and quotes, its domain as DNS has it."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    with suppress(UnicodeError):  # no name that DNS could have: compared as it stands
        domain = punycode(domain)
    return f"{local.strip(QUOTE)}@{domain}".casefold()
