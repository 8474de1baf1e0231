"""FAX through the e-mail gateway: one mail for one FAX, with the personal sheet, its guide and the letter as PDF.

The mail goes to the address that FAX_GATEWAY makes of the number, by the same way as any other; what the gateway's
server answers counts like the answer to a mail.
"""

import logging
from dataclasses import replace
from email.utils import formatdate

import pypdfium2
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from members.models.organisation import Channel
from notices import pdf
from notices.distribution import contents, gateway, sheets
from notices.distribution.answers import Answer, Verdict
from notices.distribution.envelope import Envelope, bare_address, message_id, sender_for
from notices.distribution.sheet_guide import Guides
from notices.models import Delivery, Release

logger = logging.getLogger(__name__)

# What the letters of a release are called in its FAX mails.
LETTERS = (contents.ATTACHED_AS, "enclosed-letter.pdf")
# Sheets rendered at once while other messages wait: two seconds.
AT_ONCE = 40
WORDS = {
    Verdict.REFUSED: "FAXを受け付けてもらえませんでした（番号と、ゲートウェイの設定を確かめてください）",
    Verdict.LATER: "FAXのゲートウェイが後で送るよう求めました",
}


class Faxes:
    """The FAX mails of one run of sending.

    The first of a release has the sheets of the next ones rendered with its own; they are kept in memory until they
    are asked for, or until others of the release are rendered: reminders of several releases take turns. A sheet that
    cannot be rendered troubles its own delivery only.
    """

    def __init__(self) -> None:
        self._letters: dict[int, list[tuple[str, bytes, int]]] = {}
        self._guides = Guides()
        self._sheets: dict[int, dict[tuple[int, int], bytes]] = {}  # by release
        self._alone: set[int] = set()

    def envelope(self, delivery: Delivery) -> Envelope:
        """The ready mail to the gateway.

        Raises gateway.NoGateway, ValueError for a number that is none, pdf.RenderFailed for a sheet.
        """
        recipient = bare_address(gateway.address(delivery.address))
        letters = self._letters_of(delivery.receipt.release)
        sheet = self._sheet(delivery, sum(pages for _, _, pages in letters))
        guide = self._guides.of(delivery.receipt.release, delivery.receipt.audience)
        parts = [
            ("sheet.pdf", sheet, 1),
            ("others.pdf", *self._guides.behind(delivery)),
            ("guide.pdf", guide.content, guide.pages) if guide else ("guide.pdf", b"", 0),
            *letters,
        ]
        return Envelope(_sender(delivery), recipient, _mail(delivery, recipient, [part for part in parts if part[2]]))

    def _letters_of(self, release: Release) -> list[tuple[str, bytes, int]]:
        """Name, content and number of pages of each as it was fixed."""
        if release.pk not in self._letters:
            found = zip(LETTERS, (letter.read() for letter in release.on_paper), strict=False)
            self._letters[release.pk] = [
                (name, content, len(pypdfium2.PdfDocument(content))) for name, content in found
            ]
        return self._letters[release.pk]

    def _sheet(self, delivery: Delivery, letter_pages: int) -> bytes:
        key = _key(delivery)
        if key not in self._sheets.get(delivery.receipt.release_id, {}):
            self._render([delivery] if delivery.pk in self._alone else _together(delivery), letter_pages)
        return self._sheets[delivery.receipt.release_id].pop(key)

    def _render(self, deliveries: list[Delivery], letter_pages: int) -> None:
        try:
            pages = sheets.render(deliveries, letter_pages, self._guides)
        except pdf.RenderFailed:
            if len(deliveries) == 1:
                raise
            logger.exception("One of %s sheets cannot be rendered: each is rendered by itself", len(deliveries))
            self._alone.update(each.pk for each in deliveries)
            self._render(deliveries[:1], letter_pages)
        else:
            release = deliveries[0].receipt.release_id
            self._sheets[release] = dict(zip(map(_key, deliveries), pages, strict=True))


def worded(delivery: Delivery, answer: Answer) -> Answer:
    """The answer to a delivery's message; what a server says to a FAX is not about a mailbox."""
    if delivery.channel == Channel.FAX and answer.reply and answer.verdict in WORDS:
        return replace(answer, words=WORDS[answer.verdict])
    return answer


def _key(delivery: Delivery) -> tuple[int, int]:
    """A sheet is good for as long as the personal address on it."""
    return delivery.pk, delivery.receipt.address_version


def _together(delivery: Delivery) -> list[Delivery]:
    """The delivery, and the FAXes of its release that come next."""
    found = Delivery.objects.unfinished().filter(
        receipt__release=delivery.receipt.release_id, channel=Channel.FAX, due_at__lte=Now()
    )
    found = found.exclude(pk=delivery.pk).order_by("purpose", "due_at", "id")
    return [delivery, *found.select_related("receipt__organisation", "receipt__release__notice")[: AT_ONCE - 1]]


def _sender(delivery: Delivery) -> str:
    """A gateway takes FAXes from senders that it knows."""
    return bare_address(settings.FAX_SENDER) if settings.FAX_SENDER else sender_for(delivery)


def _mail(delivery: Delivery, recipient: str, parts: list[tuple[str, bytes, int]]) -> bytes:
    """`parts` are the PDFs in their order: name, content, number of pages."""
    receipt = delivery.receipt
    notice = receipt.release.notice
    name = contents.one_line(notice.number_text or notice.subject)
    enclosed = "、".join(f"{name} {pages}枚" for name, _, pages in parts)
    mail = EmailMessage(
        subject=f"FAX {name[:40]}",
        body=f"{name}\n{receipt.organisation.name}\nFAX {delivery.address}\n\n{enclosed}\n",
        from_email=settings.FAX_SENDER or settings.DEFAULT_FROM_EMAIL,
        to=[recipient],
        headers={
            "Message-ID": message_id(delivery),
            "Date": formatdate(localtime=True),
            "Auto-Submitted": "auto-generated",  # RFC 3834 section 5
        },
    )
    for name, content, _ in parts:
        mail.attach(name, content, "application/pdf")
    return mail.message().as_bytes(linesep="\r\n")
