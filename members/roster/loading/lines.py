"""The preview of a load as lists: each line with its row, its pharmacy and what becomes of which value."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from members.models import RosterChange, RosterLoad
from members.names import search_key, search_words
from members.roster.loading import telling
from members.roster.loading.comparing import Change, Kind, Plan
from members.roster.loading.entries import Refusal
from members.roster.loading.headings import LABELS
from members.roster.loading.sheets import text
from members.roster.loading.standing import Standing
from members.tree import Districts

REFUSED, REMARKS, ABSENT = "refused", "remarks", "absent"
# What can be listed, in the order in which it should be looked at.
LISTS = {
    REFUSED: "取り込めない行",
    **{kind.value: kind.label for kind in (Kind.ADDED, Kind.CHANGED, Kind.MOVED, Kind.RETURNED, Kind.LEFT)},
    REMARKS: "確かめたい行",
    ABSENT: "ファイルにない薬局",
}
NAMED = ("code", "name", "district")


@dataclass(frozen=True)
class Value:
    """One value that becomes another; `before` is empty for an addition."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One row of the file, or one pharmacy that it lacks."""

    where: str
    name: str
    code: str
    district: str
    values: list[Value] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    organisation: int | None = None

    def matches(self, words: list[str]) -> bool:
        key = search_key(self.name, self.code, self.district, *self.words)
        return all(search_key(word) in key for word in words)


def of(plan: Plan, name: str, districts: Districts, searched: str = "") -> list[Line]:
    """One of LISTS, narrowed to what holds every word that is searched for."""
    words = search_words(searched)
    return [line for line in _lines(plan, name, districts) if line.matches(words)]


def counts(plan: Plan) -> dict[str, int]:
    """How long each of LISTS is."""
    found = plan.counts
    return {name: len(telling.remarks(plan)) if name == REMARKS else found[name] for name in LISTS}


def _lines(plan: Plan, name: str, districts: Districts) -> Iterable[Line]:
    if name == REFUSED:
        return map(_refused, plan.refused)
    if name == REMARKS:
        return (Line(where, "", "", "", words=[line]) for where, line in telling.remarks(plan))
    if name == ABSENT:
        return (_standing(one, districts) for one in plan.absent)
    changes = (_changed(change, districts) for change in plan.of_kind(name))
    leaving = plan.removed if name == Kind.LEFT else []
    return [*changes, *(_standing(one, districts) for one in leaving)]


def _refused(row: Refusal) -> Line:
    texts = [written for cell in row.cells if (written := text(cell).strip())]
    return Line(row.where, "　".join(texts[:4]), row.code, "", words=row.reasons)


def _changed(change: Change, districts: Districts) -> Line:
    changed = values(change.before, change.after, districts)
    district = districts.labels.get(change.district, "")
    return Line(change.where, change.name, change.code, district, changed, change.remarks, change.organisation)


def values(before: dict[str, Any], after: dict[str, Any], districts: Districts) -> list[Value]:
    """Each value that becomes another; of an addition, those that stand in no column of their own."""
    return [
        Value(
            LABELS[name],
            telling.shown(name, before.get(name), districts),
            telling.shown(name, value, districts) or telling.NOTHING,
        )
        for name, value in after.items()
        if before or name not in NAMED
    ]


def _standing(one: Standing, districts: Districts) -> Line:
    district = districts.labels.get(one.values["district"], "")
    return Line("", one.values["name"], one.values["code"], district, organisation=one.pk)


def done(load: RosterLoad, kind: str, districts: Districts) -> list[Line]:
    """What an applied load did, by one kind of change."""
    changes = load.changes.filter(kind=kind).select_related("organisation__parent")
    return [_done(change, districts) for change in changes]


def _done(change: RosterChange, districts: Districts) -> Line:
    changed = values(change.before, change.after, districts)
    if one := change.organisation:
        return Line("", one.name, one.code, one.parent.label, changed, organisation=one.pk)
    return Line("", change.after.get("name", ""), change.after.get("code", ""), "", changed)
