"""The frame around every page: who acts, and the main ways from here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from members import access
from notices.models import Notice, Packet


@dataclass(frozen=True)
class Way:
    """One entry of the main navigation; `count` is what waits there."""

    label: str
    url: str
    current: bool = False
    count: int = 0


# Entries are added here with the pages they lead to.
STAFF: list[tuple[str, str]] = [
    ("受領文書", "notices:packets"),
]
CHAIR: list[tuple[str, str]] = []
PHARMACY: list[tuple[str, str]] = []


def counts(capacity) -> dict[str, int]:
    if not access.is_staff(capacity):
        return {}
    return {
        "notices:packets": Packet.objects.filter(state=Packet.State.DOUBTFUL).count(),
        "notices:notices": Notice.objects.filter(state=Notice.State.DRAFT).count(),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: capacity, account and navigation for the page's frame."""
    capacity = getattr(request, "capacity", None)
    ways = []
    if access.is_staff(capacity):
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
