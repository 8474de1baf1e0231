"""The personal sheet: one page of A4 for one recipient, in front of the letter when it goes by FAX or post.

Many sheets are rendered as one document, since starting the renderer costs more than many of them. Where there are
hundreds, `sheet_forms` lays out but once what they have in common.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
from django.template.loader import render_to_string

from members.models import Organisation
from members.models.organisation import Channel
from notices import pdf, personal, qr, sheet_code
from notices.checklist import has_steps
from notices.distribution import contents, superseding
from notices.distribution.fitted import Fitted
from notices.distribution.sheet_guide import READABLE, Guides, covering_room
from notices.models import Delivery, Release
from notices.models.receipt import Audience

# Sheets in one document: beyond, nothing is gained and memory is lost.
MOST = 100
# Behind the words 「FAX による通知」, where it is not the first one.
AGAIN = {
    Delivery.Purpose.REPEAT: "再送",
    Delivery.Purpose.AGAIN: "再送",
    Delivery.Purpose.REMINDER: "再通知",
}


class NotOnePage(pdf.RenderFailed):
    """A sheet did not stay on its page."""


def render(deliveries: Sequence[Delivery], letter_pages: int, guides: Guides | None = None) -> list[bytes]:
    """The sheets of deliveries of one release, each a PDF of one page, in their order.

    What `guides` knows of it follows each, then `letter_pages`. Raises pdf.RenderFailed, and NotOnePage where one does
    not fit.
    """
    whole = pypdfium2.PdfDocument(document(deliveries, letter_pages, guides))
    return [_page(whole, index) for index in range(len(whole))]


def document(
    deliveries: Sequence[Delivery], letter_pages: int, guides: Guides | None = None, number: str = ""
) -> bytes:
    """The same as one PDF, a page a sheet. At most MOST at once. `number` is what a draft is expected to get."""
    if not 0 < len(deliveries) <= MOST:
        raise ValueError(f"1 to {MOST} sheets at once, not {len(deliveries)}")
    return one_page_each(pdf.render(html(deliveries, letter_pages, guides, number)), len(deliveries))


def one_page_each(content: bytes, sheets: int) -> bytes:
    """The document as it is. Raises NotOnePage where its pages could be cut apart wrongly."""
    if (pages := len(pypdfium2.PdfDocument(content))) != sheets:
        raise NotOnePage(f"{sheets} sheets became {pages} pages")
    return content


def html(deliveries: Sequence[Delivery], letter_pages: int, guides: Guides | None = None, number: str = "") -> str:
    """What is rendered: a section for each delivery."""
    found = contexts(deliveries, letter_pages, guides or Guides(), number)
    sections = [render_to_string("sheets/sheet.html", each) for each in found]
    return together(deliveries[0].receipt.release, sections)


def together(release: Release, sections: Sequence[str]) -> str:
    """Sections as one document."""
    return render_to_string("sheets/sheets.html", {"notice": release.notice, "sections": sections})


def contexts(
    deliveries: Sequence[Delivery], letter_pages: int, guides: Guides, number: str = ""
) -> Iterator[dict[str, Any]]:
    """What each sheet says. Raises pdf.RenderFailed for a guide."""
    common: dict[tuple[str, str, bool], dict[str, object]] = {}
    unheard = superseding.unheard(deliveries[0].receipt.release) if deliveries else set()
    for delivery in deliveries:
        key = (delivery.receipt.audience, delivery.purpose, delivery.receipt.organisation_id in unheard)
        if key not in common:
            common[key] = _common(delivery.receipt.release, *key, guides, number)
        own, guide, behind = _personal(delivery), common[key]["guide"], 0
        if delivery.purpose == Delivery.Purpose.REMINDER:
            said = guides.reminding(delivery, common[key]["covering_room"])
            own["covering"], behind = said.covering, said.pages
        yield {**common[key], **own, "pages": 1 + behind + (guide.pages if guide else 0) + letter_pages}


def _common(
    release: Release, audience: str, purpose: str, unheard: bool, guides: Guides, number: str
) -> dict[str, object]:
    """What all sheets of a release for one audience say."""
    context = contents.context(release, audience, purpose, number, unheard=unheard)
    is_pharmacy = audience == Audience.PHARMACY
    # What a correction says about the earlier notice takes its room from the others.
    tall = 0.7 if not context["before"] else 0.45
    guide, room = guides.of(release, audience), covering_room(release, context)
    return context | {
        "subject": Fitted.into(release.notice.subject, 180, 25 * tall, (21, 17, 14, 12, 10, 8, 7)),
        "rows": [(row, Fitted.into(row.text, 132, 18 * tall, (15, 13, 11, 9, 8, 7))) for row in context["rows"]],
        "covering": Fitted.into("" if guide and guide.covers else "　".join(context["covering"]), 180, room, READABLE),
        "guide": guide,
        "covering_room": room,
        "also": Fitted.into(context["also"], 170, 5, (10, 8, 7)),
        "changed": Fitted.into("　".join(context["changed"]), 170, 8 if context["also"] else 13, (12, 10, 8)),
        "office_ways": _ways_to(context["office"]),
        "is_pharmacy": is_pharmacy,
        "again": AGAIN.get(purpose, ""),
        "button": "確認しました" if is_pharmacy else "受領を確認しました",
        "asks_answer": release.asks_confirmation or not is_pharmacy,
        "asks_set_up": is_pharmacy and release.asks_set_up,
        "has_steps": is_pharmacy and has_steps(release.notice),
    }


def _ways_to(office: Organisation) -> str:
    """How the sender is answered without FAX: 郵送（〒… 住所）か、電話（…）, as far as they are known."""
    place = " ".join(filter(None, (f"〒{office.postal_code}" if office.postal_code else "", office.address)))
    ways = (f"郵送（{place}）" if office.address else "", f"電話（{office.telephone}）" if office.telephone else "")
    return "か、".join(filter(None, ways))


def _personal(delivery: Delivery) -> dict[str, object]:
    """What only this recipient's sheet holds."""
    organisation = delivery.receipt.organisation
    is_pharmacy = delivery.receipt.audience == Audience.PHARMACY
    title = "　御中" if is_pharmacy else f"会長　{contents.honorific(delivery.receipt.release)}"
    name = f"{organisation.name}{title}"
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
