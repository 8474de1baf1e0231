"""The frame around every page: who acts, and the main ways from here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from members import access
from members.models import Capacity
from notices.boards import desk
from notices.models import HelpRequest, Notice, Packet, Receipt


@dataclass(frozen=True)
class Way:
    """One entry of the main navigation; `count` is what waits there."""

    label: str
    url: str
    current: bool = False
    count: int = 0


# Entries are added here with the pages they lead to.
STAFF: list[tuple[str, str]] = [
    ("今日の仕事", "notices:today"),
    ("受領文書", "notices:packets"),
    ("通知", "notices:notices"),
    ("発出", "notices:releases"),
    ("薬局・名簿", "directory"),
    ("名簿の確認", "tasks"),
    ("送信箱", "notices:outbox"),
    ("返信の入力", "notices:replies"),
    ("相談", "notices:help_requests"),
    ("報告", "notices:year_report"),
    ("記録", "history"),
]
ADMINISTRATOR: list[tuple[str, str]] = [*STAFF, ("アカウント", "accounts")]
CHAIR: list[tuple[str, str]] = [
    ("通知", "notices:district"),
    ("返信の入力", "notices:replies"),
    ("地区の薬局", "directory"),
    ("名簿の確認", "tasks"),
    ("利用者", "own_accounts"),
]
PHARMACY: list[tuple[str, str]] = [
    ("通知", "notices:own"),
    ("記録", "notices:own_history"),
    ("登録", "registration"),
    ("利用者", "own_accounts"),
]


def counts(capacity: Capacity | None) -> dict[str, int]:
    """What waits behind the entries, by the name of their page."""
    tasks = access.tasks_visible_to(capacity)
    if access.is_chair(capacity):
        own = Receipt.objects.visible_to(capacity).districts()
        return {"notices:district": desk.pending(own).count(), "tasks": tasks.for_district().count()}
    if not access.is_staff(capacity):
        return {}
    return {
        "tasks": tasks.still_open().count(),
        "notices:help_requests": HelpRequest.objects.filter(closed_at=None, answered_at=None).count(),
        "notices:packets": Packet.objects.filter(state=Packet.State.DOUBTFUL).count(),
        "notices:notices": Notice.objects.filter(state=Notice.State.DRAFT).count(),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: capacity, account and navigation for the page's frame."""
    capacity = getattr(request, "capacity", None)
    ways = []
    if access.can_manage_accounts(capacity):
        ways = ADMINISTRATOR
    elif access.is_staff(capacity):
        ways = STAFF
    elif access.is_chair(capacity):
        ways = CHAIR
    elif access.is_pharmacy(capacity):
        ways = PHARMACY
    waiting = counts(capacity)
    here = max((reverse(name) for _, name in ways if request.path.startswith(reverse(name))), key=len, default="")
    return {
        "capacity": capacity,
        "account": request.user if getattr(request, "user", None) and request.user.is_authenticated else None,
        "navigation": [Way(label, reverse(name), reverse(name) == here, waiting.get(name, 0)) for label, name in ways],
    }
