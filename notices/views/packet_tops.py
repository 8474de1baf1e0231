"""The top letters of a packet that holds several: letters that have nothing to do with each other."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from notices.forms.readings import mark_of
from notices.intake import archive, blanks, closing, fates, kept, registering
from notices.intake.fates import Fate
from notices.models import Notice, Packet


@dataclass(frozen=True)
class TopLetter:
    """One of several top letters, with the `notice` that it became: of another packet where it had come before.

    Members are `told` of it, or are to be. Before the packet is registered there is no notice of its own.
    """

    packet: Packet
    index: int
    notice: Notice | None
    told: bool

    @property
    def letter(self) -> kept.Letter:
        return self.packet.letters[self.index]

    @property
    def mark(self) -> str:
        return mark_of(self.index)

    @property
    def url(self) -> str:
        return letter_url(self.packet, self.index)

    @property
    def subject(self) -> str:
        undecided = fates.fate(self.packet.kept, self.index) == Fate.UNDECIDED
        if undecided:
            return f"{blanks.named(self.letter)}：まだ決めていません"
        return self.letter["subject"] or "（件名なし）"

    @property
    def source(self) -> str:
        return f"{kept.issuer_label(self.letter)}　{kept.number_label(self.letter)}"

    @property
    def is_known(self) -> bool:
        """Whether it came before, so that members are told of it from there."""
        return self.notice is None or self.notice.packet_id != self.packet.pk

    @cached_property
    def to_issue(self) -> Notice | None:
        """The notice that tells members of it."""
        return registering.notice_for(self.notice) if self.notice else None

    @property
    def badge(self) -> str:
        """The key of the badge that says how far it is."""
        if self.told:
            return "issued"
        if self.notice.filed:
            return "filed"
        return "draft" if self.to_issue else "registered"

    @property
    def may_be_filed(self) -> bool:
        return closing.may_be_filed(self.notice)


def top_letters(packet: Packet) -> list[TopLetter]:
    """The top letters of a packet, where there are several; none otherwise."""
    tops = kept.tops(packet.kept)
    if len(tops) < 2:
        return []
    made = {notice.packet_order: notice for notice in packet.notices.tops()}
    waiting = set(packet.notices.to_pass_on().values_list("packet_order", flat=True))
    return [
        TopLetter(
            packet,
            top,
            made.get(top) or archive.archived(packet.letters[top]),
            told=top in made and top not in waiting and not made[top].filed,
        )
        for top in tops
    ]


def letter_url(packet: Packet, index: int) -> str:
    """The packet's page with that letter open."""
    return f"{reverse('notices:packet', args=[packet.pk])}?letter={index + 1}"
