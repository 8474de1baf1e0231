"""代理の記録 of one notice."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.models import OnBehalf
from notices.tables.cells import DATE
from notices.templatetags.screen import desk_day, desk_time, status


class OnBehalfTable(tables.Table):
    """Who recorded what, when and how, for which pharmacy, and whether it was undone; the latest first."""

    at = tables.Column("日時", order_by=("at", "pk"), attrs=DATE)
    pharmacy = tables.Column(
        "薬局",
        accessor="receipt__organisation__name",
        order_by=("receipt__organisation__kana", "receipt__organisation__name", "pk"),
        attrs={"td": {"scope": "row", "class": "wide"}},
    )
    district = tables.Column(
        "地区",
        accessor="receipt__district__label",
        order_by=("receipt__district__position", "receipt__organisation__position", "pk"),
    )
    what = tables.Column("内容", order_by=("what", "pk"))
    via = tables.Column("方法", accessor="channel", order_by=("via", "pk"))
    person = tables.Column("答えた方・備考", order_by=("person", "pk"), attrs={"td": {"class": "wide"}})
    by = tables.Column("記録した人", order_by=("by__name", "by__email", "pk"))
    undone_at = tables.Column("取り消し", order_by=("undone_at", "pk"), attrs=DATE)

    class Meta:
        model = OnBehalf
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "代理の記録"}
        default = "–"
        order_by = "-at"
        empty_text = "代理の記録はありません。電話・FAX・紙で聞いた答えを「代理で記録」すると、ここに並びます。"

    def __init__(self, records: QuerySet[OnBehalf]) -> None:
        super().__init__(
            records.select_related(
                "receipt__organisation", "receipt__district", "by", "capacity__organisation", "undone_by"
            )
        )

    def render_at(self, value: dt.datetime) -> str:
        return desk_time(value)

    def render_pharmacy(self, value: str, record: OnBehalf) -> SafeString:
        where = reverse("notices:receipt", args=[record.receipt_id])
        return format_html('<a href="{}#on-behalf">{}</a>', where, value)

    def render_what(self, record: OnBehalf) -> str:
        return record.get_what_display()

    def render_via(self, value: str, record: OnBehalf) -> SafeString:
        return _two_lines(value, f"用紙の日付 {desk_day(record.written_on)}" if record.written_on else "")

    def render_person(self, value: str, record: OnBehalf) -> SafeString:
        return _two_lines(value, record.remark)

    def render_by(self, value: Any, record: OnBehalf) -> SafeString:
        return _two_lines(str(value), record.capacity.organisation.label)

    def render_undone_at(self, value: dt.datetime, record: OnBehalf) -> SafeString:
        return _two_lines(status("undone"), f"{desk_time(value)}　{record.undone_by}")


def _two_lines(first: str, second: str) -> SafeString:
    return format_html('{}<br><span class="soft">{}</span>', first, second) if second else format_html("{}", first)
