"""The papers of a release, by district."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from members.models import Organisation
from notices.distribution import sheets
from notices.distribution.by_hand import Pile
from notices.models import Release
from notices.tables.cells import NUMBER, ROW_NAME, ActionColumn
from notices.templatetags.screen import count_or_dash


class CountColumn(tables.Column):
    """A number of papers; the last row adds them up."""

    def __init__(self, label: str) -> None:
        super().__init__(label, orderable=False, attrs=NUMBER, footer=_sum)

    def render(self, value: int) -> str:
        return count_or_dash(value)


def _sum(table: tables.Table, bound_column: tables.columns.BoundColumn) -> str:
    return count_or_dash(sum(getattr(pile, bound_column.name) for pile in table.data))


class PileTable(tables.Table):
    """One row a district: how many papers, the files to print, and the button that notes them as sent."""

    district = tables.Column("地区", accessor="district__label", orderable=False, attrs=ROW_NAME, footer="計")
    post = CountColumn("郵送")
    fax = CountColumn("FAX（手で送る）")
    done = CountColumn("送付済")
    files = tables.Column("印刷", empty_values=(), orderable=False)
    move = ActionColumn()

    class Meta:
        attrs = {"class": "ledger-dense", "label": "地区ごとの紙"}

    def __init__(self, *args: object, release: Release, may_print: bool, **more: object) -> None:
        super().__init__(*args, **more)
        self._release = release
        self._may_print = may_print

    def render_files(self, record: Pile) -> SafeString | str:
        if not self._may_print:
            return "–"
        links = []
        if record.left:
            links.append((print_address(self._release, record.district, record.left), f"PDF（{record.left:,}通）"))
        if record.done:
            address = print_address(self._release, record.district, record.done, again=True)
            links.append((address, f"送付済をもう一度：PDF（{record.done:,}通）"))
        return format_html_join("　", '<a href="{}">{}</a>', links)

    def render_move(self, record: Pile) -> SafeString | str:
        """A button of the form around the table."""
        if not record.left:
            return ""
        return format_html(
            '<button class="btn btn-sm btn-outline" name="pile" value="{}-{}">送ったことにする'
            '<span class="visually-hidden">（{}）</span></button>',
            record.district.pk,
            record.newest,
            record.district.label,
        )


def print_address(release: Release, district: Organisation | None, count: int, *, again: bool = False) -> str:
    """Where so many papers of a district (of all) are printed: the file, or the page that shows how far it has come."""
    page = "release_papers_print" if count <= sheets.MOST else "release_papers_making"
    asked = ({"district": district.pk} if district else {}) | ({"again": 1} if again else {})
    return reverse(f"notices:{page}", args=[release.pk]) + (f"?{urlencode(asked)}" if asked else "")
