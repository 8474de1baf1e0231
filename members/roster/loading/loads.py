"""The life of a load: a file is read, its columns are agreed to, its plan is applied, and may be taken back."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from members import history, tree
from members.history import Actor
from members.models import Organisation, RosterHeading, RosterLoad
from members.roster.loading import applying, comparing, delimited, entries, headings, standing, undoing, workbook
from members.roster.loading.comparing import Plan
from members.roster.loading.headings import Layout
from members.roster.loading.sheets import NotReadable, Sheet, text

State = RosterLoad.State
Removal = RosterLoad.Removal
TOO_LARGE = "ファイルが大きすぎます（{size} MB まで）。地区ごとに分けるなどして、小さくしてから選んでください。"
EMPTY = "ファイルが空です。薬局の並んだ Excel か CSV のファイルを選んでください。"
SAMPLED_ROWS, SAMPLES = 50, 3
NO_ROWS = "見出しの下に、薬局の行がありません。名簿は何も変わっていません。ファイルを確かめてください。"


class NotWaiting(Exception):
    """The load was applied, taken back or given up meanwhile: `load`."""

    def __init__(self, load: RosterLoad) -> None:
        super().__init__(f"{load} is {load.state}")
        self.load = load


class PlanChanged(Exception):
    """The roster or the choices changed since the plan was seen: nothing was written."""


class SecondPersonNeeded(Exception):
    """Half of the roster would leave: another member of staff has to agree. Nothing was written to the roster."""


class ColumnsUnclear(Exception):
    """What the columns hold is not clear yet: `problems`, in plain Japanese."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Preview:
    """What a file says and would change; `plan` is None as long as `problems` with the columns stand in the way."""

    layout: Layout
    samples: dict[int, list[str]]
    problems: list[str]
    plan: Plan | None


# Reading --------------------------------------------------------------------------------------------------------------


def sheets_of(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a roster's file. Raises NotReadable."""
    if len(content) > settings.ROSTER_MAX_BYTES:
        raise NotReadable(TOO_LARGE.format(size=settings.ROSTER_MAX_BYTES // 1024 // 1024))
    if not content.strip():
        raise NotReadable(EMPTY)
    return workbook.read(content, name) if workbook.is_workbook(content) else delimited.read(content)


def preview(
    content: bytes,
    name: str,
    *,
    columns: Mapping[int, str] | None = None,
    removal: str = Removal.NONE,
    clears: bool = False,
    today: dt.date,
) -> Preview:
    """Read, check and compare a file; writes nothing.

    `columns` says what they hold (place → field); without it, what is known of their headings does.
    Raises NotReadable, also where the file has no row of a pharmacy.
    """
    sheets, layout = _laid_out(content, name, columns)
    samples = _samples(sheets, layout)
    if problems := headings.problems(layout):
        return Preview(layout, samples, problems, None)
    rows = entries.read(sheets, layout, settings.PREFECTURE_NUMBER, today)
    if not rows.entries and not rows.refused:
        raise NotReadable(NO_ROWS)
    sheets.clear()  # entries keep the rows that are still needed
    plan = comparing.compare(rows, standing.read(today), tree.Districts(), today, removal=removal, clears=clears)
    return Preview(layout, samples, [], plan)


def _laid_out(content: bytes, name: str, columns: Mapping[int, str] | None) -> tuple[list[Sheet], Layout]:
    """A file's sheets and what their columns hold. Raises NotReadable, also where nothing stands below the headings."""
    sheets = sheets_of(content, name)
    layout = headings.find(sheets, agreed_headings(), columns)
    below = (row for sheet in sheets for row in sheet.rows[layout.first_rows.get(sheet.name, len(sheet.rows)) :])
    if not any(any(cell != "" for cell in row) for row in below):
        raise NotReadable(NO_ROWS)
    return sheets, layout


def agreed_headings() -> dict[str, str]:
    """What people said of headings before."""
    return dict(RosterHeading.objects.values_list("heading", "field"))


def preview_of(load: RosterLoad, today: dt.date) -> Preview:
    """The preview of a load that waits, against the roster of this moment. Raises NotReadable."""
    choices = {"columns": _columns(load), "removal": load.removal, "clears": load.clears}
    return preview(_content(load), load.name, **choices, today=today)


def columns_of(load: RosterLoad) -> tuple[Layout, dict[int, list[str]]]:
    """The columns of a load's file, and some values of each. Raises NotReadable."""
    sheets, layout = _laid_out(_content(load), load.name, _columns(load))
    return layout, _samples(sheets, layout)


def _content(load: RosterLoad) -> bytes:
    with load.content.open("rb") as stream:
        return stream.read()


def _columns(load: RosterLoad) -> dict[int, str] | None:
    """What was said of the columns; None as long as nobody has."""
    return {int(place): field for place, field in load.columns.items()} if load.columns_agreed else None


def _samples(sheets: list[Sheet], layout: Layout) -> dict[int, list[str]]:
    """Three values of each column, by its place."""
    first = next(sheet for sheet in sheets if sheet.name in layout.first_rows)
    start = layout.first_rows[first.name]
    rows = first.rows[start : start + SAMPLED_ROWS]
    found = {}
    for column in layout.columns:
        texts = (text(row[column.place]).strip() for row in rows if column.place < len(row))
        found[column.place] = list(dict.fromkeys(filter(None, texts)))[:SAMPLES]
    return found


# The life of a load ---------------------------------------------------------------------------------------------------


def receive(content: bytes, name: str, actor: Actor) -> RosterLoad:
    """Keep a file that can be read; one that waits already is given instead of a second. Raises NotReadable."""
    workbook.examine(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if waiting := RosterLoad.objects.filter(sha256=sha256, state=State.WAITING).first():
        return waiting
    _, layout = _laid_out(content, name, None)
    agreed = agreed_headings()
    known = not headings.problems(layout) and all(column.key in agreed for column in layout.columns)
    return _kept(content, name, layout, actor, columns_agreed=known)


def _kept(content: bytes, name: str, layout: Layout, actor: Actor, **choices: Any) -> RosterLoad:
    sha256 = hashlib.sha256(content).hexdigest()
    load = RosterLoad(name=name[:300], sha256=sha256, made_by=actor.account, capacity=actor.capacity, **choices)
    load.columns = {str(column.place): column.field for column in layout.columns}
    load.content.save(f"{sha256}.roster", ContentFile(content), save=False)
    with transaction.atomic():
        load.save()
        history.record("roster.read", load, actor=actor, file=load.name)
    return load


def apply_file(
    content: bytes, name: str, actor: Actor, today: dt.date, *, removal: str = Removal.NONE, clears: bool = False
) -> tuple[RosterLoad, Preview]:
    """Read a file and write what it changes in one go, as somebody does who knows it.

    Raises NotReadable, ColumnsUnclear, and SecondPersonNeeded, each before anything is written.
    """
    with transaction.atomic():
        _hold_roster()
        shown = preview(content, name, removal=removal, clears=clears, today=today)
        if shown.plan is None:
            raise ColumnsUnclear(shown.problems)
        if shown.plan.needs_second:
            raise SecondPersonNeeded
        load = _kept(content, name, shown.layout, actor, columns_agreed=True, removal=removal, clears=clears)
        return _applied(load, shown.plan, actor, today), shown


@transaction.atomic
def agree(load_id: int, columns: Mapping[int, str], removal: str, clears: bool) -> None:
    """What the columns hold, and what is done with pharmacies that the file lacks; remembered for the next file.

    Raises NotWaiting, ColumnsUnclear.
    """
    load = _waiting(load_id)
    load.columns = {str(place): field for place, field in columns.items()}
    load.columns_agreed, load.removal, load.clears, load.asked_by = True, removal, clears, None
    _, layout = _laid_out(_content(load), load.name, columns)
    if problems := headings.problems(layout):
        raise ColumnsUnclear(problems)
    load.save()
    for column in layout.columns:
        if column.key:
            RosterHeading.objects.update_or_create(heading=column.key, defaults={"field": column.field})


def apply(load_id: int, seen: str, actor: Actor, today: dt.date) -> RosterLoad:
    """Write the plan whose digest was `seen`, in one transaction.

    Raises NotWaiting, PlanChanged, ColumnsUnclear, and SecondPersonNeeded, after which somebody else may do it.
    """
    with transaction.atomic():
        load = _waiting(load_id)
        _hold_roster()
        shown = preview_of(load, today)
        if shown.plan is None:
            raise ColumnsUnclear(shown.problems)
        if shown.plan.digest != seen:
            raise PlanChanged
        first = load.asked_by if load.digest == seen else None  # who agreed to this very plan
        load.digest = seen
        if not shown.plan.needs_second or first not in (None, actor.account):
            return _applied(load, shown.plan, actor, today)
        if first is None:
            load.asked_by = actor.account
            load.save()
            history.record("roster.asked", load, actor=actor)
    raise SecondPersonNeeded


def _applied(load: RosterLoad, plan: Plan, actor: Actor, today: dt.date) -> RosterLoad:
    applying.apply(plan, load, actor, today)
    load.state, load.counts = State.APPLIED, plan.counts
    load.asked_by = load.asked_by if plan.needs_second else None
    load.applied_at, load.applied_by = timezone.now(), actor.account
    load.save()
    history.record("roster.applied", load, actor=actor, counts=load.counts)
    return load


@transaction.atomic
def discard(load_id: int, actor: Actor) -> None:
    """Give a waiting load up; its file stays for the record. Raises NotWaiting."""
    load = _waiting(load_id)
    load.state = State.DISCARDED
    load.save()
    history.record("roster.discarded", load, actor=actor)


@transaction.atomic
def undo(load_id: int, actor: Actor, today: dt.date) -> RosterLoad:
    """Take an applied load back, as a whole. Raises NotWaiting where it is not applied, undoing.BuiltUpon."""
    load = RosterLoad.objects.select_for_update(no_key=True).get(pk=load_id)
    if load.state != State.APPLIED:
        raise NotWaiting(load)
    _hold_roster()
    undoing.undo(load, today)
    load.state, load.undone_at, load.undone_by = State.UNDONE, timezone.now(), actor.account
    load.save()
    history.record("roster.undone", load, actor=actor)
    return load


def _waiting(load_id: int) -> RosterLoad:
    load = RosterLoad.objects.select_for_update(no_key=True).get(pk=load_id)
    if load.state != State.WAITING:
        raise NotWaiting(load)
    return load


def _hold_roster() -> None:
    """Hold every pharmacy's row, in one order: whoever changes one holds its row, and waits until this is over."""
    held = Organisation.objects.pharmacies().order_by("pk").select_for_update(no_key=True)
    for _ in held.values_list("pk").iterator(chunk_size=5000):
        pass
