"""招待: the mail that tells somebody of a capacity. It holds no secret: the code of the sign-in proves the address."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from members import access, history
from members.accounts import mailing
from members.history import Actor
from members.models import Capacity, Event

AN_HOUR = 10


def too_many(actor: Actor) -> bool:
    """Whether this account has mailed as many strangers within the hour as anybody but staff may."""
    since = timezone.now() - dt.timedelta(hours=1)
    sent = Event.objects.filter(verb="account.invitation_sent", account=actor.account, at__gte=since)
    return not access.is_staff(actor.capacity) and sent.count() >= AN_HOUR


def send(capacity: Capacity, actor: Actor) -> None:
    """「…として使えるようになりました」, with the way to sign in, to the account's address. Raises mailing.NotSent."""
    address = capacity.account.email
    context = {
        "capacity": capacity,
        "address": address,
        "signin": settings.SITE_URL + reverse("account_login"),
        "is_staff": access.is_staff(capacity),
    }
    subject = render_to_string("account/email/invitation_subject.txt", context)
    body = render_to_string("account/email/invitation_message.txt", context)
    mailing.send(address, " ".join(subject.split()), body)
    history.record("account.invitation_sent", capacity.account, actor=actor, organisation=capacity.organisation)
