"""The file of the rows that were not taken: to mend, and to read in again."""

import io
from collections.abc import Iterable

import xlsxwriter

from members.roster.loading.entries import Refusal
from members.roster.loading.headings import Layout

WHY = "取り込めなかった理由"
WIDTH = 18  # of a column, in characters


def workbook(layout: Layout, refused: Iterable[Refusal]) -> bytes:
    """An Excel workbook: the file's own headings and cells, with the reasons in a column behind them."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_size(2400, 1200)
        sheet, bold = book.add_worksheet("取り込めなかった行"), book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy/mm/dd"})
        headings = [column.heading for column in layout.columns]
        sheet.set_column(0, len(headings), WIDTH)
        for place, heading in enumerate([*headings, WHY]):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(refused, start=1):
            for place, cell in enumerate(row.cells[: len(headings)]):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell, day if hasattr(cell, "year") else None)
            sheet.write_string(number, len(headings), f"{row.where}：{'。'.join(row.reasons)}")
    return kept.getvalue()
