"""The archive: every notice, and the notices of one organisation."""

from typing import Any

import django_tables2 as tables
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.boards import progress
from notices.boards.progress import Tally
from notices.follow_ups import later
from notices.models import DocumentNumber, Notice, NoticeIssuer, Receipt
from notices.succession import successors_of
from notices.tables.cells import BAR, DATE, NUMBER, ROW_NAME, answered, answers_bar, directed, hidden, superseded
from notices.templatetags.screen import desk_day, rate, scheduled, short, status


class NoticeTable(tables.Table):
    """Notices with their state; released ones with their deadline and 確認率."""

    date = tables.Column("日付", attrs=DATE)
    number = tables.Column("文書番号", accessor="number_text", attrs={"cell": {"class": "keep"}})
    subject = tables.Column("件名", linkify=("notices:notice", {"pk": tables.A("pk")}), attrs=ROW_NAME)
    issuer = tables.Column("発出元", accessor="issuer_names", attrs={"td": {"class": "wide"}})
    state = tables.Column("状態")
    deadline = tables.Column("確認期限", accessor="release__deadline", attrs=DATE)
    confirmed = tables.Column("確認率", empty_values=(), orderable=False, attrs=NUMBER)
    bar = tables.Column(hidden("確認と完了の割合"), empty_values=(), orderable=False, attrs=BAR)

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "通知の一覧"}
        order_by = "-date"
        default = "–"

    def before_render(self, request: HttpRequest) -> None:
        """The counts of the releases on this page, all in one query."""
        shown = [row.record.release.pk for row in self.paginated_rows if self._counts(row.record)]
        self.tallies = progress.by_release(shown)
        self.successors = later(row.record.pk for row in self.paginated_rows)

    def _counts(self, notice: Notice) -> bool:
        return notice.state == Notice.State.RELEASED and notice.release.asks_confirmation

    def _tally(self, notice: Notice) -> Tally | None:
        return self.tallies.get(notice.release.pk) if self._counts(notice) else None

    def render_date(self, value: Any) -> str:
        return short(value)

    def render_state(self, record: Notice) -> SafeString:
        if record.state == Notice.State.DRAFT and hasattr(record, "release") and record.release.scheduled_at:
            return scheduled(record.release.scheduled_at)
        if record.state == Notice.State.DRAFT and record.approval:
            return status(record.approval.state, of="approval")
        return format_html("{} {}", status(record.state), superseded(self.successors.get(record.pk)))

    def render_deadline(self, value: Any) -> str:
        return desk_day(value)

    def render_confirmed(self, record: Notice) -> str:
        tally = self._tally(record)
        return rate(tally.confirmed_rate) if tally else ""

    def render_bar(self, record: Notice) -> SafeString | str:
        tally = self._tally(record)
        return answers_bar(tally) if tally else ""

    def order_date(self, notices: QuerySet[Notice], is_descending: bool) -> tuple[QuerySet[Notice], bool]:
        """Drafts have no date yet and count as the latest."""
        by_date = F("date").desc(nulls_first=True) if is_descending else F("date").asc(nulls_last=True)
        return notices.order_by(by_date, *directed(["pk"], is_descending)), True

    def order_number(self, notices: QuerySet[Notice], is_descending: bool) -> tuple[QuerySet[Notice], bool]:
        """By series, 年度 and serial, so that 第99号 comes before 第337号."""
        keys = ["series", "fiscal_year", "serial"]
        first = DocumentNumber.objects.filter(notice=OuterRef("pk")).order_by("pk")
        notices = notices.annotate(**{f"number_{key}": Subquery(first.values(key)[:1]) for key in keys})
        return notices.order_by(*directed([f"number_{key}" for key in keys] + ["pk"], is_descending)), True

    def order_issuer(self, notices: QuerySet[Notice], is_descending: bool) -> tuple[QuerySet[Notice], bool]:
        first = NoticeIssuer.objects.filter(notice=OuterRef("pk")).order_by("position")
        notices = notices.annotate(issuer_name=Subquery(first.values("organisation__name")[:1]))
        return notices.order_by(*directed(["issuer_name", "date", "pk"], is_descending)), True


class OrganisationNoticeTable(tables.Table):
    """What was released to one organisation, and what it did: in the order in which the organisation sees it."""

    released_on = tables.Column(
        "発出", accessor="release__released_on", order_by=("release__released_at", "pk"), attrs=DATE
    )
    number = tables.Column("文書番号", accessor="release__notice__number_text", orderable=False)
    subject = tables.Column("件名", accessor="release__notice__subject", attrs=ROW_NAME)
    reach = tables.Column("送信")
    answer = tables.Column("回答", accessor="stage")
    deadline = tables.Column("確認期限", accessor="release__deadline", attrs=DATE)

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "受け取った通知"}
        default = "–"
        empty_text = "まだ通知を受け取っていません。通知を発出すると、ここに並びます。"

    def __init__(self, *args: Any, leads_to_receipts: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.leads_to_receipts = leads_to_receipts
        self.today = timezone.localdate()

    def before_render(self, request: HttpRequest) -> None:
        """What superseded the notices on this page."""
        self.successors = successors_of(row.record for row in self.paginated_rows)

    def render_released_on(self, value: Any) -> str:
        return short(value)

    def render_subject(self, value: str, record: Receipt) -> SafeString | str:
        if not self.leads_to_receipts:
            return value
        return format_html('<a href="{}">{}</a>', reverse("notices:receipt", args=[record.pk]), value)

    def render_reach(self, record: Receipt) -> SafeString:
        return status(record.reach)

    def render_answer(self, record: Receipt) -> SafeString | str:
        if by := self.successors.get(record.pk):
            given = answered(record, record.release, self.today) if record.confirmed_at else ""
            return format_html("{} {}", superseded(by), given)
        if not record.release.asks_confirmation:
            return "–"
        return answered(record, record.release, self.today)

    def render_deadline(self, value: Any) -> str:
        return desk_day(value)
