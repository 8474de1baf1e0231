"""What was done with the roster's entry of one organisation, in words, as its page shows it."""

import datetime as dt
from dataclasses import dataclass

from members.history import VERBS
from members.models import Event, Organisation
from members.roster.editing import LABELS

ROSTER_VERBS = (
    "organisation.changed",
    *("office.taken", "office.left"),
    *("mailbox.added", "mailbox.changed", "fax.changed"),
    *("task.raised", "task.closed", "task.reopened"),
)
NOTHING = "なし"


@dataclass(frozen=True)
class Value:
    """One value that became another."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One event: what happened, by whom, and which values became others."""

    at: dt.datetime
    what: str
    who: str
    values: list[Value]


def lines(organisation: Organisation, most: int = 50) -> list[Line]:
    """The latest first."""
    events = Event.objects.filter(organisation=organisation, verb__in=ROSTER_VERBS)
    latest = events.select_related("account").order_by("-at", "-pk")[:most]
    return [Line(event.at, VERBS[event.verb], _who(event), _values(event)) for event in latest]


def _who(event: Event) -> str:
    return str(event.account) if event.account else "自動"


def _values(event: Event) -> list[Value]:
    changes = event.detail.get("changes", {})
    return [
        Value(label_of(name), _shown(name, before), _shown(name, after)) for name, (before, after) in changes.items()
    ]


def label_of(name: str) -> str:
    """The field's name on the screen."""
    return LABELS.get(name) or str(Organisation._meta.get_field(name).verbose_name)


def _shown(name: str, value: str) -> str:
    choices = dict(Organisation._meta.get_field(name).flatchoices)
    return choices.get(value, value) or NOTHING
