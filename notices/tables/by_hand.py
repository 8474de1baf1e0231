"""The papers of a release, by district."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from notices.distribution.by_hand import Pile
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

    def __init__(self, *args: object, release_id: int, may_print: bool, **more: object) -> None:
        super().__init__(*args, **more)
        self._print = reverse("notices:release_papers_print", args=[release_id])
        self._may_print = may_print

    def render_files(self, record: Pile) -> SafeString | str:
        if not self._may_print:
            return "–"
        links = [(self._url(record, part), _words(first, last, record.left)) for part, first, last in record.parts]
        links += [
            (self._url(record, part, again=1), f"送付済をもう一度：{_words(first, last, record.done)}")
            for part, first, last in record.parts_again
        ]
        return format_html_join("　", '<a href="{}">{}</a>', links)

    def _url(self, pile: Pile, part: int, **more: int) -> str:
        return f"{self._print}?{urlencode({'district': pile.district.pk, 'part': part, **more})}"

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


def _words(first: int, last: int, whole: int) -> str:
    """The link to one file of so many papers."""
    return f"PDF（{whole}通）" if (first, last) == (1, whole) else f"PDF（{first}–{last}通目）"
