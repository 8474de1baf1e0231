"""What was done with the roster's entry of one organisation, in words, as its page shows it."""

import datetime as dt
from dataclasses import dataclass

from members.history import VERBS
from members.models import Event, Organisation, RosterChange
from members.roster.editing import LABELS
from members.roster.loading import lines as loading
from members.roster.loading.standing import Districts

ROSTER_VERBS = (
    "organisation.changed",
    *("office.taken", "office.left"),
    *("mailbox.added", "mailbox.changed", "fax.changed"),
    *("task.raised", "task.closed", "task.reopened"),
)
NOTHING = "なし"


@dataclass(frozen=True)
class Line:
    """One event: what happened, by whom, and which values became others."""

    at: dt.datetime
    what: str
    who: str
    values: list[loading.Value]


def lines(organisation: Organisation, most: int = 50) -> list[Line]:
    """The latest first: what people did by hand, and what loads of the roster did."""
    events = Event.objects.filter(organisation=organisation, verb__in=ROSTER_VERBS)
    latest = events.select_related("account").order_by("-at", "-pk")[:most]
    by_hand = [Line(event.at, VERBS[event.verb], _who(event), _values(event)) for event in latest]
    loads = organisation.roster_changes.select_related("load__applied_by", "load__undone_by").order_by("-pk")[:most]
    districts = Districts() if loads else None
    by_load = [line for change in loads for line in _of_load(change, districts)]
    return sorted([*by_hand, *by_load], key=lambda line: line.at, reverse=True)[:most]


def _of_load(change: RosterChange, districts: Districts) -> list[Line]:
    load = change.load
    values = loading.values(change.before, change.after, districts)
    done = Line(load.applied_at, f"名簿の取込（{change.get_kind_display()}）", str(load.applied_by), values)
    if load.undone_at is None:
        return [done]
    return [Line(load.undone_at, "名簿の取込を元に戻した", str(load.undone_by), []), done]


def _who(event: Event) -> str:
    return str(event.account) if event.account else "自動"


def _values(event: Event) -> list[loading.Value]:
    changes = event.detail.get("changes", {})
    return [loading.Value(label_of(name), *(_shown(name, value) for value in pair)) for name, pair in changes.items()]


def label_of(name: str) -> str:
    """The field's name on the screen."""
    return LABELS.get(name) or str(Organisation._meta.get_field(name).verbose_name)


def _shown(name: str, value: str) -> str:
    choices = dict(Organisation._meta.get_field(name).flatchoices)
    return choices.get(value, value) or NOTHING
