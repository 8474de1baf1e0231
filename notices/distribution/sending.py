"""How the sending of a release goes: its messages by channel, how fast they go, when they are through.

Messages are counted apart from recipients: a pharmacy with two addresses gets two.
"""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from members import history
from members.models.organisation import Channel
from notices.distribution.pace import opens_at
from notices.models import Delivery, Release
from notices.models.delivery import BY_THEMSELVES, TO_GATHER

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


class Lull(StrEnum):
    """Why nothing goes out for the moment though the release is being sent."""

    CLOSED = "closed"  # outside of the sending hours, until `until`
    RETRYING = "retrying"  # all that is left was put off, the next until `until`
    RESTING = "resting"  # our mail server is away, the next try is at `until`
    GATHERING = "gathering"  # it waits for the others with which it goes out, until `until`
    IDLE = "idle"  # it is due, and nobody sends it


@dataclass(frozen=True)
class Pace:
    """How fast messages go out just now, how long it will take, and what is in the way.

    Without an end to be seen `minutes_left` and `ends_at` are None. `oldest` is when the message was made that waits
    longest; `limit` the messages a minute that the settings allow, 0 where they do not say.
    """

    per_minute: int
    left: int
    retrying: int
    oldest: dt.datetime | None
    limit: int = 0
    minutes_left: int | None = None
    ends_at: dt.datetime | None = None
    lull: Lull | None = None
    until: dt.datetime | None = None


ICONS = {Channel.EMAIL: "reached", Channel.FAX: "fax", Channel.POST: "post"}
COUNTED = {
    "sent": [State.SENT],
    "waiting": [State.WAITING, State.SENDING],
    "other": [State.OTHER],
    "failed": [State.FAILED],
    "stopped": [State.STOPPED],
}


def by_channel(release: Release) -> list[Messages]:
    """One line a channel that is used, and their sum at the end, without reminders and answers to questions."""
    counts = {name: Count("pk", filter=Q(state__in=states)) for name, states in COUNTED.items()}
    found = _messages(release).exclude(purpose__in=BY_THEMSELVES).order_by()
    rows = {row.pop("channel"): row for row in found.values("channel").annotate(**counts)}
    lines = [
        Messages(channel.label, ICONS[channel], **rows[channel.value]) for channel in Channel if channel.value in rows
    ]
    return [*lines, Messages("計", "", **{name: sum(getattr(line, name) for line in lines) for name in COUNTED})]


def by_state(release: Release) -> dict[str, int]:
    """How many messages are in each state there is, those of the districts' letters among them."""
    messages = Delivery.objects.filter(release__in=Release.objects.whole(release).order_by().values("pk"))
    counted = dict(messages.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}


def retrying(release: Release) -> int:
    """How many messages the server has put off."""
    return _messages(release).unfinished().filter(deferrals__gt=0).count()


def last_sent(release: Release) -> dt.datetime | None:
    """When the last message went out; None where none did."""
    return _messages(release).filter(state=State.SENT).aggregate(at=Max("settled_at"))["at"]


def pace(release: Release) -> Pace:
    """From what was sent within the last minute, or since the release where that is less."""
    now = Release.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=release.pk)
    since = now - dt.timedelta(seconds=PACE_SECONDS)
    unfinished = Q(state__in=COUNTED["waiting"])
    found = _messages(release).aggregate(
        sent=Count("pk", filter=Q(state=State.SENT, settled_at__gte=since)),
        left=Count("pk", filter=unfinished),
        retrying=Count("pk", filter=unfinished & Q(deferrals__gt=0)),
        oldest=Min("made_at", filter=unfinished),
        next=Min("due_at", filter=unfinished),
        gathered=Min("due_at", filter=TO_GATHER),
    )
    running = (now - release.released_at).total_seconds()
    per_minute = round(found["sent"] * 60 / min(max(running, 1), PACE_SECONDS))
    if settings.SENDING_PER_MINUTE:  # what went out in two halves of a minute may be more
        per_minute = min(per_minute, settings.SENDING_PER_MINUTE)
    fresh = found["left"] - found["retrying"]
    lull, until = (None, None) if found["sent"] and not opens_at(now) else _lull(found, now, release.is_gathered)
    if lull == Lull.IDLE and history.of(release).filter(verb="release.resumed", at__gte=since).exists():
        lull = None  # what was due while it stood still is about to go
    minutes = math.ceil(fresh / per_minute) if per_minute and fresh and not lull else None
    return Pace(
        per_minute,
        found["left"],
        found["retrying"],
        found["oldest"],
        limit=settings.SENDING_PER_MINUTE,
        minutes_left=minutes,
        ends_at=now + dt.timedelta(minutes=minutes) if minutes else None,
        lull=lull,
        until=until,
    )


def _lull(found: dict[str, Any], now: dt.datetime, is_gathered: bool) -> tuple[Lull | None, dt.datetime | None]:
    if not found["left"]:
        return None, None
    if opening := opens_at(now):
        return Lull.CLOSED, opening
    if is_gathered and now < found["next"] == found["gathered"]:
        return Lull.GATHERING, found["gathered"]
    if found["next"] > now:
        return (Lull.RETRYING if found["left"] == found["retrying"] else Lull.RESTING), found["next"]
    return (Lull.IDLE, None) if found["next"] < now - dt.timedelta(seconds=PACE_SECONDS) else (None, None)


def _messages(release: Release) -> QuerySet[Delivery]:
    return Delivery.objects.filter(receipt__release=release)
