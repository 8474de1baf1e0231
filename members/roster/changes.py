"""What was done with the roster's entry of one organisation, in words, as its page shows it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import DateField, Model

from members import wareki
from members.history import VERBS
from members.models import Account, Event, Officer, Organisation, RosterChange
from members.roster import editing
from members.roster.loading import lines as loading
from members.roster.loading.lines import Value
from members.tree import Districts

ROSTER_VERBS = (
    *("organisation.added", "organisation.changed"),
    *("office.taken", "office.left", "officer.corrected"),
    *("mailbox.added", "mailbox.changed", "mailbox.stopped", "mailbox.resumed", "mailbox.removed", "fax.changed"),
    *("task.raised", "task.answered", "task.returned", "task.closed", "task.reopened"),
)
LABELS = editing.LABELS | {"mailbox": "メールアドレス"}
NOTHING = "なし"
CHANGED = "訂正"


@dataclass(frozen=True)
class Line:
    """One event: what happened and why, by whom and after whose proposal, and which values became others."""

    at: dt.datetime
    what: str
    why: str
    who: str
    proposed_by: str
    values: list[Value]


def lines(organisation: Organisation, most: int = 50) -> list[Line]:
    """The latest first: what people did by hand, and what loads of the roster did."""
    events = Event.objects.filter(organisation=organisation, verb__in=ROSTER_VERBS)
    latest = list(events.select_related("account").order_by("-at", "-pk")[:most])
    proposers = Account.objects.in_bulk(
        {event.detail["proposed_by"] for event in latest if "proposed_by" in event.detail}
    )
    by_hand = [
        Line(event.at, VERBS[event.verb], _why(event), _who(event), _proposer(event, proposers), _values(event))
        for event in latest
    ]
    loads = organisation.roster_changes.select_related("load__applied_by", "load__undone_by").order_by("-pk")[:most]
    districts = Districts() if loads else None
    by_load = [line for change in loads for line in _of_load(change, districts)]
    return sorted([*by_hand, *by_load], key=lambda line: line.at, reverse=True)[:most]


def _of_load(change: RosterChange, districts: Districts) -> list[Line]:
    load = change.load
    values = loading.values(change.before, change.after, districts)
    what = f"名簿の取込（{change.get_kind_display()}）"
    done = Line(load.applied_at, what, load.name, str(load.applied_by), "", values)
    if load.undone_at is None:
        return [done]
    return [Line(load.undone_at, "名簿の取込を元に戻した", load.name, str(load.undone_by), "", []), done]


def _why(event: Event) -> str:
    """The reason, the answer or the address that the event names."""
    return next((event.detail[name] for name in ("reason", "answer", "address") if event.detail.get(name)), "")


def _proposer(event: Event, proposers: dict[int, Account]) -> str:
    """Who proposed it, where that is not who did it."""
    proposer = event.detail.get("proposed_by")
    return "" if proposer == event.account_id else str(proposers.get(proposer, ""))


def _who(event: Event) -> str:
    return str(event.account) if event.account else "自動"


def _values(event: Event) -> list[Value]:
    model = Officer if event.subject_kind == "officer" else Organisation
    changes = event.detail.get("changes", {})
    named = [Value(_label(model, name), "", CHANGED) for name in event.detail.get("fields", [])]
    return named + [
        Value(_label(model, name), _shown(model, name, before), _shown(model, name, after))
        for name, (before, after) in changes.items()
    ]


def _label(model: type[Model], name: str) -> str:
    """The field's name on the screen."""
    return LABELS.get(name) or str(model._meta.get_field(name).verbose_name)


def _shown(model: type[Model], name: str, value: str) -> str:
    field = None if name in LABELS else model._meta.get_field(name)
    if value and isinstance(field, DateField):
        return wareki.short_date(dt.date.fromisoformat(value))
    choices = dict(field.flatchoices) if field else {}
    return choices.get(value, value) or NOTHING
