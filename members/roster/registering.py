"""Registering an organisation that is not in the roster yet."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from members import contacts, history, tree
from members.history import Actor
from members.models import Organisation
from members.models.organisation import Kind
from members.names import search_key
from members.roster import editing


class Namesakes(Exception):
    """The roster has organisations of the same name or number that were not shown yet: `found`."""

    def __init__(self, found: list[Organisation]) -> None:
        super().__init__("、".join(organisation.name for organisation in found))
        self.found = found


class CodeTaken(Exception):
    """Another organisation has the code: `holder`."""

    def __init__(self, holder: Organisation) -> None:
        super().__init__(holder.name)
        self.holder = holder


def namesakes(kind: str, name: str, numbers: Collection[str]) -> list[Organisation]:
    """Those of this kind with the same name, however it is written, or one of these telephone or FAX numbers."""
    same = Organisation.objects.filter(kind=kind)
    wanted = {bare for number in numbers if (bare := contacts.digits(number))}
    found = {each.pk: each for each in same.matching(name) if search_key(each.name) == search_key(name)}
    for bare in wanted:
        holders = same.matching(bare)
        found |= {
            each.pk: each for each in holders if bare in (contacts.digits(each.telephone), contacts.digits(each.fax))
        }
    return sorted(found.values(), key=lambda each: each.pk)


@transaction.atomic
def add(kind: Kind, values: Mapping[str, Any], known: Collection[int], actor: Actor) -> Organisation:
    """A new organisation with these values (field → value, "tags" → Tags), last in the order of the roster.

    `known` are the ids of its namesakes that the person has seen. Raises Namesakes where there are others, and
    CodeTaken. One at a time: whoever presses twice registers once.
    """
    list(Organisation.objects.select_for_update(no_key=True).filter(kind=Kind.ASSOCIATION))
    numbers = [values.get("telephone", ""), values.get("fax", "")]
    found = namesakes(kind, values["name"], numbers)
    if {each.pk for each in found} - set(known):
        raise Namesakes(found)
    if values.get("code") and (holder := Organisation.objects.filter(code=values["code"]).first()):
        raise CodeTaken(holder)
    fields = {name: value for name, value in values.items() if name != editing.TAGS}
    last = Organisation.objects.filter(kind=kind).aggregate(last=Max("position"))["last"] or 0
    organisation = Organisation(kind=kind, position=last + 1, **fields)
    if kind == Kind.DISTRICT:
        organisation.parent = tree.association()
    organisation.save()
    organisation.tags.set(values.get(editing.TAGS, []))
    changes = {name: ["", told] for name in values if (told := editing.told(organisation, name))}
    history.record("organisation.added", organisation, actor=actor, organisation=organisation, changes=changes)
    return organisation
