"""A load taken back as a whole, as long as nothing was built on it."""

import datetime as dt
from itertools import islice
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from members.models import Officer, Organisation, RosterChange, RosterLoad
from members.models.officer import Office
from members.roster.loading import applying, standing
from members.roster.loading.comparing import Kind, alike

DAYS = ("joined_on", "left_on")
SHOWN = 5  # names that a refusal tells


class BuiltUpon(Exception):
    """Pharmacies of the load were changed or used since: `names`, some of them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("、".join(names))
        self.names = names


def undo(load: RosterLoad, today: dt.date) -> None:
    """Everything that the load changed is as it was before. Raises BuiltUpon, and writes nothing then.

    Call it in a transaction that holds the roster's rows.
    """
    changes = list(load.changes.exclude(organisation=None).select_related("organisation"))
    refuse_where_built_upon(changes, today)
    added = [change.organisation_id for change in changes if change.kind == Kind.ADDED]
    refuse_where_loaded_since(load)
    try:
        Organisation.objects.filter(pk__in=added).delete()
    except ProtectedError as error:
        raise BuiltUpon(sorted({str(one.organisation) for one in islice(error.protected_objects, SHOWN)})) from error
    back = {
        change.organisation_id: {name: read(name, value) for name, value in change.before.items()}
        for change in changes
        if change.kind != Kind.ADDED
    }
    for values in back.values():
        values.pop("manager", None)
    tags = applying.tags_of({name for values in back.values() for name in values.get("tags", ())})
    for batch in applying.batches(back.items()):
        applying.write(dict(batch), tags, today)
    for change in changes:
        if change.before and "manager" in change.after:
            _give_back_office(change, timezone.localdate(load.applied_at))
        if unusable := change.beside.get("unusable"):
            change.organisation.mailboxes.filter(address__in=unusable).update(usable=False)


def refuse_where_built_upon(changes: list[RosterChange], today: dt.date) -> None:
    """Raises BuiltUpon where a value that the load wrote is another one by now."""
    now = {one.pk: one.values for one in standing.read(today)}
    built = [
        now[change.organisation_id]["name"] for change in changes if _differs(now[change.organisation_id], change.after)
    ]
    if built:
        raise BuiltUpon(built[:SHOWN])


def refuse_where_loaded_since(load: RosterLoad) -> None:
    """Raises BuiltUpon where a later load changed what this one added; whatever people do is an event, which holds."""
    later = RosterChange.objects.filter(load__state=RosterLoad.State.APPLIED, load__pk__gt=load.pk)
    found = later.filter(organisation__in=load.changes.filter(kind=Kind.ADDED).values("organisation"))
    if names := list(found.values_list("organisation__name", flat=True)[:SHOWN]):
        raise BuiltUpon(names)


def _differs(now: dict[str, Any], written: dict[str, Any]) -> bool:
    return any(not alike(name, now[name], read(name, value)) for name, value in written.items())


def read(name: str, value: Any) -> Any:
    """A value as the roster has it, from what a change keeps of it."""
    if isinstance(value, list):
        return tuple(value)
    return dt.date.fromisoformat(value) if name in DAYS and value else value


def _give_back_office(change: RosterChange, day: dt.date) -> None:
    """A manager whose term the load began on that day was none; those before hold the office to the day they did."""
    terms = Officer.objects.filter(organisation=change.organisation_id, office=Office.MANAGER)
    terms.filter(since=day, name=change.after["manager"]).delete()
    for term in change.beside.get("terms", []):
        until = term.pop("until")
        if not terms.filter(**term).update(until=until):
            Officer.objects.create(organisation_id=change.organisation_id, office=Office.MANAGER, until=until, **term)
