"""What a mail server is given: one sender, one recipient, the bytes."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.utils.encoding import punycode


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
    """The address alone, its domain as DNS has it (IDNA). Raises ValueError where SMTP cannot carry it."""
    local, at, domain = parseaddr(address)[1].rpartition("@")
    if not (local and at and domain and local.isascii()):
        raise ValueError(f"Not an address for SMTP: {address!r}")
    return f"{local}@{punycode(domain)}"
