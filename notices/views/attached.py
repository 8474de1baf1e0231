"""別添・別紙・参考 of a letter on staff's pages: each with what it is, where it is read, and what lies within it."""

from collections.abc import Collection
from dataclasses import replace

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from notices import enclosed
from notices.letters import received
from notices.models import Attachment, Notice, Packet
from notices.templatetags.letters import remark
from notices.templatetags.screen import count, wareki
from notices.views.links import Link, web_link


def attached(notice: Notice) -> list[Link]:
    """The attachments in their order, below each what the letters in it enclose, by 別添1の別添2."""
    found = enclosed.reachable(notice)
    _with_packets(notice, [each for attachments in found.values() for each in attachments])
    labels = enclosed.labels(notice, found)
    seen = {notice.pk}
    return [
        replace(_line(each, labels[each.pk]), within=tuple(_within(each, found, labels, seen)))
        for each in found[notice.pk]
    ]


def _within(
    attachment: Attachment, found: dict[int, list[Attachment]], labels: dict[int, str], seen: set[int]
) -> list[Link]:
    """What lies in an enclosed letter, however deep, in the order of the paper; each letter once."""
    if attachment.enclosed_id is None or attachment.enclosed_id in seen:
        return []
    seen.add(attachment.enclosed_id)
    lines: list[Link] = []
    for each in found[attachment.enclosed_id]:
        lines += [_line(each, labels.get(each.pk, each.label)), *_within(each, found, labels, seen)]
    return lines


def _with_packets(notice: Notice, attachments: Collection[Attachment]) -> None:
    """Let the letters know their packets, whose texts are long and not asked for here."""
    letters = {each.enclosed_id: each.enclosed for each in attachments if each.enclosed}
    packets = Packet.objects.defer("text").in_bulk({letter.packet_id for letter in letters.values()} - {None})
    for letter in letters.values():
        if letter.packet_id:
            letter.packet = packets[letter.packet_id]
    for each in attachments:
        each.notice = letters.get(each.notice_id, notice)
        each.enclosed = letters.get(each.enclosed_id)


def _line(attachment: Attachment, label: str) -> Link:
    title, place = attachment.title, [attachment.notice_id, attachment.pk]
    if letter := attachment.enclosed:
        named = letter.number_text or letter.issuer_names
        dated = wareki(letter.date) if letter.date else ""
        about = "　".join(filter(None, [named, dated, _pages(received.pages_of(letter))]))
        return Link(label, title, reverse("notices:notice", args=[letter.pk]), about)
    if attachment.file:
        size = filesizeformat(attachment.file.size)
        about = "・".join(filter(None, [attachment.offered_as, size, remark(attachment.file)]))
        return Link(label, title, reverse("notices:notice_file", args=place), about)
    if attachment.from_steps:
        return Link(label, title, reverse("notices:manual_pdf", args=place[:1]), "設定手順から作る PDF")
    if attachment.text:
        about = "・".join(filter(None, ["受領文書にあった本文", _pages(received.pages_with_text(attachment))]))
        return Link(label, title, reverse("notices:notice_attachment", args=place), about)
    if attachment.url:
        return web_link(label, title, attachment.url)
    return Link(label, title, about="中身がありません")


def _pages(came: Collection[received.PageRange]) -> str:
    """2 ページ; nothing where it came as text."""
    pages = sum(each.end - each.first for each in came)
    return f"{count(pages)} ページ" if pages else ""
