"""Changing what the roster says of one organisation. What it said before stays in the history."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from members import history, tasking
from members.history import Actor
from members.models import Organisation, Tag
from members.models.organisation import Channel

TAGS = "tags"
LABELS = {"parent": "地区", TAGS: "区分"}  # what the screen calls fields whose model has no name for them


class ChangedMeanwhile(Exception):
    """Somebody has changed the organisation since its form was opened: `organisation` as it is now."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(f"Organisation {organisation.pk} was changed meanwhile")
        self.organisation = organisation


def state_of(organisation: Organisation) -> str:
    """A short sign of everything that can be changed, to see later whether somebody has."""
    fields = [str(getattr(organisation, field.attname)) for field in Organisation._meta.concrete_fields]
    tags = sorted(organisation.tags.values_list("pk", flat=True))
    return hashlib.sha256(json.dumps([fields, tags]).encode()).hexdigest()[:16]


@transaction.atomic
def change(key: int, values: Mapping[str, Any], seen: str, actor: Actor) -> list[str]:
    """Give the organisation these values (field → value, "tags" → Tags); gives the names of those that were others.

    `seen` is `state_of` what the person saw. Raises ChangedMeanwhile when that is not so any more; nothing is changed
    then, and nothing is recorded where all values are as before.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=key)
    if state_of(organisation) != seen:
        raise ChangedMeanwhile(organisation)
    before = {name: told(organisation, name) for name in values}
    for name in values.keys() - {TAGS}:
        setattr(organisation, name, values[name])
    if TAGS in values:
        organisation.tags.set(values[TAGS])
    changes = {name: [before[name], now] for name in values if (now := told(organisation, name)) != before[name]}
    if changes:
        organisation.save()
        history.record("organisation.changed", organisation, actor=actor, organisation=organisation, changes=changes)
        _settle(organisation, changes, actor)
    return list(changes)


def _settle(organisation: Organisation, changes: Mapping[str, Any], actor: Actor) -> None:
    """Close what need not be found out any more: everything of who has left, a FAX number that is another now."""
    if "left_on" in changes and organisation.left_on:
        tasking.close_those(Q(), organisation, tasking.LEFT, actor)
    elif "fax" in changes:
        tasking.close_those(Q(channel=Channel.FAX), organisation, tasking.CORRECTED, actor)


def told(organisation: Organisation, name: str) -> str:
    """A value as the history keeps it."""
    value = getattr(organisation, name)
    return _names(value.all()) if name == TAGS else "" if value is None else str(value)


def _names(tags: Iterable[Tag]) -> str:
    return "、".join(tag.name for tag in tags)
