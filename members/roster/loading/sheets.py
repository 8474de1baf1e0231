"""A roster's file as sheets of cells, whatever program wrote it."""

import datetime as dt
from dataclasses import dataclass, field

Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta


class NotReadable(ValueError):
    """The file is no roster that can be read; the message says in plain Japanese why, and what to do."""


@dataclass
class Sheet:
    """Cells by row from the sheet's first on; `rows[0]` is row 1. Cells of a merged range all hold its value.

    `hidden` are the numbers of rows that Excel does not show, `uncomputed` the names of cells (B5) with a formula
    whose value the file lacks, `merged` tells whether merged cells were filled.
    """

    name: str
    rows: list[list[Cell]]
    hidden: set[int] = field(default_factory=set)
    uncomputed: list[str] = field(default_factory=list)
    merged: bool = False
