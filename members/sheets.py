"""Lists as files that an office opens: Excel, or CSV in UTF-8 with a byte order mark.

What was typed stays text: no cell is a formula or a link, and a code keeps its leading zeros (in CSV, Excel drops them
when it opens the file). Rows are written one by one, so that a list may be of any length.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# A number that is no whole one is a share of something: 0.714 is shown as 71.4%.
Cell = str | int | float | dt.date | dt.datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
EVERYTHING = "A1:XFD1048576"
WIDEST = 40


class Kind(StrEnum):
    """The kinds of file, by their ending."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Sheet:
    """A list: what its file is called, the same in ASCII for programs that know no other, headings and rows."""

    name: str
    plain: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write(sheet: Sheet, kind: Kind, file: IO[bytes]) -> None:
    """The whole list into the file, which stays open."""
    if kind == Kind.CSV:
        _write_csv(sheet, file)
    else:
        _write_xlsx(sheet, file)


# CSV ------------------------------------------------------------------------------------------------------------------


def _write_csv(sheet: Sheet, file: IO[bytes]) -> None:
    """With CRLF between the lines, as RFC 4180 has it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.heading)
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    text.detach()


def _plain(value: Cell) -> str | int | float:
    """The value as it may stand in a CSV: a text that begins like a formula gets an apostrophe in front."""
    match value:
        case str():
            return f"'{value}" if value.startswith(FORMULA_STARTS) else value
        case dt.datetime():
            return f"{_local(value):%Y-%m-%d %H:%M}"
        case dt.date():
            return value.isoformat()
        case float():
            return round(value, 4)
        case None:
            return ""
    return value


# Excel ----------------------------------------------------------------------------------------------------------------


def _write_xlsx(sheet: Sheet, file: IO[bytes]) -> None:
    with Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet("一覧")
        bold = book.add_format({"bold": True})
        formats = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            float: book.add_format({"num_format": "0.0%"}),
        }
        for column, words in enumerate(sheet.heading):
            page.set_column(column, column, min(WIDEST, 2 * len(words) + 8))
            page.write_string(0, column, words, bold)
        number = 0
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _put(page, number, column, value, formats)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, number, len(sheet.heading) - 1)
        # Codes and telephone numbers are texts on purpose.
        page.ignore_errors({"number_stored_as_text": EVERYTHING})


def _put(page: Worksheet, row: int, column: int, value: Cell, formats: dict[type, Format]) -> None:
    """One cell; nothing and an empty text are no cell at all."""
    match value:
        case None | "":
            pass
        case str():
            page.write_string(row, column, value)
        case dt.datetime():
            page.write_datetime(row, column, _local(value), formats[dt.datetime])
        case dt.date():
            page.write_datetime(row, column, value, formats[dt.date])
        case float():
            page.write_number(row, column, value, formats[float])
        case int():
            page.write_number(row, column, value)


def _local(moment: dt.datetime) -> dt.datetime:
    """The time on the clock in Asia/Tokyo, which is all that spreadsheets know of times."""
    return timezone.make_naive(moment)
