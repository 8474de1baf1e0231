"""The list of 「困っています」, and by what it is filtered."""

import datetime as dt

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from members.names import search_key
from members.tree import districts
from notices.models import HelpRequest
from notices.templatetags.screen import desk_time, status


def waiting_time(since: dt.datetime, now: dt.datetime) -> str:
    """How long a pharmacy has been waiting: 1 分未満, 25 分, 3 時間, 2 日."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} 分" if minutes > 0 else "1 分未満"
    return f"{minutes // 60} 時間" if minutes < 24 * 60 else f"{minutes // (24 * 60)} 日"


def state_of(asked: HelpRequest) -> str:
    """The badge of a question."""
    if asked.closed_at:
        return "closed"
    return "answered" if asked.answered_at else "stuck"


class HelpRequestFilter(filters.FilterSet):
    """By state, district, and the pharmacy's name or the notice."""

    STATES = [("open", "未解決"), ("waiting", "回答待ち"), ("answered", "回答済"), ("closed", "解決済")]

    state = filters.ChoiceFilter(label="状態", choices=STATES, empty_label="すべて", method="in_state")
    district = filters.ModelChoiceFilter(
        label="地区", field_name="receipt__district", queryset=lambda request: districts(), empty_label="すべて"
    )
    q = filters.CharFilter(label="薬局・件名", method="named")

    class Meta:
        model = HelpRequest
        fields: list[str] = []

    def in_state(self, queryset: QuerySet[HelpRequest], name: str, value: str) -> QuerySet[HelpRequest]:
        return queryset.filter(
            {
                "open": Q(closed_at=None),
                "waiting": Q(closed_at=None, answered_at=None),
                "answered": Q(closed_at=None, answered_at__isnull=False),
                "closed": Q(closed_at__isnull=False),
            }[value]
        )

    def named(self, queryset: QuerySet[HelpRequest], name: str, value: str) -> QuerySet[HelpRequest]:
        key = search_key(value)
        pharmacy = Q(receipt__organisation__search_key__contains=key)
        return queryset.filter(pharmacy | Q(receipt__release__notice__search_key__contains=key))


class HelpRequestTable(tables.Table):
    """Open ones first, the longest waiting on top."""

    pharmacy = tables.Column(
        "薬局",
        accessor="receipt__organisation__name",
        order_by="receipt__organisation__kana",
        attrs={"td": {"scope": "row"}},
    )
    district = tables.Column("地区", accessor="receipt__district__label", order_by="receipt__district__position")
    notice = tables.Column("通知と手順", accessor="receipt__release__notice__subject", orderable=False)
    asked_at = tables.Column("伝えた日時")
    waiting = tables.Column("待ち時間", empty_values=(), order_by="asked_at", attrs={"cell": {"class": "num"}})
    state = tables.Column("状態", empty_values=(), orderable=False)
    answer = tables.Column(
        mark_safe('<span class="visually-hidden">操作</span>'),
        empty_values=(),
        orderable=False,
        attrs={"cell": {"class": "act"}},
    )

    class Meta:
        attrs = {"aria-label": "困っています"}
        empty_text = "いま、困っている薬局はありません。薬局が「困っています」を押すと、ここに出ます。"

    def render_notice(self, value: str, record: HelpRequest) -> SafeString:
        place = f"手順 {record.step.position}　{record.step.title}" if record.step else "全体のこと"
        return format_html('{}<br><span class="soft">{}</span>', value, place)

    def render_asked_at(self, value: dt.datetime) -> str:
        return desk_time(value)

    def render_waiting(self, record: HelpRequest) -> str:
        """Until the answer; nothing once somebody answered or the pharmacy went on by itself."""
        return "–" if record.answered_at or record.closed_at else waiting_time(record.asked_at, timezone.now())

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
