"""見本: what goes out for a draft before there is anybody to send it to. Nothing is saved."""

from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution import sheets
from notices.distribution.message import Mail, Wording
from notices.distribution.sheet_guide import Guides
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience

NAMES = {Audience.PHARMACY: "○○薬局", Audience.DISTRICT: "○○地区薬剤師会"}
NOBODYS = 0  # the key of no row: what is asked for it is empty, and its personal addresses lead nowhere


def receipt(plan: Release, audience: Audience) -> Receipt:
    """The receipt of nobody in particular."""
    return Receipt(pk=NOBODYS, release=plan, organisation=Organisation(name=NAMES[audience]), audience=audience)


def mail(plan: Release, audience: Audience, *, to: str, number: str = "", letter: bytes = b"") -> Mail:
    """The mail as this audience would get it today; its personal addresses are masked.

    `number` and `letter` (PDF) are what the draft is expected to get.
    """
    delivery = Delivery(receipt=receipt(plan, audience), channel=Channel.EMAIL, address=to)
    return Wording(plan, audience, delivery.purpose, number, letter).mail(delivery, masked=True)


def sheet(plan: Release, *, number: str, letter_pages: int) -> list[bytes]:
    """The sheet of a pharmacy that gets it by FAX, and the guide behind it if there is one, as PDFs.

    Raises pdf.RenderFailed.
    """
    delivery = Delivery(pk=NOBODYS, receipt=receipt(plan, Audience.PHARMACY), channel=Channel.FAX)
    guides = Guides()
    front = sheets.document([delivery], letter_pages, guides, number)
    guide = guides.of(plan, Audience.PHARMACY)
    return [front, guide.content] if guide else [front]
