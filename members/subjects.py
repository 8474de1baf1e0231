"""What events are about, by name.

An event keeps only which row it is about; its name is looked up when the history is read, so that a name that was
corrected or forgotten is so here, too.
"""

from collections.abc import Callable, Iterable

from django.db.models import Model, QuerySet

from members.history import KINDS
from members.models import Account, Capacity, Event, Mailbox, Officer, Organisation, RosterLoad, Task

Names = Callable[[set[int]], dict[int, str]]
Found = dict[tuple[str, int], str]

# What an event itself tells of a row that is gone.
TOLD = ("title", "address", "number", "file")


def each(rows: QuerySet, name: Callable[[Model], str] = str) -> Names:
    """The names of these rows by their ids."""
    return lambda keys: {row.pk: name(row) for row in rows.filter(pk__in=keys)}


def _acting(capacity: Capacity) -> str:
    return f"{capacity.account}（{capacity.get_role_display()}）"


# By `subject_kind`; those who have rows of their own to name add theirs.
NAMES: dict[str, Names] = {
    "account": each(Account.objects.all()),
    "capacity": each(Capacity.objects.select_related("account"), _acting),
    "mailbox": each(Mailbox.objects.all()),
    "officer": each(Officer.objects.all()),
    "organisation": each(Organisation.objects.all()),
    "rosterload": each(RosterLoad.objects.all(), lambda load: load.name),
    "task": each(Task.objects.all(), lambda task: task.title),
}


def names(events: Iterable[Event]) -> Found:
    """The names of what the events are about, by kind and id: one query a kind (or two)."""
    wanted: dict[str, set[int]] = {}
    for event in events:
        wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    return {
        (kind, pk): name for kind, keys in wanted.items() if kind in NAMES for pk, name in NAMES[kind](keys).items()
    }


def name(event: Event, found: Found) -> str:
    """What the event is about: its name, or what the event tells of it; empty where neither is known."""
    there = found.get((event.subject_kind, event.subject_id), "").strip()
    return there or next((str(event.detail[word]) for word in TOLD if event.detail.get(word)), "")


def kind(event: Event) -> str:
    """What kind of thing the event is about, in the words of the screen; empty where it is about none."""
    return KINDS.get(event.subject_kind, event.subject_kind)
