"""招待: the mail that tells somebody of a capacity. It holds no secret: the code of the sign-in proves the address."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from members import history
from members.history import Actor
from members.models import Capacity
from members.models.account import Role


class NotSent(Exception):
    """The mail server did not take it. The capacity is there all the same."""


def send(capacity: Capacity, actor: Actor) -> None:
    """Mail it to the account's address, alone, and record that. Raises NotSent."""
    try:
        message(capacity).send()
    except (OSError, smtplib.SMTPException) as fault:
        raise NotSent(str(fault)) from fault
    history.record("account.invitation_sent", capacity.account, actor=actor, organisation=capacity.organisation)


def message(capacity: Capacity) -> EmailMessage:
    """「…として使えるようになりました。サインインはこちら」."""
    context = {
        "capacity": capacity,
        "account": capacity.account,
        "signin": settings.SITE_URL + reverse("account_login"),
        "is_staff": capacity.role in (Role.STAFF, Role.ADMINISTRATOR),
    }
    subject = render_to_string("account/email/invitation_subject.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("account/email/invitation_message.txt", context),
        to=[capacity.account.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
