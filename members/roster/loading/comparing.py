"""What a file would change in the roster: the plan that a person sees and agrees to before anything is written."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from members import contacts, wareki
from members.models.load import RosterChange, RosterLoad
from members.roster.loading.entries import Entry, Refusal, Rows
from members.roster.loading.matching import Known, Unclear, identity, identity_of, once
from members.roster.loading.standing import Standing
from members.tree import Districts

Kind = RosterChange.Kind
Removal = RosterLoad.Removal
TWICE = "同じ薬局（{name}）の行が、ほかにもあります。正しい1行だけを残してください"
ALONE = 1  # so many pharmacies of a district leave without a second look, be it of two
NOT_TAKEN = "停止中のメールアドレス {address} は、名簿にないので登録しません"
NEW_CODE = (
    "同じ名前と電話の薬局が、コード {code} で登録されています。"
    "コードが変わっただけなら、先に名簿のコードを直してください"
)


@dataclass(slots=True)
class Change:
    """What becomes of one pharmacy. `before` and `after` hold the fields that differ; an addition has no `before`."""

    kind: str
    where: str
    organisation: int | None
    code: str
    name: str
    district: int
    before: dict[str, Any]
    after: dict[str, Any]
    remarks: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """The whole comparison. `absent` are those in office of whom the file says nothing; `removed` those who leave.

    `current` counts those in office by district.
    """

    changes: list[Change]
    same: int
    absent: list[Standing]
    removed: list[Standing]
    refused: list[Refusal]
    notes: list[str]
    remarks: list[tuple[str, str]]
    current: Counter[int]

    def of_kind(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def counts(self) -> dict[str, int]:
        found = {kind.value: 0 for kind in Kind}
        for change in self.changes:
            found[change.kind] += 1
        found[Kind.LEFT] += len(self.removed)
        return found | {"same": self.same, "absent": len(self.absent), "refused": len(self.refused)}

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.removed

    @property
    def needs_second(self) -> bool:
        """Whether half of the roster or more would leave, or of a district: one person alone may not do that."""
        leaving = Counter(one.values["district"] for one in self.removed)
        left = (change for change in self.changes if change.kind == Kind.LEFT)
        leaving += Counter(change.before.get("district", change.district) for change in left)
        whole = sum(leaving.values()) * 2 >= sum(self.current.values()) > 0
        return whole or any(count * 2 >= self.current[district] for district, count in leaving.items() if count > ALONE)

    @property
    def digest(self) -> str:
        """A sign of everything that the plan would write."""
        told = hashlib.sha256()
        for change in self.changes:
            written = [change.kind, change.organisation, change.before, change.after]
            told.update(json.dumps(written, default=str).encode())
        told.update(json.dumps([one.pk for one in self.removed]).encode())
        return told.hexdigest()


def compare(
    rows: Rows, standings: list[Standing], districts: Districts, today: dt.date, *, removal: str, clears: bool
) -> Plan:
    """The plan. Matching is by code; where the roster has none yet, by name and telephone together; where the file
    has none either, by name and district."""
    return _Comparison(standings, districts, today, clears).plan(rows, removal)


class _Comparison:
    def __init__(self, standings: list[Standing], districts: Districts, today: dt.date, clears: bool) -> None:
        self.standings, self.districts, self.clears = standings, districts, clears
        self.current = [one for one in standings if _is_member(one, today)]
        self.known = Known(standings)
        self.seen: set[int] = set()
        self.named: set[int] = set()
        self.refused: list[Refusal] = []
        self.same = 0
        self.remarks: list[tuple[str, str]] = []

    def plan(self, rows: Rows, removal: str) -> Plan:
        changes = [change for entry in _used_up(rows.entries) if (change := self._change(entry))]
        self.seen |= {self.known.by_code[one.code].pk for one in rows.refused if one.code in self.known.by_code}
        absent = [one for one in self.current if one.pk not in self.seen]
        refused = sorted([*rows.refused, *self.refused], key=lambda one: place_of(one.where))
        self._hint_new_codes(changes, absent)
        removed = [] if refused else self._removed(absent, removal)
        current = Counter(one.values["district"] for one in self.current)
        return Plan(changes, self.same, absent, removed, refused, rows.notes, self.remarks, current)

    def _change(self, entry: Entry) -> Change | None:
        """What the entry changes; None where nothing, or where it was refused after all."""
        values = entry.values
        stopped = values.pop("stopped", ())
        if not self._place(entry, values):
            return None
        try:
            known = self.known.of(values)
        except Unclear as error:
            self._refuse(entry, str(error))
            return None
        self._keep_stopped(entry, stopped, known)
        change = self._added(entry, values) if known is None else self._changed(entry, values, known)
        if entry.remarks and change is None:
            self.remarks += [(entry.where, line) for line in entry.remarks]
        return change

    def _place(self, entry: Entry, values: dict[str, Any]) -> bool:
        """Put the district's id in the place of its name; refuses the entry where there is none of that name."""
        written = values.pop("district", "")
        if not written:
            return True
        found = self.districts.named(written)
        if found is None:
            like = self.districts.like(written)
            hint = f"「{like}」ではありませんか" if like else "先に地区を登録するか、名前を直してください"
            self._refuse(entry, f"地区「{written}」は登録がありません。{hint}")
            return False
        values["district"] = found
        self.named.add(found)
        return True

    def _keep_stopped(self, entry: Entry, stopped: tuple[str, ...], known: Standing | None) -> None:
        """Addresses that are out of use stay so where the roster has them; they become no new ones."""
        old = {address.lower() for address in known.values["mails"]} if known else set()
        mails = entry.values.get("mails", ())
        for address in stopped:
            if address.lower() not in old:
                entry.remarks.append(NOT_TAKEN.format(address=address))
            elif "mails" in entry.values:
                mails = (*mails, address)
        if mails:
            entry.values["mails"] = mails

    def _added(self, entry: Entry, values: dict[str, Any]) -> Change | None:
        if "district" not in values:
            self._refuse(entry, "新しい薬局ですが、地区がありません")
            return None
        if values.get("left_on"):
            self._refuse(entry, "登録のない薬局に、退会日があります")
            return None
        after = {name: value for name, value in values.items() if value not in ("", (), None)}
        district = values["district"]
        return Change(Kind.ADDED, entry.where, None, values["code"], values["name"], district, {}, after, entry.remarks)

    def _changed(self, entry: Entry, values: dict[str, Any], known: Standing) -> Change | None:
        if known.pk in self.seen:
            self._refuse(entry, TWICE.format(name=known.values["name"]))
            return None
        self.seen.add(known.pk)
        old = known.values
        if old["left_on"] and not values.get("left_on"):
            values["left_on"] = None
        after = {
            name: value
            for name, value in values.items()
            if (self.clears or value not in ("", (), None) or (name == "left_on" and old["left_on"]))
            and not alike(name, old[name], value)
        }
        if not after:
            self.same += 1
            return None
        first, last = (after.get(name, old[name]) for name in ("joined_on", "left_on"))
        if first and last and first > last:
            self._refuse(
                entry, f"退会日（{wareki.short_date(last)}）が、入会日（{wareki.short_date(first)}）より前です"
            )
            return None
        before = {name: old[name] for name in after}
        district = after.get("district", old["district"])
        names = values["code"], values["name"], district
        return Change(_kind(before, after), entry.where, known.pk, *names, before, after, entry.remarks)

    def _refuse(self, entry: Entry, reason: str) -> None:
        code = entry.values["code"]
        if known := self.known.by_code.get(code):
            self.seen.add(known.pk)
        self.refused.append(Refusal(entry.where, entry.cells, [reason], code))

    def _hint_new_codes(self, changes: list[Change], absent: list[Standing]) -> None:
        """A new code with an absent pharmacy's name and telephone is probably the same shop."""
        gone = once((identity_of(one), one) for one in absent)
        for change in changes if gone else []:
            key = identity(change.name, change.after.get("telephone", ""))
            if change.kind == Kind.ADDED and key in gone:
                change.remarks.append(NEW_CODE.format(code=gone[key].values["code"]))

    def _removed(self, absent: list[Standing], removal: str) -> list[Standing]:
        if removal == Removal.ALL:
            return absent
        if removal == Removal.DISTRICTS:
            return [one for one in absent if one.values["district"] in self.named]
        return []


def _used_up(entries: list[Entry]) -> Iterator[Entry]:
    """Each in its order, none kept: a nation's rows need their memory twice otherwise."""
    entries.reverse()
    while entries:
        yield entries.pop()


def _is_member(standing: Standing, today: dt.date) -> bool:
    joined = standing.values["joined_on"]
    return standing.values["left_on"] is None and (joined is None or joined <= today)


def alike(name: str, old: Any, new: Any) -> bool:
    """Whether a value means the same as before: numbers by their digits, addresses in any order and case."""
    if name in ("telephone", "fax"):
        return old == new or contacts.digits(old) == contacts.digits(new)
    if name == "mails":
        return {one.lower() for one in old} == {one.lower() for one in new}
    return old == new


def _kind(before: dict[str, Any], after: dict[str, Any]) -> Kind:
    if "left_on" in after and bool(after["left_on"]) != bool(before["left_on"]):
        return Kind.LEFT if after["left_on"] else Kind.RETURNED
    return Kind.MOVED if "district" in after else Kind.CHANGED


def place_of(where: str) -> tuple[str, int]:
    """Sheet (empty where only one was read) and row of a place: "白鷺 5行目" → ("白鷺", 5)."""
    sheet, _, row = where.removesuffix("行目").rpartition(" ")
    return sheet, int(row)
