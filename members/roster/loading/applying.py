"""A plan that was agreed to, written into the roster: a few statements for many pharmacies, not a few for each."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Max

from members import addresses, tasking
from members.history import Actor
from members.models import Mailbox, Officer, Organisation, RosterChange, RosterLoad, Tag, Task
from members.models.officer import Office
from members.models.organisation import SEARCHED
from members.models.organisation import Kind as OrganisationKind
from members.names import search_key
from members.roster import vacancies
from members.roster.loading import bulk
from members.roster.loading.comparing import Change, Kind, Plan
from members.roster.loading.standing import OWN
from members.roster.offices import DAY

BATCH = 1000
# Plain texts: asked of the enumerations for every row, they would cost as much as a column.
PHARMACY, OFFICE = OrganisationKind.PHARMACY.value, Office.MANAGER.value
KEY_LENGTH = Organisation._meta.get_field("search_key").max_length
TERM = ("name", "email", "since", "until")
T = TypeVar("T")


def apply(plan: Plan, load: RosterLoad, actor: Actor, today: dt.date) -> None:
    """Write the plan and keep what each pharmacy was before. Call it in a transaction that holds the roster's rows."""
    tags = _tags(plan.changes)
    position = Organisation.objects.pharmacies().aggregate(last=Max("position"))["last"] or 0
    _add(plan.of_kind(Kind.ADDED), load, tags, position)
    for changes in batches(change for change in plan.changes if change.kind != Kind.ADDED):
        beside = _beside(changes, today)
        write({change.organisation: change.after for change in changes}, tags, today)
        bulk.insert(
            RosterChange,
            (
                _kept(load, change, before=change.before, after=change.after, beside=beside[change.organisation])
                for change in changes
            ),
        )
    for leaving in batches(plan.removed):
        pks = [one.pk for one in leaving]
        Organisation.objects.filter(pk__in=pks).update(left_on=today)
        told = {"kind": Kind.LEFT, "before": {"left_on": None}, "after": {"left_on": today}}
        RosterChange.objects.bulk_create(RosterChange(load=load, organisation_id=pk, **told) for pk in pks)
    _settle(load, actor, today)


def _settle(load: RosterLoad, actor: Actor, today: dt.date) -> None:
    """Close what need not be found out any more about the pharmacies that the load changed."""
    asked = Task.objects.still_open().filter(organisation__in=load.changes.values("organisation"))
    for task in asked.select_related("organisation"):
        if task.organisation.left_on:
            tasking.close(task, tasking.LEFT, actor)
        elif task.kind == Task.Kind.VACANT:
            vacancies.follow(task.organisation_id, Office(task.office), actor, today)
        elif task.kind == Task.Kind.BAD_ADDRESS and not addresses.is_in_roster(task):
            tasking.close(task, tasking.CORRECTED, actor)


def write(values: dict[int, dict[str, Any]], tags: dict[str, int], today: dt.date) -> None:
    """Give pharmacies (by id) these values, by the fields of an entry."""
    found = Organisation.objects.in_bulk(values)
    fields = {name for one in values.values() for name in one if name in OWN or name == "district"}
    for pk, given in values.items():
        for name in given.keys() & {*OWN, "district"}:
            setattr(found[pk], "parent_id" if name == "district" else name, given[name])
        found[pk].fold()
    if fields:
        named = {"parent" if name == "district" else name for name in fields} | {"search_key"}
        Organisation.objects.bulk_update(found.values(), sorted(named), batch_size=200)
    _write_mails({pk: given["mails"] for pk, given in values.items() if "mails" in given})
    _write_managers({pk: given["manager"] for pk, given in values.items() if "manager" in given}, today)
    _write_tags({pk: given["tags"] for pk, given in values.items() if "tags" in given}, tags)


def _add(changes: list[Change], load: RosterLoad, tags: dict[str, int], position: int) -> None:
    """New pharmacies, behind the position of those before, with all that belongs to them."""
    keys = bulk.new_keys(Organisation, len(changes))
    for change, key in zip(changes, keys, strict=True):
        change.organisation = key
    bulk.insert(Organisation, (_row(change, position + place) for place, change in enumerate(changes, start=1)))
    bulk.insert(
        Mailbox,
        (
            {"organisation_id": change.organisation, "address": address}
            for change in changes
            for address in change.after.get("mails", ())
        ),
    )
    managers = ((change.organisation, change.after["manager"]) for change in changes if "manager" in change.after)
    bulk.insert(Officer, ({"organisation_id": key, "office": OFFICE, "name": name} for key, name in managers))
    _link((change.organisation, tags[name]) for change in changes for name in change.after.get("tags", ()))
    names = ("code", "name")
    bulk.insert(RosterChange, (_kept(load, one, after={name: one.after[name] for name in names}) for one in changes))


def _row(change: Change, position: int) -> dict[str, Any]:
    own = {name: value for name, value in change.after.items() if name in OWN}
    place = {"kind": PHARMACY, "parent_id": change.district, "position": position}
    key = search_key(*(own.get(name, "") for name in SEARCHED))[:KEY_LENGTH]
    return own | place | {"id": change.organisation, "search_key": key}


def _kept(load: RosterLoad, change: Change, **values: dict[str, Any]) -> dict[str, Any]:
    told = {"load_id": load.pk, "organisation_id": change.organisation, "kind": str(change.kind)}
    return told | values


def _beside(changes: list[Change], today: dt.date) -> dict[int, dict[str, list]]:
    """What the values of a change do not tell of its pharmacy, by its id, where the change touches it."""
    found: dict[int, dict[str, list]] = {change.organisation: {} for change in changes}
    named = [change.organisation for change in changes if "manager" in change.after]
    managers = Officer.objects.holding(today).filter(organisation__in=named, office=Office.MANAGER)
    for pk, *term in managers.values_list("organisation", *TERM):
        found[pk].setdefault("terms", []).append(dict(zip(TERM, term, strict=True)))
    mailed = [change.organisation for change in changes if "mails" in change.after]
    unusable = Mailbox.objects.filter(organisation__in=mailed, usable=False)
    for pk, address in unusable.values_list("organisation", "address"):
        found[pk].setdefault("unusable", []).append(address)
    return found


def _write_mails(wanted: dict[int, tuple[str, ...]]) -> None:
    """The addresses become exactly these; one that stays keeps its row, and whether it is in use."""
    there: dict[int, dict[str, Mailbox]] = {pk: {} for pk in wanted}
    for mailbox in Mailbox.objects.filter(organisation__in=wanted):
        there[mailbox.organisation_id][mailbox.address.lower()] = mailbox
    gone = [
        mailbox.pk
        for pk, found in there.items()
        for key, mailbox in found.items()
        if key not in {address.lower() for address in wanted[pk]}
    ]
    Mailbox.objects.filter(pk__in=gone).delete()
    Mailbox.objects.bulk_create(
        Mailbox(organisation_id=pk, address=address)
        for pk, several in wanted.items()
        for address in several
        if address.lower() not in there[pk]
    )


def _write_managers(wanted: dict[int, str], today: dt.date) -> None:
    """A new manager's term begins today, to the eve of whoever is registered to follow; the term before ends the eve.

    One that began today was never held for a day.
    """
    managers = Officer.objects.filter(organisation__in=wanted, office=Office.MANAGER)
    managers.holding(today).filter(since=today).delete()
    managers.holding(today).update(until=today - DAY)
    later = managers.filter(since__gt=today).order_by("-since")
    ends = {pk: since - DAY for pk, since in later.values_list("organisation_id", "since")}
    Officer.objects.bulk_create(
        Officer(organisation_id=pk, office=Office.MANAGER, name=name, since=today, until=ends.get(pk))
        for pk, name in wanted.items()
        if name
    )


def _write_tags(wanted: dict[int, tuple[str, ...]], tags: dict[str, int]) -> None:
    Organisation.tags.through.objects.filter(organisation__in=wanted).delete()
    _link((pk, tags[name]) for pk, names in wanted.items() for name in names)


def _link(pairs: Iterable[tuple[int, int]]) -> None:
    bulk.insert(Organisation.tags.through, ({"organisation_id": pk, "tag_id": tag} for pk, tag in pairs))


def _tags(changes: Iterable[Change]) -> dict[str, int]:
    """Every tag by its name; those that the plan names and nobody has yet are made."""
    named = {name for change in changes for name in change.after.get("tags", ())}
    return tags_of(named)


def tags_of(names: set[str]) -> dict[str, int]:
    """The ids of tags by name, made where they are new."""
    new = names - set(Tag.objects.filter(name__in=names).values_list("name", flat=True))
    Tag.objects.bulk_create(Tag(name=name) for name in sorted(new))
    return dict(Tag.objects.values_list("name", "pk"))


def batches(several: Iterable[T]) -> Iterator[list[T]]:
    """The same in lists of a thousand, the last one shorter."""
    waiting = iter(several)
    while batch := list(islice(waiting, BATCH)):
        yield batch
