"""Loads of the roster, and the lines of a preview."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members.models import RosterLoad
from members.roster.loading.lines import Line

NUMBER = {"cell": {"class": "number"}}
DONE = (("added", "追加"), ("changed", "変更"), ("moved", "移動"), ("returned", "再入会"), ("left", "退会"))


class LoadTable(tables.Table):
    """What was read in, the latest first."""

    name = tables.Column(
        "ファイル", linkify=("roster_load", {"pk": tables.A("pk")}), attrs={"td": {"scope": "row", "class": "wide"}}
    )
    made_at = tables.TemplateColumn(
        "{% load screen %}{{ value|short_time }}", verbose_name="読み込み", order_by=("made_at", "pk"), attrs=NUMBER
    )
    made_by = tables.Column("だれが", orderable=False)
    state = tables.Column("状態", order_by=("state", "pk"))
    counts = tables.Column("取り込んだ内容", orderable=False, empty_values=())

    class Meta:
        model = RosterLoad
        fields: tuple[str, ...] = ()
        attrs = {"label": "名簿の取込"}
        default = "–"
        order_by = "-made_at"
        empty_text = "まだ、名簿のファイルを読み込んでいません。"

    def render_state(self, record: RosterLoad) -> str:
        return record.state_label

    def render_counts(self, record: RosterLoad) -> str:
        told = [f"{label} {record.counts[kind]:,}" for kind, label in DONE if record.counts.get(kind)]
        return "　".join(told) or "–"


class LineTable(tables.Table):
    """Lines of a preview: row, pharmacy, and what becomes of which value."""

    where = tables.Column("行", orderable=False, attrs=NUMBER)
    name = tables.Column("薬局", orderable=False, attrs={"td": {"scope": "row", "class": "wide"}})
    district = tables.Column("地区", orderable=False)
    code = tables.Column("薬局コード", orderable=False, attrs=NUMBER)
    what = tables.Column("内容", orderable=False, empty_values=(), attrs={"td": {"class": "wide"}})

    class Meta:
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "読み込んだ内容"}
        default = "–"
        empty_text = "ここに当たる行はありません。"

    def __init__(self, *args: Any, shown: tuple[str, ...] = (), **more: Any) -> None:
        """`shown` names the columns in their order; without it all of them."""
        hidden = [name for name in self.base_columns if shown and name not in shown]
        super().__init__(*args, exclude=hidden, sequence=shown or None, **more)

    def render_name(self, value: str, record: Line) -> SafeString:
        if record.organisation is None:
            return format_html("{}", value)
        return format_html('<a href="{}">{}</a>', reverse("organisation", args=[record.organisation]), value)

    def render_what(self, record: Line) -> SafeString:
        values = format_html_join(
            "",
            "<div>{}：{}<ins>{}</ins></div>",
            (
                (value.label, format_html("<del>{}</del> → ", value.before) if value.before else "", value.after)
                for value in record.values
            ),
        )
        return values + format_html_join("", "<div>{}</div>", ((line,) for line in record.words))
