"""Search hits with what is shown of their notices and packets, and the addresses to which they lead."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from notices.follow_ups import later
from notices.models import Notice, Packet, Passage
from notices.search.excerpts import Part, marked
from notices.search.results import Hit, Place
from notices.search.words import Word
from notices.succession import Successor


@dataclass(frozen=True)
class Shown:
    """A hit in a notice, its subject with the words marked, and the address of the very place that is shown.

    `by`: what now counts in the notice's place.
    """

    notice: Notice
    subject: list[Part]
    url: str
    place_url: str
    hit: Hit
    by: Successor | None


@dataclass(frozen=True)
class Arrived:
    """A hit in a packet, with the notices that were made of it."""

    packet: Packet
    hit: Hit
    notices: list[Notice] = field(default_factory=list)


def for_staff(hits: Sequence[Hit], words: Sequence[Word]) -> list[Shown]:
    """Hits in notices, with the addresses of staff's pages."""
    notices = Notice.objects.with_names().in_bulk([hit.notice for hit in hits])
    replaced = later(notices)
    return [_for_staff(hit, notices[hit.notice], words, replaced.get(hit.notice)) for hit in hits]


def _for_staff(hit: Hit, notice: Notice, words: Sequence[Word], by: Successor | None) -> Shown:
    url = reverse("notices:notice", args=[notice.pk])
    place_url = _place_url(hit.place) if hit.place.attachment else url
    return Shown(notice, marked(notice.subject, words), url, place_url, hit, by)


def _place_url(place: Place) -> str:
    """The paper: the letter that is enclosed, or the text or file in the letter to which it belongs."""
    paper = place.attachment
    if paper.enclosed_id:
        return reverse("notices:notice", args=[paper.enclosed_id])
    name = "notice_file" if place.kind == Passage.Kind.FILE else "notice_attachment"
    return reverse(f"notices:{name}", args=[paper.notice_id, paper.pk])


def in_packets(hits: Sequence[Hit]) -> list[Arrived]:
    """Hits in packets."""
    packets = Packet.objects.with_issued().defer("text").in_bulk([hit.packet for hit in hits])
    found = {hit.packet: Arrived(packets[hit.packet], hit) for hit in hits}
    for notice in Notice.objects.filter(packet__in=packets).with_names().order_by("packet_order"):
        found[notice.packet_id].notices.append(notice)
    return list(found.values())
