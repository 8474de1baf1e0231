"""What a capacity may do with a notice: named predicates, used by views and templates alike."""

from members.access import is_chair, is_pharmacy, is_staff
from members.models import Capacity
from notices.models import Notice, Receipt


def can_take_in(capacity: Capacity | None) -> bool:
    """Receive packets and register what was read."""
    return is_staff(capacity)


def can_compose(capacity: Capacity | None) -> bool:
    return is_staff(capacity)


def can_change(capacity: Capacity | None, notice: Notice) -> bool:
    """Change a draft; what was released stays as it is."""
    return is_staff(capacity) and notice.state == Notice.State.DRAFT


def can_release(capacity: Capacity | None, notice: Notice) -> bool:
    return can_change(capacity, notice)


def can_see_deliveries(capacity: Capacity | None) -> bool:
    """Messages, their addresses and outcomes."""
    return is_staff(capacity)


def can_see_names(capacity: Capacity | None) -> bool:
    """Who confirmed, and the free text of 「困っています」: the association's staff only."""
    return is_staff(capacity)


def can_answer(capacity: Capacity | None, receipt: Receipt) -> bool:
    """Declare confirmed, finished or not applicable, signed in as the recipient itself."""
    own = capacity is not None and receipt.organisation_id == capacity.organisation_id
    return own and (is_pharmacy(capacity) or is_chair(capacity))
