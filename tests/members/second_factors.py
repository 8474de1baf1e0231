"""What people do with a second factor in tests: type a code of their app, and let time pass in their session."""

import base64
import hmac
import re
import struct
import time

from django.core import mail
from django.test import Client
from django.urls import reverse

from members.accounts import factors
from members.history import Actor
from members.models import Account

SECRET = base64.b32encode(b"a secret of 20 bytes").decode()


def code_of(secret: str, periods: int = 0) -> str:
    """What an app shows now, or so many half minutes later (RFC 6238, with RFC 4226's truncation)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + periods)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def give_app(account: Account, secret: str = SECRET) -> None:
    factors.add_app(account, secret, Actor(account))


def type_mailed_code(client: Client, email: str) -> None:
    """Sign in as far as the code of the mail."""
    mail.outbox.clear()
    client.post(reverse("account_login"), {"email": email})
    [message] = mail.outbox
    client.post(reverse("account_confirm_login_code"), {"code": re.search(r"\b\d{6}\b", message.body)[0]})


def let_pass(client: Client, minutes: float) -> None:
    """Everything that was shown in this session was shown so much earlier."""
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - minutes * 60} for record in session["account_authentication_methods"]
    ]
    session.save()
