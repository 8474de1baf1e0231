"""What tests about approvals send and look up again and again."""

import datetime as dt

from django.test import Client
from django.utils import timezone

from members import wareki
from members.models import Event
from notices.models import Approval, Notice
from tests.boards.reading import text_of
from tests.letters.browser import address

today = timezone.localdate  # asked anew each time: a run may go past midnight
# The first of April after the next one: as far as a letter may be dated ahead.
ANOTHER_YEAR = dt.date(wareki.fiscal_year(today()) + 2, 4, 1)
GIST = "例年どおりの案内です。"


def typed_today() -> str:
    return wareki.long_date(today())


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def now(approval: Approval) -> Approval:
    return Approval.objects.get(pk=approval.pk)


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).approval.state


def press(client: Client, name: str, notice: Notice, **typed: object) -> str:
    """Send one of the forms about an approval; what the next page says."""
    return text_of(client.post(address(f"approval_{name}", notice), typed, follow=True))


def decision(approval: Approval, **typed: str) -> dict[str, object]:
    """What 「決裁する」 sends."""
    return {"approval": approval.pk, "day": typed_today(), "sure": "on"} | typed
