"""Personal addresses: the link in a delivery opens one notice for one recipient, and nothing else.

A token is derived by HMAC-SHA-256 from the delivery, the receipt's version and the scope, with a key that is not in
the database: nothing usable is stored, and raising the version revokes every address of the receipt at once.
"""

import base64
import hashlib
import hmac
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from notices.models import Delivery

MAC_BYTES = 18  # 144 bits, 24 letters


class Scope(StrEnum):
    """What an address opens."""

    OWN = "own"  # the recipient's own page, with its buttons
    FORWARD = "forward"  # 転送用: letter and attachments only


def _mac(delivery_id: int, version: int, scope: Scope) -> str:
    key = hashlib.sha256(b"personal address" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.digest(key, f"{scope}:{delivery_id}:{version}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:MAC_BYTES]).decode()


def token(delivery_id: int, version: int, scope: Scope = Scope.OWN) -> str:
    """The token of a delivery, e.g. "4f2-pXk…": the delivery in hexadecimal, then 24 letters."""
    return f"{delivery_id:x}-{_mac(delivery_id, version, scope)}"


def token_of(delivery: Delivery, scope: Scope = Scope.OWN) -> str:
    """The token that goes into the delivery's message now."""
    return token(delivery.pk, delivery.receipt.address_version, scope)


def address_with(token: str, scope: Scope = Scope.OWN) -> str:
    """The whole address with this token in it."""
    name = "notices:personal" if scope is Scope.OWN else "notices:forwarded"
    return settings.SITE_URL + reverse(name, args=[token])


def address(delivery: Delivery, scope: Scope = Scope.OWN) -> str:
    """The whole address that goes into a message."""
    return address_with(token_of(delivery, scope), scope)


def delivery_named(text: str) -> Delivery | None:
    """The delivery that a token claims to be of, proven or not: only to find whom to send a new address."""
    number, _, _ = text.partition("-")
    if not (0 < len(number) <= 15) or any(c not in "0123456789abcdef" for c in number):
        return None
    return Delivery.objects.select_related("receipt__organisation").filter(pk=int(number, 16)).first()


def find(text: str, scope: Scope = Scope.OWN) -> Delivery | None:
    """The delivery of a valid token; None for an unknown, cut-off, revoked or expired one, all alike."""
    delivery = delivery_named(text)
    if delivery is None:
        return None
    genuine = hmac.compare_digest(text.encode(), token_of(delivery, scope).encode())
    age = timezone.now() - delivery.made_at
    return delivery if genuine and age.days < settings.PERSONAL_ADDRESS_DAYS else None
