"""見本: a mail of a draft before there is anybody to send it to."""

from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution.message import Mail, Wording
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience

NAMES = {Audience.PHARMACY: "○○薬局", Audience.DISTRICT: "○○地区薬剤師会"}


def mail(plan: Release, audience: Audience, *, to: str, number: str = "", letter: bytes = b"") -> Mail:
    """The mail as this audience would get it today. Nothing is saved, and its personal addresses lead nowhere.

    `number` and `letter` (PDF) are what the draft is expected to get.
    """
    receipt = Receipt(release=plan, organisation=Organisation(name=NAMES[audience]), audience=audience)
    delivery = Delivery(receipt=receipt, channel=Channel.EMAIL, address=to)
    return Wording(plan, audience, delivery.purpose, number, letter).mail(delivery, masked=True)
