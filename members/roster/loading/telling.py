"""A plan for those who read it: as JSON, with what people call each value."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from members import wareki
from members.models.organisation import Channel
from members.roster.loading.comparing import Change, Plan, place_of
from members.roster.loading.standing import Standing
from members.tree import Districts

NOTHING = "なし"
DAYS = ("joined_on", "left_on")


def shown(name: str, value: Any, districts: Districts) -> str:
    """One value in words: a district's label, days as R6.4.1, several joined; empty where there is none."""
    if value in ("", (), [], None):
        return ""
    if name == "district":
        return districts.labels.get(value, "")
    if name == "channel":
        return Channel(value).label
    if name in DAYS:
        return wareki.short_date(value if isinstance(value, dt.date) else dt.date.fromisoformat(value))
    return "、".join(value) if isinstance(value, (tuple, list)) else str(value)


def told(plan: Plan, districts: Districts) -> dict[str, Any]:
    """Everything that the plan holds: additions and changes with their rows, refusals with their reasons."""
    kinds = ("added", "changed", "moved", "returned", "left")
    return {
        "counts": plan.counts,
        **{kind: [_change(change, districts) for change in plan.of_kind(kind)] for kind in kinds},
        "absent": _pharmacies(plan.absent, districts),
        "removed": _pharmacies(plan.removed, districts),
        "refused": [_place(one.where) | {"code": one.code, "reasons": one.reasons} for one in plan.refused],
        "remarks": [_place(where) | {"text": line} for where, line in remarks(plan)],
        "notes": plan.notes,
        "needs_second_person": plan.needs_second,
    }


def remarks(plan: Plan) -> list[tuple[str, str]]:
    """What is taken but should be looked at, by its row, also of rows that change nothing."""
    found = [(change.where, line) for change in plan.changes for line in change.remarks]
    return sorted([*found, *plan.remarks], key=lambda one: place_of(one[0]))


def _change(change: Change, districts: Districts) -> dict[str, Any]:
    fields = {
        name: [_plain(name, change.before.get(name), districts), _plain(name, value, districts)]
        for name, value in change.after.items()
    }
    names = {"code": change.code, "name": change.name, "district": districts.labels.get(change.district, "")}
    return _place(change.where) | names | {"fields": fields}


def _plain(name: str, value: Any, districts: Districts) -> Any:
    if name == "district":
        return districts.labels.get(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _pharmacies(standings: Iterable[Standing], districts: Districts) -> list[dict[str, str]]:
    return [
        {
            "code": one.values["code"],
            "name": one.values["name"],
            "district": districts.labels.get(one.values["district"], ""),
        }
        for one in standings
    ]


def _place(where: str) -> dict[str, Any]:
    sheet, row = place_of(where)
    return ({"sheet": sheet} if sheet else {}) | {"row": row}
