"""What a release needs of its approval: that there is one, of exactly the letter that goes out, by enough people."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db.models import QuerySet

from members import wareki
from members.models import Account, Capacity
from notices.distribution import recipients
from notices.letters.fingerprint import fingerprint_of
from notices.models import Approval, Release
from notices.procedures.refusals import (
    ApprovedAlone,
    ChangedSinceApproval,
    NotApproved,
    ReleasedInAnotherYear,
    StillWaiting,
)


def approval_of(plan: Release, day: dt.date) -> Approval:
    """The approval by which the plan may go out on that day.

    Raises NotApproved, of which StillWaiting, ChangedSinceApproval and ApprovedAlone are, or ReleasedInAnotherYear: a
    letter out of a packet goes out whenever it does, any other within the 年度 of its number.
    """
    approval = Approval.objects.standing().filter(notice=plan.notice_id).select_related("notice").first()
    if approval is None:
        raise NotApproved(str(plan))
    if approval.is_waiting:
        raise StillWaiting(str(plan))
    if approval.fingerprint != fingerprint_of(plan.notice_id):
        raise ChangedSinceApproval(str(plan))
    check_approver(approval, plan)
    notice = approval.notice
    if not notice.number_fixed and wareki.fiscal_year(notice.date) != wareki.fiscal_year(day):
        raise ReleasedInAnotherYear(notice.date, day)
    return approval


def check_approver(approval: Approval, plan: Release) -> None:
    """Raises ApprovedAlone where somebody else would have had to approve. On paper others have."""
    if not approval.on_paper and needs_another(approval, approval.decided_by, plan):
        raise ApprovedAlone(settings.APPROVED_ALONE_MOST)


def needs_another(approval: Approval, account: Account, plan: Release) -> bool:
    """Whether the account may not approve: it drafted, or asks for, what goes to more than APPROVED_ALONE_MOST."""
    return account.pk in approval.drafters and are_many(recipients.count(plan))


def deciders(plan: Release, drafters: Collection[int | None]) -> QuerySet[Account]:
    """Who may approve what these have drafted and ask for: those with the duty, save these where it matters."""
    acting = Capacity.objects.current().filter(approves=True, account__is_active=True)
    found = Account.objects.filter(pk__in=acting.values("account")).order_by("pk")
    return found.exclude(pk__in=[pk for pk in drafters if pk]) if are_many(recipients.count(plan)) else found


def are_many(told: int) -> bool:
    """Whether so many are told that whoever drafts it may not approve it as well."""
    return told > settings.APPROVED_ALONE_MOST
