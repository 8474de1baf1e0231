"""What a mail server is given: one sender, one recipient, the bytes.

With BOUNCE_ADDRESS the sender (MAIL FROM) is an address of each delivery's own, so that a bounce tells by the address
it comes back to which delivery it is about. The address holds the delivery's number and an HMAC-SHA-256 over it, so
that nobody can make one up; hexadecimal and base32 only, since servers may fold its case.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from email.utils import getaddresses
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.encoding import punycode

from notices.models import Delivery

MAC_BYTES = 15  # 120 bits, 24 letters
LONGEST_LOCAL_PART = 64  # RFC 5321 section 4.5.3.1.1
PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Envelope:
    """One message for one recipient; addresses are bare, `content` has CRLF line ends."""

    sender: str
    recipient: str
    content: bytes

    @classmethod
    def of(cls, message: EmailMessage) -> "Envelope":
        """The message as it goes out. Raises ValueError for a header or an address that cannot be written."""
        [recipient] = message.recipients()
        return cls(
            bare_address(message.from_email), bare_address(recipient), message.message().as_bytes(linesep="\r\n")
        )


def bare_address(address: str) -> str:
    """The address alone, its domain as DNS has it (IDNA). Raises ValueError where it is not exactly one for SMTP.

    A local part may have dots anywhere, as mobile carriers gave them out; one in quotes is refused.
    """
    if PLAIN.fullmatch(address):
        return address
    found = [bare for _, bare in getaddresses([address])]
    # The parser leaves out what it does not understand: what it found has to stand there in one piece.
    if len(found) == 1 and found[0] in address and not CONTROLS.search(address):
        local, _, domain = found[0].rpartition("@")
        if PLAIN.fullmatch(bare := f"{local}@{punycode(domain)}"):
            return bare
    raise ValueError("Not an address for SMTP")


def message_id(delivery: Delivery) -> str:
    """Fixed with the delivery, so that a message sent twice is one and the same."""
    return f"<{delivery.message_key.hex}@{punycode(urlsplit(settings.SITE_URL).hostname)}>"


def sender_for(delivery: Delivery) -> str:
    """Where bounces of the delivery go: the subaddress of BOUNCE_ADDRESS (RFC 5233), or else DEFAULT_FROM_EMAIL.

    Raises ValueError where the subaddress would be longer than SMTP allows.
    """
    if not settings.BOUNCE_ADDRESS:
        return bare_address(settings.DEFAULT_FROM_EMAIL)
    mailbox, _, domain = bare_address(settings.BOUNCE_ADDRESS).rpartition("@")
    local = f"{mailbox}+{_token(delivery.pk)}"
    if len(local) > LONGEST_LOCAL_PART:
        raise ValueError(f"Too long for the left part of an address: {len(local)} letters")
    return f"{local}@{domain}"


def delivery_id_of(address: str) -> int | None:
    """The delivery whose sender this address was; None for any other, and for one that is made up.

    `address` may be in any case and stand in angle brackets; its domain does not count, since the token proves itself.
    """
    local, _, _ = address.strip().strip("<>").rpartition("@")
    token = local.rpartition("+")[2].lower()
    number, _, _ = token.partition("-")
    if not (token.isascii() and 0 < len(number) <= 15) or any(c not in "0123456789abcdef" for c in number):
        return None
    found = int(number, 16)
    return found if hmac.compare_digest(token, _token(found)) else None


def _token(delivery_id: int) -> str:
    """E.g. "4f2-mzxw6ytb…": the delivery in hexadecimal, then 24 letters."""
    key = hashlib.sha256(b"bounce address" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.digest(key, str(delivery_id).encode(), "sha256")
    return f"{delivery_id:x}-{base64.b32encode(digest[:MAC_BYTES]).decode().lower()}"
