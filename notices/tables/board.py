"""The board of one release: its districts, and its pharmacies."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from notices.boards import comparison
from notices.boards.passing import Hop
from notices.boards.progress import DistrictRow, Tally, Totals
from notices.models import Receipt, Release
from notices.tables.cells import (
    BAR,
    DATE,
    NUMBER,
    ROW_NAME,
    ActionColumn,
    answered,
    answers_bar,
    directed,
    hidden,
    sent_bar,
)
from notices.templatetags.screen import count, count_or_dash, desk_day, desk_time, rate, status


def total(say: Callable[[Tally], object]) -> Callable[..., object]:
    """A footer made from the tally of all pharmacies."""
    return lambda table: say(table.totals.pharmacies)


def accepted(table: "DistrictTable") -> str:
    """How many of the chairs have confirmed receipt."""
    return f"{table.totals.districts.confirmed:,} / {table.totals.districts.recipients:,}"


def passed_on(table: "DistrictTable") -> str:
    """How many of the chairs have made it known to their members."""
    return f"{table.totals.districts.finished:,} / {table.totals.districts.recipients:,}"


def overall_bar(table: "DistrictTable") -> SafeString:
    """The bar of all pharmacies."""
    tally = table.totals.pharmacies
    return answers_bar(tally) if table.release.asks_confirmation else sent_bar(tally)


def figure(heading: str, name: str) -> tables.Column:
    """A number of the tally, with its sum below; – for none."""
    return CountColumn(heading, accessor=f"tally__{name}", footer=total(lambda tally: count(getattr(tally, name))))


class CountColumn(tables.Column):
    """2,916 at the right; – for none, since most of these are things to look at."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, attrs=NUMBER, initial_sort_descending=True, **more)

    def render(self, value: int) -> str:
        return count_or_dash(value)


class RateColumn(tables.Column):
    """71.4% at the right."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, attrs=NUMBER, **more)

    def render(self, value: float) -> str:
        return rate(value)


class DistrictTable(tables.Table):
    """Districts of a release; which columns stand depends on what was asked."""

    name = tables.Column("地区", order_by="position", attrs=ROW_NAME, footer=lambda table: f"全 {len(table.rows)} 地区")
    recipients = figure("薬局", "recipients")
    sent_rate = RateColumn("送信済", accessor="tally__sent_rate", footer=total(lambda tally: rate(tally.sent_rate)))
    confirmed = RateColumn(
        "確認", accessor="tally__confirmed_rate", footer=total(lambda tally: rate(tally.confirmed_rate))
    )
    bar = tables.Column(hidden("割合"), accessor="tally", orderable=False, attrs=BAR, footer=overall_bar)
    on_behalf = figure("うち代理", "on_behalf")
    finished = RateColumn(
        "完了", accessor="tally__finished_rate", footer=total(lambda tally: rate(tally.finished_rate))
    )
    not_applicable = figure("対象外", "not_applicable")
    unconfirmed = figure("未確認", "unconfirmed")
    needs_help = figure("困っている", "needs_help")
    waiting = figure("送信待ち", "waiting")
    other_channel = figure("別経路", "other_channel")
    failed = figure("不達", "failed")
    stopped = figure("中止", "stopped")
    accepted_at = tables.Column("会長の受領", attrs=DATE, empty_values=(), footer=accepted)
    passed_on_at = tables.Column("会員への周知", attrs=DATE, footer=passed_on)
    hop = tables.Column("会員への文書", empty_values=(), orderable=False, footer=passed_on)
    call = ActionColumn()

    SHOWN = {
        Release.Ask.INFORM: "sent_rate bar waiting other_channel failed stopped",
        Release.Ask.CONFIRM: "confirmed bar on_behalf unconfirmed needs_help failed call",
        Release.Ask.SET_UP: "confirmed bar on_behalf finished not_applicable unconfirmed needs_help failed call",
    }

    class Meta:
        attrs = {"class": "ledger-dense", "id": "districts", "anchor": "h-districts", "label": "地区ごとの状況"}
        default = "–"
        prefix = "district-"

    def __init__(
        self, rows: list[DistrictRow], release: Release, totals: Totals, hops: Mapping[int, Hop], *, urges: bool
    ) -> None:
        """`hops`: of a release through districts what became of it in each, by the district's key.

        `urges`: chairs may be asked to call, since the notice takes answers and no 再周知 asks again.
        """
        made_known = "hop" if release.through_districts else "passed_on_at"
        by_chairs = [] if release.passes_on_id else ["accepted_at", made_known]
        shown = ["name", "recipients", *by_chairs, *self.SHOWN[release.ask].split()]
        self.release, self.totals, self.hops, self.urges = release, totals, hops, urges
        rate_column = "confirmed" if release.asks_confirmation else "sent_rate"
        super().__init__(
            rows,
            exclude=[name for name in self.base_columns if name not in shown],
            sequence=[name for name in ("name", "recipients", "accepted_at") if name in shown] + ["..."],
            order_by=rate_column,
        )

    def render_name(self, value: str, record: DistrictRow) -> SafeString:
        address = reverse("notices:notice_pharmacies", args=[self.release.notice_id])
        return format_html('<a class="keep" href="{}?district={}">{}</a>', address, str(record.district_id), value)

    def render_accepted_at(self, value: dt.datetime | None, record: DistrictRow) -> SafeString | str:
        if value:
            return desk_day(value)
        return status("unconfirmed") if record.receipt_id and not self.release.is_superseded else "–"

    def render_passed_on_at(self, value: dt.datetime) -> str:
        return desk_day(value)

    def render_hop(self, record: DistrictRow) -> SafeString | str:
        """The district's letter and its days; where there is none yet, how long it has been, and the way to step in."""
        hop = self.hops.get(record.district_id)
        if hop is None:
            return "–"
        if hop.letter:
            where = reverse("notices:notice", args=[hop.letter])
            sent = format_html('<a class="keep" href="{}">{}</a>（{}日）', where, desk_day(hop.passed_on), hop.days)
            if not hop.deadline:
                return sent
            return format_html('{}<br><span class="small keep">期限 {}</span>', sent, desk_day(hop.deadline))
        if hop.told:
            return "県から直接"
        if self.release.is_superseded:
            return "–"
        if not hop.held_up:
            return format_html('<span class="soft">まだ（{}日）</span>', hop.days)
        return format_html(
            '{} <span class="keep">{}日</span> <a class="btn btn-sm btn-outline" href="{}">県から送る'
            '<span class="visually-hidden">：{}</span></a>',
            status("held_up"),
            hop.days,
            reverse("notices:receipt_step_in", args=[hop.receipt_id]),
            record.name,
        )

    def render_bar(self, value: Tally) -> SafeString:
        return answers_bar(value) if self.release.asks_confirmation else sent_bar(value)

    def render_call(self, record: DistrictRow) -> SafeString | str:
        """The way to the chair's telephone, where the district lags behind or the chair has not confirmed receipt."""
        days = self._days(record)
        silent = record.receipt_id and not record.accepted_at and days >= comparison.DAYS_TO_ANSWER
        if not self.urges or not (silent or comparison.lags(record.tally, self.totals.pharmacies, days)):
            return ""
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}">会長に電話依頼<span class="visually-hidden">：{}</span></a>',
            reverse("organisation", args=[record.district_id]),
            record.name,
        )

    def _days(self, record: DistrictRow) -> int:
        """Since its members have had the notice: from the association, or by the district's own letter."""
        hop = self.hops.get(record.district_id)
        told_on = (hop.passed_on if hop else None) or self.release.released_on
        return (timezone.localdate() - told_on).days


class PharmacyTable(tables.Table):
    """Pharmacies of a release with what became of the message and what they answered."""

    pharmacy = tables.Column(
        "薬局",
        accessor="organisation__name",
        order_by=("organisation__kana", "organisation__name", "pk"),
        linkify=("notices:receipt", {"pk": tables.A("pk")}),
        attrs=ROW_NAME,
    )
    district = tables.Column(
        "地区", accessor="district__label", order_by=("district__position", "organisation__position", "pk")
    )
    reach = tables.Column("送信", order_by=("reach", "pk"))
    answer = tables.Column("回答", accessor="stage", order_by=("stage", "pk"))
    confirmed_at = tables.Column("確認", attrs=DATE)
    settled = tables.Column("完了・対象外", empty_values=(), attrs=DATE)
    needs_help = tables.Column("相談", order_by=("needs_help", "pk"), initial_sort_descending=True)
    telephone = tables.Column("電話", accessor="organisation__telephone", attrs=DATE)
    record = ActionColumn()

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "薬局の一覧"}
        default = "–"
        order_by = "district"
        empty_text = "条件に合う薬局はありません。条件を消すと、宛先のすべての薬局が並びます。"

    def __init__(self, receipts: QuerySet[Receipt], release: Release, *, is_open: bool, here: str) -> None:
        """`is_open`: whether the notice still takes answers; `here`: the list's own address, to come back to."""
        self.here = here
        unasked = [] if release.asks_set_up else ["settled"]
        if not release.asks_confirmation:
            unasked += ["answer", "confirmed_at", "needs_help"]
        if not (release.asks_confirmation and is_open):
            unasked.append("record")
        super().__init__(receipts, exclude=unasked)
        self.release, self.today = release, timezone.localdate()

    def render_reach(self, record: Receipt) -> SafeString:
        return format_html("{} {}", status(record.reach), record.reach_reason)

    def render_answer(self, record: Receipt) -> SafeString:
        given = answered(record, record.release, self.today)
        had_answered = record.asked_again and record.confirmed_at
        return format_html("{} {}", status("followed_up"), given) if had_answered else given

    def render_confirmed_at(self, value: dt.datetime) -> str:
        return desk_time(value)

    def render_settled(self, record: Receipt) -> str:
        return desk_time(record.finished_at or record.not_applicable_at)

    def order_settled(self, receipts: QuerySet[Receipt], is_descending: bool) -> tuple[QuerySet[Receipt], bool]:
        return receipts.order_by(*directed(["finished_at", "not_applicable_at", "pk"], is_descending)), True

    def render_needs_help(self, value: bool) -> SafeString | str:
        return status("stuck") if value else "–"

    def render_record(self, record: Receipt) -> SafeString | str:
        if record.asked_again:
            return ""
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}?{}">代理で記録<span class="visually-hidden">：{}</span></a>',
            reverse("notices:on_behalf", args=[record.pk]),
            urlencode({"next": self.here}),
            record.organisation.name,
        )
