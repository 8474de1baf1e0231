"""決裁 by mail: who is asked for it, and who had asked, hear of it, each alone; nobody of what they did themselves.

A mail only knocks: 今日の仕事 says the same, to whoever got none as well.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from members.accounts import mailing
from members.models import Account, Capacity
from notices.models import Approval, Notice
from notices.procedures.approval_needed import deciders

logger = logging.getLogger(__name__)


def asked_of(approval: Approval) -> list[Account]:
    """Whom a request asks to decide, save who asks; nobody once it is decided."""
    if not approval.is_waiting:
        return []
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
    """What was decided, to who had asked, as long as they work there."""
    works_there = Capacity.objects.current().filter(pk=approval.asked_as_id, account__is_active=True).exists()
    is_decided = approval.state in (Approval.State.APPROVED, Approval.State.RETURNED)
    if works_there and is_decided and approval.asked_by_id != approval.decided_by_id:
        knock(approval, [approval.asked_by])


def _url(notice: Notice) -> str:
    return settings.SITE_URL + reverse("notices:check", args=[notice.pk])
