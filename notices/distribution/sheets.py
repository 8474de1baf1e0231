"""The personal sheet: one page of A4 for one recipient, in front of the letter when it goes by FAX or post.

Many sheets are rendered as one document, since starting the renderer costs more than many of them. Where there are
hundreds, `sheet_forms` lays out but once what they have in common.
"""

import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.template.loader import render_to_string

from members.models import Organisation
from members.models.organisation import Channel
from notices import pdf, personal, qr, sheet_code
from notices.distribution import contents, superseding
from notices.distribution.reminders.letter import also, urgency
from notices.models import Delivery, Release
from notices.models.receipt import Audience

# Sheets in one document: beyond, nothing is gained and memory is lost.
MOST = 100
MM_PER_POINT = 25.4 / 72
LINE_HEIGHT = 1.35
# Behind the words 「FAX による通知」, where it is not the first one.
AGAIN = {
    Delivery.Purpose.REPEAT: "再送",
    Delivery.Purpose.AGAIN: "再送",
    Delivery.Purpose.REMINDER: "再通知",
}


class NotOnePage(pdf.RenderFailed):
    """A sheet did not stay on its page."""


@dataclass(frozen=True)
class Fitted:
    """A text and the size in points at which it fits its place."""

    text: str
    points: int
    lines: int = 1

    @property
    def height(self) -> float:
        """What is kept free for it, in points."""
        return round(self.lines * self.points * LINE_HEIGHT, 2)

    @classmethod
    def into(cls, text: str, width: float, height: float, sizes: Sequence[int]) -> "Fitted":
        """The largest of the sizes that fits into mm × mm; at the smallest, what is too long ends in ….

        Every letter counts as full width, so that the estimate errs on the safe side; marks on letters count nothing.
        """
        letters = sum(unicodedata.category(char) != "Mn" for char in text)
        for points in sizes:
            em = points * MM_PER_POINT
            most = int(height / (em * LINE_HEIGHT))
            room = int(width / em) * most
            if letters <= room:
                # Lines break where words allow it, a letter or two before their ends.
                lines = 1 if letters <= int(width / em) else math.ceil(letters / (int(width / em) - 2))
                return cls(text, points, min(lines, most))
        return cls(text[: room - 1] + "…", points, most)


def render(deliveries: Sequence[Delivery], letter_pages: int) -> list[bytes]:
    """The sheets of deliveries of one release, each a PDF of one page, in their order.

    `letter_pages` follow each. Raises pdf.RenderFailed, and NotOnePage where one does not fit.
    """
    whole = pypdfium2.PdfDocument(document(deliveries, letter_pages))
    return [_page(whole, index) for index in range(len(whole))]


def document(deliveries: Sequence[Delivery], letter_pages: int) -> bytes:
    """The same as one PDF, a page a sheet. At most MOST at once."""
    if not 0 < len(deliveries) <= MOST:
        raise ValueError(f"1 to {MOST} sheets at once, not {len(deliveries)}")
    return one_page_each(pdf.render(html(deliveries, letter_pages)), len(deliveries))


def one_page_each(content: bytes, sheets: int) -> bytes:
    """The document as it is. Raises NotOnePage where its pages could be cut apart wrongly."""
    if (pages := len(pypdfium2.PdfDocument(content))) != sheets:
        raise NotOnePage(f"{sheets} sheets became {pages} pages")
    return content


def html(deliveries: Sequence[Delivery], letter_pages: int) -> str:
    """What is rendered: a section for each delivery."""
    sections = [render_to_string("sheets/sheet.html", each) for each in contexts(deliveries, letter_pages)]
    return together(deliveries[0].receipt.release, sections)


def together(release: Release, sections: Sequence[str]) -> str:
    """Sections as one document."""
    return render_to_string("sheets/sheets.html", {"notice": release.notice, "sections": sections})


def contexts(deliveries: Sequence[Delivery], letter_pages: int) -> Iterator[dict[str, Any]]:
    """What each sheet says."""
    common: dict[tuple[str, str, bool], dict[str, object]] = {}
    unheard = superseding.unheard(deliveries[0].receipt.release) if deliveries else set()
    for delivery in deliveries:
        key = (delivery.receipt.audience, delivery.purpose, delivery.receipt.organisation_id in unheard)
        if key not in common:
            common[key] = _common(delivery.receipt.release, *key)
        own = _personal(delivery)
        if delivery.purpose == Delivery.Purpose.REMINDER:
            own["covering"] = _reminding(delivery, common[key]["covering_room"])
        yield {**common[key], **own, "pages": letter_pages + 1}


def _common(release: Release, audience: str, purpose: str, unheard: bool) -> dict[str, object]:
    """What all sheets of a release for one audience say."""
    context = contents.context(release, audience, purpose, unheard=unheard)
    is_pharmacy = audience == Audience.PHARMACY
    # What a correction says about the earlier notice takes its room from the others.
    tall = 0.7 if not context["before"] else 0.45
    # A line each leaves the covering text the room to be read on a FAX.
    is_short = not context["before"] and len(release.notice.subject) <= 30
    is_short = is_short and all(len(row.text) <= 24 for row in context["rows"])
    room = 17 if is_short else 12 * tall
    return context | {
        "subject": Fitted.into(release.notice.subject, 180, 25 * tall, (21, 17, 14, 12, 10, 8, 7)),
        "rows": [(row, Fitted.into(row.text, 132, 18 * tall, (15, 13, 11, 9, 8, 7))) for row in context["rows"]],
        "covering": Fitted.into("　".join(context["covering"]), 180, room, (11, 10, 9, 8, 7)),
        "covering_room": room,
        "changed": Fitted.into("　".join(context["changed"]), 170, 13, (12, 10, 8)),
        "office_ways": _ways_to(context["office"]),
        "is_pharmacy": is_pharmacy,
        "again": AGAIN.get(purpose, ""),
        "button": "確認しました" if is_pharmacy else "受領を確認しました",
        "asks_answer": release.asks_confirmation or not is_pharmacy,
        "asks_set_up": is_pharmacy and release.asks_set_up,
    }


def _reminding(delivery: Delivery, room: float) -> Fitted:
    """What a reminder says in the place of the covering text: how urgent it is, and what else waits for an answer."""
    words, _ = urgency(delivery.receipt.release, delivery.reminder.day)
    return Fitted.into("。".join(filter(None, (words, also(delivery)))), 180, room, (11, 10, 9, 8, 7))


def _ways_to(office: Organisation) -> str:
    """How the sender is answered without FAX: 郵送（〒… 住所）か、電話（…）, as far as they are known."""
    place = " ".join(filter(None, (f"〒{office.postal_code}" if office.postal_code else "", office.address)))
    ways = (f"郵送（{place}）" if office.address else "", f"電話（{office.telephone}）" if office.telephone else "")
    return "か、".join(filter(None, ways))


def _personal(delivery: Delivery) -> dict[str, object]:
    """What only this recipient's sheet holds."""
    organisation = delivery.receipt.organisation
    is_pharmacy = delivery.receipt.audience == Audience.PHARMACY
    name = f"{organisation.name}　御中" if is_pharmacy else f"{organisation.name}会長　殿"
    by_post = delivery.channel == Channel.POST
    code, _, place = (
        delivery.address.partition(" ") if delivery.address.startswith("〒") else ("", "", delivery.address)
    )
    return {
        "by_post": by_post,
        "name": Fitted.into(name, 84, 22, (14, 12, 10, 8, 7, 6))
        if by_post
        else Fitted.into(name, 180, 20, (20, 14, 10, 8)),
        "code": code,
        "place": Fitted.into(place, 84, 18, (11, 9, 8, 7)),
        "fax": "" if by_post else delivery.address,
        "organisation": organisation,
        "qr": qr.picture(personal.address(delivery)),
        "reply_code": sheet_code.of(delivery.receipt_id) if is_pharmacy else "",
    }


def _page(whole: pypdfium2.PdfDocument, index: int) -> bytes:
    single = pypdfium2.PdfDocument.new()
    single.import_pages(whole, [index])
    content = io.BytesIO()
    single.save(content)
    return content.getvalue()
