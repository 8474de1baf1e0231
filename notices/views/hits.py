"""Search hits with the addresses to which they lead, for staff, chairs and pharmacies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from notices.models import Notice, Passage, Receipt
from notices.search.results import Hit


@dataclass(frozen=True)
class Shown:
    """A hit, the address of its page, and of the very place that is shown."""

    hit: Hit
    url: str
    place_url: str


def for_staff(hits: Iterable[Hit]) -> list[Shown]:
    """Hits with the addresses of the desk."""
    return [_for_staff(hit) for hit in hits]


def _for_staff(hit: Hit) -> Shown:
    if hit.packet:
        url = reverse("notices:packet", args=[hit.packet.pk])
        return Shown(hit, url, url)
    url = reverse("notices:notice", args=[hit.notice.pk])
    attachment = hit.place.attachment
    if attachment is None or attachment.enclosed_id:
        return Shown(hit, url, url)
    name = "notice_file" if hit.place.kind == Passage.Kind.FILE else "notice_attachment"
    return Shown(hit, url, reverse(f"notices:{name}", args=[hit.notice.pk, attachment.pk]))


def for_recipient(hit: Hit, receipt: Receipt, name: str) -> Shown:
    """A hit with the addresses of a receipt's pages behind the door of that name."""
    url = reverse(f"notices:{name}", args=[receipt.pk])
    attachment = hit.place.attachment
    if attachment is None:
        return Shown(hit, url, url)
    page = "file" if hit.place.kind == Passage.Kind.FILE else "attachment"
    return Shown(hit, url, reverse(f"notices:{name}_{page}", args=[receipt.pk, attachment.pk]))


def letters(hits: Iterable[Hit]) -> dict[int, list[Notice]]:
    """The notices that came with the packets that were found, by packet."""
    packets = [hit.packet.pk for hit in hits]
    found: dict[int, list[Notice]] = {packet: [] for packet in packets}
    for notice in Notice.objects.filter(packet__in=packets).with_names().order_by("packet_order"):
        found[notice.packet_id].append(notice)
    return found
