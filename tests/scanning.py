"""What programs open before people do: a release with many recipients, and the addresses in their mails."""

from urllib.parse import urlsplit

from django.utils import timezone

from members.models import Organisation
from members.models.organisation import Kind
from notices import personal
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience, Reach
from notices.personal import Scope
from tests.cast import Cast


def deliver_to_many(cast: Cast, release: Release, number: int) -> list[Delivery]:
    """So many pharmacies more among the recipients, each with its sent mail; gives all deliveries of the release."""
    now, district = timezone.now(), cast.takaodai
    pharmacies = Organisation.objects.bulk_create(
        Organisation(kind=Kind.PHARMACY, parent=district, name=f"薬局 {place}").fold() for place in range(number)
    )
    sent = {"release": release, "district": district, "audience": Audience.PHARMACY, "reach": Reach.SENT}
    receipts = Receipt.objects.bulk_create(Receipt(organisation=each, **sent) for each in pharmacies)
    Delivery.objects.bulk_create(
        Delivery(
            receipt=receipt,
            release=release,
            channel="email",
            address=f"box{receipt.pk}@mail.example",
            state=Delivery.State.SENT,
            settled_at=now,
        )
        for receipt in receipts
    )
    return list(Delivery.objects.filter(release=release).select_related("receipt"))


def address(delivery: Delivery, scope: Scope = Scope.OWN) -> str:
    return urlsplit(personal.address(delivery, scope)).path
