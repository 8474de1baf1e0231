"""Rosters as associations have them, made in the test."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.utils import timezone

from members.history import Actor
from members.models import RosterLoad
from members.roster.loading import loads
from members.roster.loading.comparing import Plan
from tests.cast import Cast

HEADINGS = ["薬局コード", "薬局名", "フリガナ", "地区", "電話", "FAX", "メールアドレス", "管理薬剤師"]


def csv(*rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    """Rows as Excel saves them."""
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


def excel(rows: list[list[Any]], prepare: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `prepare` gets the workbook and the sheet to do more to them."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("会員名簿")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell != "":
                    (sheet.write_string if isinstance(cell, str) else sheet.write)(number, place, cell)
        if prepare:
            prepare(book, sheet)
    return kept.getvalue()


def row(code: str, name: str, district: str = "白鷺", **more: str) -> list[str]:
    """One pharmacy under HEADINGS."""
    given = {"薬局コード": code, "薬局名": name, "地区": district} | more
    return [given.get(heading, "") for heading in HEADINGS]


def plan_of(content: bytes, name: str = "roster.csv", **choices: Any) -> Plan:
    """What the file would change; its columns must be clear."""
    seen = loads.preview(content, name, today=timezone.localdate(), **choices)
    assert seen.problems == []
    return seen.plan


def standing_rows(cast: Cast) -> list[list[str]]:
    """The cast's pharmacies as rows under HEADINGS, nothing different."""
    return [
        row(one.code, one.name, one.parent.short_name, 電話=one.telephone, メールアドレス=one.mailboxes.get().address)
        for one in cast.pharmacies
    ]


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    capacity = cast.capacities["staff"]
    return Actor(capacity.account, capacity)


@pytest.fixture
def second(cast: Cast) -> Actor:
    capacity = cast.capacities["administrator"]
    return Actor(capacity.account, capacity)


@pytest.fixture
def load_file(clerk: Actor) -> Callable[..., RosterLoad]:
    """Applies a file as one does who agrees to all that is proposed."""

    def load(content: bytes, name: str = "roster.csv", removal: str = "none", clears: bool = False) -> RosterLoad:
        today = timezone.localdate()
        waiting = loads.receive(content, name, clerk)
        columns = {int(place): field for place, field in waiting.columns.items()}
        loads.agree(waiting.pk, columns, removal, clears)
        waiting.refresh_from_db()
        return loads.apply(waiting.pk, loads.preview_of(waiting, today).plan.digest, clerk, today)

    return load
