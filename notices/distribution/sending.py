"""How the sending of a release goes: its messages by channel, how fast they go, when they are through.

Messages are counted apart from recipients: a pharmacy with two addresses gets two.
"""

import datetime as dt
import math
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from members.models.organisation import Channel
from notices.models import Delivery, Release

State = Delivery.State
PACE_SECONDS = 60


@dataclass(frozen=True)
class Messages:
    """Numbers of messages over one channel, or over all of them."""

    label: str
    icon: str
    sent: int = 0
    waiting: int = 0
    other: int = 0
    failed: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.waiting + self.other + self.failed + self.stopped


@dataclass(frozen=True)
class Pace:
    """How fast messages go out just now, and how long it will take; nothing where none goes out."""

    per_minute: int
    minutes_left: int | None
    ends_at: dt.datetime | None


ICONS = {Channel.EMAIL: "reached", Channel.FAX: "fax", Channel.POST: "post"}
COUNTED = {
    "sent": [State.SENT],
    "waiting": [State.WAITING, State.SENDING],
    "other": [State.OTHER],
    "failed": [State.FAILED],
    "stopped": [State.STOPPED],
}


def by_channel(release: Release) -> list[Messages]:
    """One line a channel that is used, and their sum at the end."""
    counts = {name: Count("pk", filter=Q(state__in=states)) for name, states in COUNTED.items()}
    rows = {row.pop("channel"): row for row in _messages(release).order_by().values("channel").annotate(**counts)}
    lines = [
        Messages(channel.label, ICONS[channel], **rows[channel.value]) for channel in Channel if channel.value in rows
    ]
    return [*lines, Messages("計", "", **{name: sum(getattr(line, name) for line in lines) for name in COUNTED})]


def by_state(release: Release) -> dict[str, int]:
    """How many messages are in each state there is."""
    counted = dict(_messages(release).order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}


def retrying(release: Release) -> int:
    """How many messages the server has put off."""
    return _messages(release).unfinished().filter(deferrals__gt=0).count()


def pace(release: Release) -> Pace:
    """From what was sent within the last minute, or since the release where that is less."""
    since = Now() - dt.timedelta(seconds=PACE_SECONDS)
    sent = _messages(release).filter(state=State.SENT, settled_at__gte=since).count()
    running = (timezone.now() - release.released_at).total_seconds()
    per_minute = round(sent * 60 / min(max(running, 1), PACE_SECONDS))
    left = _messages(release).unfinished().filter(deferrals=0).count()
    if not per_minute or not left:
        return Pace(per_minute, None, None)
    minutes = math.ceil(left / per_minute)
    return Pace(per_minute, minutes, timezone.now() + dt.timedelta(minutes=minutes))


def _messages(release: Release) -> QuerySet[Delivery]:
    return Delivery.objects.filter(receipt__release=release)
