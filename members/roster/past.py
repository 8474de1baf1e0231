"""The roster of pharmacies as it was at a moment: who was a member, of which district, with which tags.

What people have changed by hand since stands in the history, what loads of the roster have changed in their lines. From
the latest back, each knows the value before it. A pharmacy whose addition was undone is nowhere any more.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from members import tree
from members.models import Event, Organisation, RosterChange

# How the history and the lines of loads call what is asked for here.
BY_HAND = ("organisation.added", "organisation.changed")
# Before it was registered a pharmacy was no member.
NOBODY_YET = {"is_member": False}


@dataclass(frozen=True)
class Pharmacy:
    """`district` is the key of its district, `tags` are the names of its tags."""

    district: int
    is_member: bool
    tags: frozenset[str]


def pharmacies(moment: dt.datetime) -> dict[int, Pharmacy]:
    """Every pharmacy by its key, as it was at the moment; those that came later, too: they were no members yet."""
    found = _today()
    for _, organisation, before in sorted(_changes(moment), key=lambda change: change[0], reverse=True):
        if organisation in found:
            found[organisation] = replace(found[organisation], **before)
    return found


def _today() -> dict[int, Pharmacy]:
    tags: dict[int, set[str]] = {}
    for organisation, name in Organisation.tags.through.objects.values_list("organisation", "tag__name"):
        tags.setdefault(organisation, set()).add(name)
    rows = Organisation.objects.pharmacies().order_by().values_list("pk", "parent", "left_on")
    return {pk: Pharmacy(parent, left_on is None, frozenset(tags.get(pk, ()))) for pk, parent, left_on in rows}


def _changes(moment: dt.datetime) -> Iterator[tuple[dt.datetime, int, dict]]:
    """Every change since: when, of which pharmacy, and the values before it."""
    yield from _by_hand(moment)
    columns = ("load__applied_at", "load__undone_at", "organisation", "kind", "before", "after")
    lines = RosterChange.objects.filter(load__applied_at__isnull=False, organisation__isnull=False).order_by()
    for applied_at, undone_at, organisation, kind, before, after in lines.values_list(*columns):
        if applied_at > moment:
            yield applied_at, organisation, NOBODY_YET if kind == RosterChange.Kind.ADDED else _of_line(before)
        if undone_at and undone_at > moment:
            yield undone_at, organisation, _of_line(after)


def _by_hand(moment: dt.datetime) -> Iterator[tuple[dt.datetime, int, dict]]:
    districts = dict(tree.districts().values_list("name", "pk"))
    events = Event.objects.filter(verb__in=BY_HAND, at__gt=moment, subject_kind="organisation").order_by()
    for at, verb, organisation, detail in events.values_list("at", "verb", "subject_id", "detail"):
        changed = detail.get("changes", {})
        before = {}
        if "parent" in changed and (named := districts.get(changed["parent"][0])):
            before["district"] = named
        if "left_on" in changed:
            before["is_member"] = not changed["left_on"][0]
        if "tags" in changed:
            before["tags"] = frozenset(filter(None, changed["tags"][0].split("、")))
        yield at, organisation, NOBODY_YET if verb == "organisation.added" else before


def _of_line(values: dict) -> dict:
    """What the line of a load keeps of a pharmacy, by the names of `Pharmacy`."""
    found = {}
    if "district" in values:
        found["district"] = values["district"]
    if "left_on" in values:
        found["is_member"] = values["left_on"] is None
    if "tags" in values:
        found["tags"] = frozenset(values["tags"])
    return found
