"""Reading a page as its reader does: text without markup, the rows of a table."""

import csv
import io
import re
from html import unescape

from django.http import HttpResponse
from python_calamine import CalamineWorkbook


def text_of(page: HttpResponse) -> str:
    """What stands in the main part, without markup and doubled spaces."""
    html = page.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return plain(main)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def headings(page: HttpResponse) -> list[str]:
    """The column headings of the last table."""
    head = page.content.decode().rpartition("<thead>")[2].partition("</thead>")[0]
    return [plain(cell).rstrip(" ▲▼") for cell in re.findall(r"<th.*?</th>", head, re.DOTALL)]


def rows(page: HttpResponse) -> list[list[str]]:
    """The cells of the last table's body."""
    body = page.content.decode().rpartition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def sheet(page: HttpResponse) -> list[dict[str, str]]:
    """A CSV as rows by heading."""
    return list(csv.DictReader(io.StringIO(page.getvalue().decode("utf-8-sig"))))


def workbook(page: HttpResponse) -> list[list[object]]:
    """The cells of an Excel file, its heading first."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.getvalue()))
    return book.get_sheet_by_index(0).to_python()
