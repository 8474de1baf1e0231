"""Districts over time."""

from collections.abc import Callable

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.boards import sparkline
from notices.boards.trends import Trend, Trends
from notices.tables.board import RateColumn
from notices.tables.cells import NUMBER, ROW_NAME
from notices.templatetags.screen import days, rate


def whole(say: Callable[["TrendTable", Trend], object]) -> Callable[..., object]:
    """A footer made from all districts together."""
    return lambda table: say(table, table.trends.whole)


def rates(table: "TrendTable", trend: Trend) -> SafeString:
    """確認率 of the notices, one after the other."""
    return _drawn("確認率", [point and point.rate for point in trend.points], rate, 1.0)


def waits(table: "TrendTable", trend: Trend) -> SafeString:
    """The days until half had confirmed, likewise, on the same scale in each row."""
    return _drawn("日数", [point and point.days for point in trend.points], days, table.trends.longest)


def _drawn(what: str, values: list[float | None], say: Callable[[float | None], str], top: float) -> SafeString:
    words = f"{what}（古い順）{'、'.join(say(value) for value in values)}"
    return render_to_string("boards/sparkline.svg.html", {"spark": sparkline.drawn(values, top), "words": words})


class TrendTable(tables.Table):
    """One row a district: 確認率 and the days until half had confirmed, of the latest notices."""

    name = tables.Column("地区", order_by="position", attrs=ROW_NAME, footer=whole(lambda table, trend: trend.name))
    latest = RateColumn("いちばん新しい通知", footer=whole(lambda table, trend: rate(trend.latest)))
    rate = RateColumn("確認率", footer=whole(lambda table, trend: rate(trend.rate)))
    rates = tables.Column("確認率の動き", empty_values=(), orderable=False, footer=whole(rates))
    days = tables.Column("半数の日数", attrs=NUMBER, footer=whole(lambda table, trend: days(trend.days)))
    waits = tables.Column("日数の動き", empty_values=(), orderable=False, footer=whole(waits))

    class Meta:
        attrs = {"class": "ledger-dense", "id": "trends", "label": "地区の推移"}
        default = "–"
        order_by = "rate"

    def __init__(self, trends: Trends) -> None:
        self.trends = trends
        super().__init__(trends.districts)

    def render_name(self, value: str, record: Trend) -> SafeString:
        where = reverse("organisation", args=[record.district_id])
        return format_html('<a class="keep" href="{}">{}</a>', where, value)

    def render_rates(self, record: Trend) -> SafeString:
        return rates(self, record)

    def render_days(self, value: float) -> str:
        return days(value)

    def render_waits(self, record: Trend) -> SafeString:
        return waits(self, record)
