"""決裁 by mail: who is asked for it, and who had asked, hear of it, each alone; nobody of what they did themselves.

A mail only knocks: 今日の仕事 says the same, to whoever got none as well.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from members.accounts import mailing
from members.models import Account
from notices.models import Approval, Notice
from notices.procedures.approval_needed import deciders

logger = logging.getLogger(__name__)


def asked_of(approval: Approval) -> list[Account]:
    """Whom a request asks to decide, save who asks."""
    found = deciders(approval.notice.release, approval.drafters)
    return list(found.exclude(pk=approval.asked_by_id))


def knock(approval: Approval, accounts: Iterable[Account]) -> None:
    """Mail each of them what is asked, or what became of it."""
    for account in accounts:
        context = {"account": account, "approval": approval, "notice": approval.notice, "url": _url(approval.notice)}
        subject = render_to_string("mail/approval_subject.txt", context)
        try:
            mailing.send(account.email, " ".join(subject.split()), render_to_string("mail/approval.txt", context))
        except mailing.NotSent as fault:
            logger.warning("The mail about approval %s to account %s was not taken: %s", approval.pk, account.pk, fault)


def tell_who_asked(approval: Approval) -> None:
    """What became of a request, to who had asked."""
    if approval.asked_by_id != approval.decided_by_id:
        knock(approval, [approval.asked_by])


def _url(notice: Notice) -> str:
    return settings.SITE_URL + reverse("notices:check", args=[notice.pk])
