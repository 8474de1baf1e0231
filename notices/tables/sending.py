"""Releases and their sending, recipients that were not reached, messages."""

import re
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from notices.boards import progress
from notices.distribution import gathering, unreached
from notices.distribution.unreached import Move
from notices.models import Delivery, Receipt, Release
from notices.succession import successors
from notices.tables.cells import BAR, DATE, NUMBER, ROW_NAME, ActionColumn, hidden, superseded
from notices.templatetags.screen import count_or_dash, desk_time, stacked_bar, status

# A telephone or FAX number; the group keeps it among the parts of a split sentence.
NUMBER_IN_WORDS = re.compile(r"(0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10})", re.ASCII)


class ReachColumn(tables.Column):
    """A number of pharmacies, taken from the tallies of the page."""

    def __init__(self, label: str) -> None:
        super().__init__(label, empty_values=(), orderable=False, attrs=NUMBER)


class ReleaseTable(tables.Table):
    """Releases with how far their messages came."""

    released_at = tables.Column("発出", attrs=DATE)
    number = tables.Column("文書番号", accessor="notice__number_text", orderable=False, attrs=DATE)
    subject = tables.Column(
        "件名", accessor="notice__subject", linkify=("notices:release", [tables.A("pk")]), attrs=ROW_NAME
    )
    state = tables.Column("状態")
    bar = tables.Column(hidden("送信の割合"), empty_values=(), orderable=False, attrs=BAR)
    recipients = ReachColumn("薬局")
    sent = ReachColumn("送信済")
    waiting = ReachColumn("送信待ち")
    other_channel = ReachColumn("別経路")
    failed = ReachColumn("不達")
    stopped = ReachColumn("中止")

    class Meta:
        attrs = {"class": "ledger-dense", "label": "発出の一覧"}
        order_by = "-released_at"
        empty_text = "まだ発出した通知がありません。通知を作って発出すると、ここで送信の様子が見られます。"

    def before_render(self, request: HttpRequest) -> None:
        """The counts of the releases on this page, all in one query."""
        shown = [row.record for row in self.paginated_rows]
        self.tallies = progress.by_release(release.pk for release in shown)
        through = [each.pk for each in shown if each.through_districts and each.pk not in self.tallies]
        self.districts = progress.districts_by_release(through) if through else {}
        self.successors = successors(row.record.notice_id for row in self.paginated_rows)

    def tally(self, release: Release) -> progress.Tally:
        """Its pharmacies; the districts to which it went while none of them has passed it on."""
        return self.districts.get(release.pk) or self.tallies.get(release.pk, progress.Tally())

    def render_released_at(self, value: Any) -> str:
        return desk_time(value)

    def render_state(self, record: Release) -> SafeString:
        by = self.successors.get(record.notice_id)
        return format_html("{} {}", status(record.state, of="release"), superseded(by))

    def render_bar(self, record: Release) -> SafeString:
        return reach_bar(self.tally(record), tall=False)

    def render_recipients(self, record: Release) -> str:
        if record.pk in self.districts:
            return f"{self.districts[record.pk].recipients:,} 地区"
        return count_or_dash(self.tally(record).recipients)

    def render_sent(self, record: Release) -> str:
        return count_or_dash(self.tally(record).sent)

    def render_waiting(self, record: Release) -> str:
        return count_or_dash(self.tally(record).waiting)

    def render_other_channel(self, record: Release) -> str:
        return count_or_dash(self.tally(record).other_channel)

    def render_failed(self, record: Release) -> str:
        return count_or_dash(self.tally(record).failed)

    def render_stopped(self, record: Release) -> str:
        return count_or_dash(self.tally(record).stopped)


def reach_bar(tally: progress.Tally, tall: bool = True) -> SafeString:
    """送信済, 送信待ち, 不達 and the rest beside one another; the tall one is read aloud as a progress."""
    label = f"送信済 {tally.sent:,} / {tally.recipients:,}"
    rest = tally.other_channel + tally.stopped
    parts = {"read": tally.sent, "seen": tally.waiting, "fail": tally.failed, "other": rest}
    drawn = stacked_bar(tally.recipients, label, tall, **parts)
    return render_to_string("releases/bar.html" if tall else "parts/bar.html", drawn | {"tally": tally})


class UnreachedTable(tables.Table):
    """Who was not reached, why, and what to do next."""

    recipient = tables.Column(
        "宛先",
        accessor="organisation__name",
        order_by=("organisation__kana", "pk"),
        attrs=ROW_NAME,
    )
    state = tables.Column("状態", accessor="reach")
    reason = tables.Column("理由", empty_values=(), orderable=False, attrs={"td": {"class": "wide"}})
    advice = tables.Column("どうすればよいか", empty_values=(), orderable=False, attrs={"td": {"class": "advice"}})
    move = ActionColumn()

    class Meta:
        attrs = {"class": "ledger-stack", "label": "届かなかった宛先"}
        empty_text = "この条件に合う宛先はありません。"

    def __init__(self, *args: Any, goes_out: bool, by_hand: bool = False, may_send: bool = True, **more: Any) -> None:
        """`goes_out`: whether messages of the release may still be sent; the page holds the form "repeat" then.

        `by_hand`: it was stopped by staff, and may go out yet. `may_send`: whoever looks has the duty to.
        """
        super().__init__(*args, **more)
        self.goes_out, self.by_hand, self.may_send = goes_out, by_hand, may_send

    def row_case(self, receipt: Receipt) -> unreached.Case:
        """Worked out once a row."""
        if not hasattr(receipt, "case"):
            receipt.case = unreached.case(receipt, goes_out=self.goes_out, by_hand=self.by_hand)
        return receipt.case

    def render_recipient(self, value: str, record: Receipt) -> SafeString:
        name = format_html('<a href="{}"><b>{}</b></a>', reverse("notices:receipt", args=[record.pk]), value)
        if record.organisation_id == record.district_id:
            return name
        return format_html('{}<br><span class="soft">{}</span>', name, record.district.label)

    def render_state(self, record: Receipt) -> SafeString:
        return status(self.row_case(record).state)

    def render_reason(self, record: Receipt) -> SafeString:
        case = self.row_case(record)
        addresses = format_html_join(
            "", '<span class="soft address d-block">{}<wbr>{}</span>', (_parted(each) for each in case.addresses)
        )
        return format_html("{}{}", case.reason, addresses)

    def render_advice(self, record: Receipt) -> SafeString:
        """The sentence, with the telephone to be dialled and no number broken."""
        parts = []
        for word in NUMBER_IN_WORDS.split(self.row_case(record).advice):
            if word == record.organisation.telephone != "":
                parts.append(format_html('<a class="keep" href="tel:{0}">{0}</a>', word))
            elif NUMBER_IN_WORDS.fullmatch(word):
                parts.append(format_html('<span class="keep">{}</span>', word))
            else:
                parts.append(conditional_escape(word))
        return mark_safe("".join(parts))

    def render_move(self, record: Receipt) -> SafeString:
        case = self.row_case(record)
        if case.move is Move.NONE:
            return mark_safe('<span class="soft">操作は要りません</span>')
        first = self._button(record, case, case.move)
        if case.also is Move.NONE or not self.may_send:
            return first
        return format_html('{}<div class="mt-2">{}</div>', first, self._button(record, case, case.also))

    def _button(self, record: Receipt, case: unreached.Case, move: Move) -> SafeString:
        if move is Move.AGAIN or move in unreached.OVER:
            if not self.may_send:
                return mark_safe('<span class="soft">発出の担当の人が送ります</span>')
            return format_html(
                '<button class="btn btn-sm btn-outline" form="repeat" formaction="{}" name="channel" value="{}">{}'
                '<span class="visually-hidden">：{}</span></button>',
                reverse("notices:receipt_repeat", args=[record.pk]),
                unreached.OVER.get(move, ""),
                move.value,
                record.organisation.name,
            )
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}">{}<span class="visually-hidden">：{}</span></a>',
            self.way_on(record, case),
            move.value,
            record.organisation.name,
        )

    def way_on(self, receipt: Receipt, case: unreached.Case) -> str:
        """Where the link of a row leads."""
        if case.move is Move.CALL:
            return f"tel:{receipt.organisation.telephone}"
        if case.move is Move.MEND:
            return reverse("task", args=[case.task])
        if case.move is Move.RETURNED:
            return reverse("notices:fax_returned", args=[case.fax])
        if case.move is Move.PAPERS:
            return reverse("notices:release_papers", args=[receipt.release_id])
        if case.move is Move.ENTER:
            back = urlencode({"next": reverse("notices:release", args=[receipt.release_id])})
            return f"{reverse('mailbox_add', args=[receipt.organisation_id])}?{back}"
        return reverse("notices:receipt", args=[receipt.pk])


def _parted(address: str) -> tuple[str, str]:
    """A mail address in two parts between which a line may end."""
    name, at, host = address.partition("@")
    return name, at + host


class MessageTable(tables.Table):
    """Messages, one a row."""

    at = tables.Column("日時", accessor="settled_at", empty_values=(), order_by=("made_at", "pk"), attrs=DATE)
    recipient = tables.Column(
        "宛先",
        accessor="receipt__organisation__name",
        linkify=("notices:outbox_message", [tables.A("pk")]),
        order_by=("receipt__organisation__kana", "pk"),
        attrs=ROW_NAME,
    )
    address = tables.Column("アドレス", attrs={"cell": {"class": "address"}})
    notice = tables.Column("通知", accessor="receipt__release__notice", orderable=False)
    purpose = tables.Column("種類", orderable=False)
    state = tables.Column("状態")

    class Meta:
        attrs = {"class": "ledger-dense", "label": "送信箱"}
        order_by = "-at"
        empty_text = "メールはまだありません。通知を発出すると、送るメールがここに並びます。"

    def render_at(self, record: Delivery) -> str:
        return desk_time(record.settled_at or record.made_at)

    def render_notice(self, value: Any) -> str:
        return value.number_text or value.subject

    def render_purpose(self, record: Delivery) -> str:
        """What it is; of a notice that is or will be in a mail with others that too."""
        is_gathered = record.gathered_in_id or gathering.waits(record)
        return f"{record.get_purpose_display()}（まとめて）" if is_gathered else record.get_purpose_display()

    def render_state(self, record: Delivery) -> SafeString:
        return status("retrying" if record.state == Delivery.State.WAITING and record.deferrals else record.state)
