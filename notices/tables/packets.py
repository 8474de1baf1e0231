"""The list of received packets."""

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.boards.today import LATE_DAYS
from notices.intake import kept
from notices.models import Packet
from notices.tables.cells import NUMBER, ActionColumn
from notices.templatetags.packets import packet_status
from notices.templatetags.screen import NONE, desk_time


class PacketTable(tables.Table):
    """One packet a row, described by its top letter."""

    receipt_number = tables.Column("収受番号", linkify=True, orderable=False, attrs={"td": {"scope": "row"}})
    received_at = tables.Column("受領")
    subject = tables.Column("件名", empty_values=(), orderable=False)
    oldest_on = tables.Column(
        "最初の文書から", accessor="waits_since", order_by="waits_since", default=NONE, attrs=NUMBER
    )
    state = tables.Column("状態", orderable=False)
    next_step = ActionColumn()

    class Meta:
        attrs = {"label": "受領文書"}
        empty_text = "条件に合う受領文書はありません。"

    def render_received_at(self, record: Packet) -> str:
        return desk_time(record.received_at)

    def render_subject(self, record: Packet) -> SafeString:
        letter = record.letters[kept.top_index(record.kept)]
        tops = len(kept.tops(record.kept))
        return format_html(
            '{}<br><span class="small soft">{}　{}　文書 {} 通{}</span>',
            letter["subject"] or "（件名なし）",
            kept.issuer_label(letter),
            kept.number_label(letter),
            len(kept.standing(record.kept)),
            f"（別々の文書 {tops} 件）" if tops > 1 else "",
        )

    def render_oldest_on(self, record: Packet) -> SafeString | str:
        """Days since the oldest letter was written that is to be passed on."""
        if record.issued or record.state in Packet.CLOSED:
            return NONE
        days = (timezone.localdate() - record.waits_since).days
        css = "days-late keep" if days >= LATE_DAYS else "keep"
        return format_html('<span class="{}">{} 日</span>', css, f"{days:,}")

    def render_state(self, record: Packet) -> SafeString:
        return packet_status(record)

    def render_next_step(self, record: Packet) -> SafeString | str:
        if record.state != Packet.State.DOUBTFUL:
            return ""
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}">確かめる<span class="visually-hidden">：{}</span></a>',
            reverse("notices:packet", args=[record.pk]),
            record.receipt_number,
        )
