"""The papers of a release, by district."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution import by_hand, sheets
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
        for way in by_hand.WAYS:
            if number := record.left_by(way):
                address = print_address(self._release, record.district, way, number)
                links.append((address, f"{way.label} PDF（{number:,}通）"))
        for way in by_hand.WAYS:
            if number := record.done_by(way):
                address = print_address(self._release, record.district, way, number, again=True)
                links.append((address, f"送付済をもう一度：{way.label} PDF（{number:,}通）"))
        return format_html_join("", '<a class="d-block keep" href="{}">{}</a>', links)

    def render_move(self, record: Pile) -> SafeString | str:
        """The buttons of the form around the table, one for each way."""
        district = record.district
        return format_html_join(
            " ",
            '<button class="btn btn-sm btn-outline" name="pile" value="{}-{}-{}">{}を送ったと記録する'
            '<span class="visually-hidden">（{}）</span></button>',
            (
                (district.pk, way.value, record.newest, way.label, district.label)
                for way in by_hand.WAYS
                if record.left_by(way)
            ),
        )


def print_address(
    release: Release, district: Organisation | None, way: Channel, count: int, *, again: bool = False
) -> str:
    """Where so many papers of a district (of all) are printed: the file, or the page that shows how far it has come."""
    page = "release_papers_print" if count <= sheets.MOST else "release_papers_making"
    asked = {"way": way.value} | ({"district": district.pk} if district else {}) | ({"again": 1} if again else {})
    return f"{reverse(f'notices:{page}', args=[release.pk])}?{urlencode(asked)}"
