"""What a capacity may do with a notice, by its role (members.access) and by the state of the notice."""

from members.access import is_staff
from members.models import Capacity
from notices.models import Notice


def can_change(capacity: Capacity | None, notice: Notice) -> bool:
    """Change a draft; what was released stays as it is."""
    return is_staff(capacity) and notice.state == Notice.State.DRAFT
