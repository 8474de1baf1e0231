"""Mailing seals to the administrators: out of the database's reach, so that whoever rewrites it can be found out.

A seal is stored before anything is mailed. What the mail server does not take is tried again, for 30 days; later seals
hold the digests of all before, so that any one of them stands for those that never arrived.
"""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from members import access
from members.models import SealMail

logger = logging.getLogger(__name__)

AGAIN = dt.timedelta(minutes=50)  # the mail server was away, or a worker ended over the mail
GIVEN_UP = dt.timedelta(days=30)


def mail_out() -> int:
    """Mail every seal that is still to be mailed, one message to each administrator; gives how many were taken.

    Any number of workers may run it at once: each mail is claimed before it is sent.
    """
    taken = 0
    for mail in _waiting(timezone.now()):
        if not _claimed(mail):
            continue
        try:
            message(mail).send()
        except (OSError, ValueError) as error:  # the server's answers are OSErrors; ValueError: an impossible address
            logger.warning("Seal %s was not mailed to account %s: %s", mail.seal_id, mail.account_id, error)
        else:
            taken += SealMail.objects.filter(pk=mail.pk).update(mailed_at=timezone.now())
    return taken


def _waiting(now: dt.datetime) -> QuerySet[SealMail]:
    """The earliest first; nobody who is no administrator any more."""
    rested = Q(tried_at=None) | Q(tried_at__lt=now - AGAIN)
    waiting = SealMail.objects.filter(rested, mailed_at=None, seal__sealed_at__gt=now - GIVEN_UP)
    chosen = waiting.filter(account__in=access.administrators()).select_related("seal", "account")
    return chosen.defer("seal__fingerprints").order_by("seal", "pk")


def _claimed(mail: SealMail) -> bool:
    unclaimed = SealMail.objects.filter(pk=mail.pk, mailed_at=None, tried_at=mail.tried_at)
    return unclaimed.update(tried_at=timezone.now()) == 1


def message(mail: SealMail) -> EmailMessage:
    """The mail with the day, how many events, the seal to keep, and how to check it."""
    seal = mail.seal
    subject = f"記録の封 第{seal.number}号（{seal.day:%Y-%m-%d}）"
    body = render_to_string("mail/seal.txt", {"seal": seal, "site": settings.SITE_URL})
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834 section 5
    return EmailMessage(subject, body, to=[mail.account.email], headers=headers)
