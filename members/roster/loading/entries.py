"""The rows of a roster's file: each an entry, refused with its reasons, or no pharmacy's row at all."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from members import wareki
from members.roster.loading import values
from members.roster.loading.headings import LABELS, Layout
from members.roster.loading.sheets import Cell, Sheet
from members.roster.loading.values import Remarks, Unusable

TOTALS = re.compile(r"(合\s*計|小\s*計|総\s*計|計)([\s:：(（\d].*)?")
UNCOMPUTED = "値が計算されていない数式：{sheet}の{cells}。Excel で開いて保存し直すと、値が入ります"
SHOWN = 10  # places that one note names


@dataclass(slots=True)
class Entry:
    """One pharmacy as the file has it: values by field (only of columns there are), and what to look at."""

    where: str
    cells: list[Cell]
    values: dict[str, Any]
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Refusal:
    """A row that is not taken, as it stands in the file, and why; `code` where it could be read."""

    where: str
    cells: list[Cell]
    reasons: list[str]
    code: str = ""


@dataclass
class Rows:
    """What a file holds: entries, refused rows, and notes on everything that was passed over or filled in."""

    entries: list[Entry]
    refused: list[Refusal]
    notes: list[str]


def read(sheets: list[Sheet], layout: Layout, prefecture: str, today: dt.date) -> Rows:
    """All rows below the headings. The same code twice refuses every row that has it; a row may have none."""
    reader = _Reader(sheets, layout, prefecture, today)
    entries, refused = [], []
    for row in reader.rows():
        (entries if isinstance(row, Entry) else refused).append(row)
    return _without_doubles(Rows(entries, refused, reader.notes()))


class _Reader:
    """One pass over the sheets; remembers what it passed over."""

    def __init__(self, sheets: list[Sheet], layout: Layout, prefecture: str, today: dt.date) -> None:
        self.sheets = [sheet for sheet in sheets if sheet.name in layout.first_rows]
        self.layout, self.prefecture, self.today = layout, prefecture, today
        self.places = layout.places()
        self.passed: dict[str, list[str]] = defaultdict(list)

    def rows(self) -> Iterator[Entry | Refusal]:
        for sheet in self.sheets:
            first = self.layout.first_rows[sheet.name]
            headings = [column.heading for column in self.layout.columns]
            for place in range(first, len(sheet.rows)):
                cells = sheet.rows[place]
                if self._is_row(sheet, place, cells, headings):
                    yield self._row(self._where(sheet, place), cells)

    def _is_row(self, sheet: Sheet, place: int, cells: list[Cell], headings: list[str]) -> bool:
        if not any(cell != "" for cell in cells):
            return False
        where = self._where(sheet, place)
        texts = [str(cell).strip() for cell in cells]
        if texts[: len(headings)] == headings:
            self.passed["見出しが繰り返された行"].append(where)
            return False
        if any(TOTALS.fullmatch(text) for text in texts[:4]):
            self.passed["合計の行"].append(where)
            return False
        if sum(map(bool, texts)) == 1:
            self.passed["薬局ではない行（1つの欄だけに文字がある行）"].append(where)
            return False
        if place + 1 in sheet.hidden:
            self.passed["隠れている行（ほかの行と同じく読みました）"].append(where)
        return True

    def _row(self, where: str, cells: list[Cell]) -> Entry | Refusal:
        remarks, reasons = Remarks(), []
        read: dict[str, Any] = {}
        for name in self.places:
            try:
                read[name] = READERS[name](self, self._cells(cells, name), remarks)
            except Unusable as error:
                reasons.append(str(error))
        if read.get("joined_on") and read.get("left_on") and read["joined_on"] > read["left_on"]:
            reasons.append("退会日が、入会日より前です")
        if reasons:
            return Refusal(where, cells, reasons, read.get("code", ""))
        return Entry(where, cells, read, remarks.lines)

    def _cells(self, cells: list[Cell], name: str) -> list[Cell]:
        return [cells[place] if place < len(cells) else "" for place in self.places[name]]

    def _where(self, sheet: Sheet, place: int) -> str:
        return f"{sheet.name} {place + 1}行目" if len(self.sheets) > 1 else f"{place + 1}行目"

    def left(self, cell: Cell) -> dt.date | None:
        day = values.day(cell, LABELS["left_on"])
        if day and day > self.today:
            raise Unusable(f"退会日 {wareki.short_date(day)} は先の日付です。退会した日になってから読み込んでください")
        return day

    def notes(self) -> list[str]:
        found = [f"{what}：{_places(places)}" for what, places in self.passed.items()]
        found += [
            UNCOMPUTED.format(sheet=sheet.name, cells=_places(sheet.uncomputed))
            for sheet in self.sheets
            if sheet.uncomputed
        ]
        if any(sheet.merged for sheet in self.sheets):
            found.append("縦に結合されたセルの値を、その範囲のすべての行に使いました")
        if self.layout.unread:
            found.append(f"見出しが違うため読まなかったシート：{'、'.join(self.layout.unread)}")
        return found


Read = Callable[[_Reader, list[Cell], Remarks], Any]
READERS: dict[str, Read] = {
    "code": lambda reader, cells, remarks: values.code(cells[0], reader.prefecture, remarks),
    "name": lambda reader, cells, remarks: values.name(cells[0], remarks),
    "kana": lambda reader, cells, remarks: values.kana(cells[0], LABELS["kana"], remarks),
    "district": lambda reader, cells, remarks: values.line(cells[0], "district", LABELS["district"], remarks),
    "postal_code": lambda reader, cells, remarks: values.postal_code(cells[0], remarks),
    "address": lambda reader, cells, remarks: values.address(cells, remarks),
    "telephone": lambda reader, cells, remarks: values.telephone(cells[0], "電話", remarks),
    "fax": lambda reader, cells, remarks: values.telephone(cells[0], "FAX", remarks),
    "mails": lambda reader, cells, remarks: values.mails(cells, remarks),
    "stopped": lambda reader, cells, remarks: values.mails(cells, remarks),
    "manager": lambda reader, cells, remarks: values.line(cells[0], "manager", LABELS["manager"], remarks),
    "channel": lambda reader, cells, remarks: values.channel(cells[0]),
    "tags": lambda reader, cells, remarks: values.tags(cells),
    "joined_on": lambda reader, cells, remarks: values.day(cells[0], LABELS["joined_on"]),
    "left_on": lambda reader, cells, remarks: reader.left(cells[0]),
}


def _without_doubles(rows: Rows) -> Rows:
    places: dict[str, list[str]] = defaultdict(list)
    for one in rows.entries:
        places[one.values["code"]].append(one.where)
    for one in rows.refused:
        places[one.code].append(one.where)
    doubled = {code for code, several in places.items() if code and len(several) > 1}
    if not doubled:
        return rows
    kept = [one for one in rows.entries if one.values["code"] not in doubled]
    refused = [
        Refusal(one.where, one.cells, [_doubled(one.values["code"], places)], one.values["code"])
        for one in rows.entries
        if one.values["code"] in doubled
    ]
    return Rows(kept, [*rows.refused, *refused], rows.notes)


def _doubled(code: str, places: dict[str, list[str]]) -> str:
    return f"同じ薬局コード {code} の行が {_places(places[code])}にあります。正しい1行だけを残してください"


def _places(places: list[str]) -> str:
    shown = "、".join(places[:SHOWN])
    return f"{shown} ほか{len(places) - SHOWN}か所" if len(places) > SHOWN else shown
