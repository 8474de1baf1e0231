"""Bounces as servers would write them about our own messages."""

from urllib.parse import urlsplit

from django.conf import settings

from notices.distribution.envelope import sender_for
from notices.models import Delivery

UNKNOWN_USER = "550 5.1.1 nobody of that name"


def message_id(delivery: Delivery) -> str:
    return f"<{delivery.message_key.hex}@{urlsplit(settings.SITE_URL).hostname}>"


def report(
    *,
    to: str = "notice@shuchi.example",
    address: str = "",
    original: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    reply: str = UNKNOWN_USER,
    returned: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464) with the headers `returned` of the message it is about."""
    fields = {
        "Original-Recipient": original and f"rfc822;{original}",
        "Final-Recipient": address and f"rfc822; {address}",
        "Action": action,
        "Status": status,
        "Diagnostic-Code": f"smtp; {reply}",
    }
    lines = [
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        *(f"{name}: {value}" for name, value in fields.items() if value),
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        returned,
        "--b--",
        "",
    ]
    return "\n".join(lines).encode()


def about(delivery: Delivery, **more: str) -> bytes:
    """The report of the server that got exactly this delivery's message."""
    returned = f"Message-ID: {message_id(delivery)}\nTo: {delivery.address}"
    return report(**{"address": delivery.address, "to": sender_for(delivery), "returned": returned} | more)
