"""招待: the mail that tells somebody of a capacity. It holds no secret: the code of the sign-in proves the address."""

import datetime as dt
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from members import access, history
from members.history import Actor
from members.models import Capacity, Event

AN_HOUR = 10


class NotSent(Exception):
    """The mail server did not take it. The capacity is there all the same."""


def too_many(actor: Actor) -> bool:
    """Whether this account has mailed as many strangers within the hour as anybody but staff may."""
    since = timezone.now() - dt.timedelta(hours=1)
    sent = Event.objects.filter(verb="account.invitation_sent", account=actor.account, at__gte=since)
    return not access.is_staff(actor.capacity) and sent.count() >= AN_HOUR


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
        "address": capacity.account.email,
        "signin": settings.SITE_URL + reverse("account_login"),
        "is_staff": access.is_staff(capacity),
    }
    subject = render_to_string("account/email/invitation_subject.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("account/email/invitation_message.txt", context),
        to=[capacity.account.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
