"""The list of 「困っています」."""

import datetime as dt

import django_tables2 as tables
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.models import HelpRequest
from notices.succession import successors
from notices.tables.cells import NUMBER, ActionColumn, superseded
from notices.templatetags.screen import desk_time, status, waiting


def state_of(asked: HelpRequest) -> str:
    """The badge of a question."""
    if asked.closed_at:
        return "closed"
    return "answered" if asked.answered_at else "stuck"


class HelpRequestTable(tables.Table):
    """Open ones first, the longest waiting on top."""

    pharmacy = tables.Column(
        "薬局",
        accessor="receipt__organisation__name",
        order_by="receipt__organisation__kana",
        attrs={"td": {"scope": "row"}},
    )
    district = tables.Column(
        "地区",
        accessor="receipt__district__label",
        order_by="receipt__district__position",
        attrs={"cell": {"class": "keep"}},
    )
    notice = tables.Column("通知と手順", accessor="receipt__release__notice__subject", orderable=False)
    asked_at = tables.Column("伝えた日時")
    waiting = tables.Column("待ち時間", empty_values=(), order_by="asked_at", attrs=NUMBER)
    state = tables.Column("状態", empty_values=(), orderable=False)
    answer = ActionColumn()

    class Meta:
        attrs = {"aria-label": "困っています"}
        empty_text = "いま、困っている薬局はありません。薬局が「困っています」を押すと、ここに出ます。"

    def before_render(self, request: HttpRequest) -> None:
        """What stands in the place of the notices on this page."""
        self.successors = successors(row.record.receipt.release.notice_id for row in self.paginated_rows)

    def render_notice(self, value: str, record: HelpRequest) -> SafeString:
        by = superseded(self.successors.get(record.receipt.release.notice_id))
        return format_html('{} {}<br><span class="soft">{}</span>', value, by, record.about)

    def render_asked_at(self, value: dt.datetime) -> str:
        return desk_time(value)

    def render_waiting(self, record: HelpRequest) -> str:
        """Until the answer; nothing once somebody answered or the pharmacy went on by itself."""
        return "–" if record.answered_at or record.closed_at else waiting(record.asked_at)

    def render_state(self, record: HelpRequest) -> SafeString:
        return status(state_of(record))

    def render_answer(self, record: HelpRequest) -> SafeString:
        words = "見る" if record.closed_at else "回答する"
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}">{}<span class="visually-hidden">：{}</span></a>',
            reverse("notices:help_request", args=[record.pk]),
            words,
            record.receipt.organisation.name,
        )
