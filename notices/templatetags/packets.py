"""Showing how far a packet is."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notices.intake import fates, kept
from notices.intake.fates import Fate
from notices.models import Packet
from notices.templatetags.screen import status

register = template.Library()


@register.simple_tag
def packet_status(packet: Packet) -> SafeString:
    """The badge of a packet: 要確認 2 か所 while something in it is to be decided, 登録待ち once nothing is."""
    if packet.badge != Packet.State.DOUBTFUL:
        return status(packet.badge)
    if doubts := kept.count_doubts(packet.kept):
        return status(packet.badge, word=f"要確認 {doubts:,} か所")
    undecided = any(fates.fate(packet.kept, index) == Fate.UNDECIDED for index in range(len(packet.letters)))
    return status(packet.badge if undecided else "unregistered")


@register.filter
def caption(name: str) -> SafeString:
    """An organisation's name for a narrow place: 薬剤師会 goes into the next line as a whole."""
    before, ending, after = name.partition("薬剤師会")
    return format_html("{}<wbr>{}{}", before, ending, after)
