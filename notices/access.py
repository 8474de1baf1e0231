"""What a capacity may do with a notice, by its role and duties (members.access) and by the state of the notice."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from members.access import can_approve, can_draft, can_publish, is_chair, is_pharmacy, is_staff
from members.models import Capacity, Organisation
from notices.models import Approval, Notice, OnBehalf, Receipt, Release
from notices.models.receipt import Audience


def can_see_draft(capacity: Capacity | None, notice: Notice) -> bool:
    """A draft as it stands, and the letter that it would be."""
    return is_staff(capacity) and notice.state == Notice.State.DRAFT


def can_change(capacity: Capacity | None, notice: Notice) -> bool:
    """Change a draft; what was released stays as it is."""
    return can_draft(capacity) and can_see_draft(capacity, notice)


def can_take_back_request(capacity: Capacity | None, approval: Approval) -> bool:
    """Take a request for approval back: whoever made it."""
    return can_draft(capacity) and capacity.account_id == approval.asked_by_id


def can_record_paper_approval(capacity: Capacity | None) -> bool:
    """Record that a draft was approved on paper."""
    return can_approve(capacity) or can_publish(capacity)


def can_plan_reminders(capacity: Capacity | None, release: Release) -> bool:
    """When those who have not answered are reminded: those who publish, and of a draft those who draft, too."""
    return can_publish(capacity) or (can_draft(capacity) and release.state == Release.State.PREPARED)


def is_drafter(capacity: Capacity | None, approval: Approval) -> bool:
    """Whether this person drafted what is to be approved, or asked for it."""
    return capacity is not None and capacity.account_id in approval.drafters


def can_act_on_behalf(capacity: Capacity | None) -> bool:
    """Record for a pharmacy what it answered by telephone, by FAX or on paper (代理)."""
    return is_staff(capacity) or is_chair(capacity)


def looks_after(capacity: Capacity | None, organisation: Organisation) -> bool:
    """How an organisation is reached, and answering for it: staff, and the district that it belongs to now.

    The state of an earlier notice stays with the district that it was released to.
    """
    return is_staff(capacity) or (is_chair(capacity) and organisation.parent_id == capacity.organisation_id)


def can_write_to_members(capacity: Capacity | None, own: Receipt) -> bool:
    """Write to the members who have not answered a notice: the district whose own receipt of it this is."""
    return is_chair(capacity) and own.audience == Audience.DISTRICT and own.organisation_id == capacity.organisation_id


def is_author(capacity: Capacity | None, record: OnBehalf) -> bool:
    """Whether this very person recorded it."""
    return capacity is not None and record.by_id == capacity.account_id


def can_read_on_behalf(capacity: Capacity | None, record: OnBehalf) -> bool:
    """Who answered and the remark; a pharmacy reads its own on its pages."""
    return is_staff(capacity) or is_author(capacity, record)


def can_know_of(capacity: Capacity | None, record: OnBehalf) -> bool:
    """That it was recorded; a question only where the release tells districts of questions, and to who recorded it."""
    if is_staff(capacity) or record.what != OnBehalf.What.HELP or is_author(capacity, record):
        return True
    return is_pharmacy(capacity) or record.receipt.release.help_to_district


def undo_until(record: OnBehalf) -> dt.datetime:
    """Until when the author may undo a 代理."""
    return record.at + dt.timedelta(minutes=settings.ON_BEHALF_UNDO_MINUTES)


def can_undo(capacity: Capacity | None, record: OnBehalf) -> bool:
    """Undo a 代理: its author for some minutes, staff at any time."""
    return is_staff(capacity) or (is_author(capacity, record) and timezone.now() < undo_until(record))
