"""A roster's file as sheets of cells, whatever program wrote it."""

import datetime as dt
import re
from dataclasses import dataclass, field

from members.sheets import FORMULA_STARTS

Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta
QUOTED = re.compile(r'="(.*)"', re.DOTALL)


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


def text(cell: Cell) -> str:
    """The cell as text, as typed; whole numbers without a decimal point, ="…" as what Excel shows."""
    if isinstance(cell, str):
        if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS):
            return cell[1:]  # as our own CSV writes what begins like a formula
        if cell.startswith("="):
            shown = QUOTED.fullmatch(cell)
            return shown[1] if shown else cell
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
