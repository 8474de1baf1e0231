"""地区を通す: how far a release through districts has come, from the association over each district to its pharmacies.

A district passes it on by a letter of its own, once. While it has not, staff may step in and tell its members
themselves; whatever came first stands.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from members.models import Organisation
from notices.models import Receipt, Release
from notices.models.receipt import ReceiptQuerySet


def letter(receipt: Receipt) -> Release | None:
    """The letter by which the district has passed on what it received; None while it has not."""
    return Release.objects.filter(passes_on=receipt.release_id, passed_on_by=receipt.organisation_id).first()


def with_deadline(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Each with its `deadline`: of a district that has passed the notice on, the one that it set its members."""
    letters = Release.objects.filter(passes_on=OuterRef("release"), passed_on_by=OuterRef("organisation"))
    own = Subquery(letters.order_by().values("deadline")[:1])
    return receipts.annotate(deadline=Coalesce(own, "release__deadline"))


def deadlines(releases: Iterable[Release], district: Organisation) -> dict[int, dt.date | None]:
    """The same of several releases, by the release, for a district that they went to."""
    received = Receipt.objects.districts().filter(organisation=district, release__in=list(releases)).order_by()
    return dict(with_deadline(received).values_list("release", "deadline"))


def is_told(receipt: Receipt) -> bool:
    """Whether the association has told members of the district itself."""
    told = Receipt.objects.pharmacies().filter(release=receipt.release_id, district=receipt.organisation_id)
    return told.exists()


def is_due(receipt: Receipt) -> bool:
    """Whether it is still for the district to pass the notice on by a letter."""
    return waiting(Receipt.objects.filter(pk=receipt.pk)).exists()


def waiting(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Those of districts that have still to pass the notice on. In whose place another notice stands, nobody has.

    A correction may have told some members itself, who were told so before; the others still have what it corrects.
    """
    told = Receipt.objects.pharmacies().filter(release=OuterRef("release"), district=OuterRef("organisation"))
    letters = Release.objects.filter(passes_on=OuterRef("release"), passed_on_by=OuterRef("organisation"))
    return (
        receipts.districts()
        .filter(release__through_districts=True)
        .current()
        .exclude(Exists(told) & ~Exists(_uncorrected()))
        .exclude(Exists(letters.order_by()))
    )


def _uncorrected() -> ReceiptQuerySet:
    """Of a district's receipt of a correction: those of its members today who have the old letter and not this one."""
    release = OuterRef(OuterRef("release"))
    new = Receipt.objects.filter(
        Q(release=release) | Q(release__passes_on=release), organisation=OuterRef("organisation")
    )
    old = Receipt.objects.pharmacies().filter(release__superseded_by=OuterRef("release"))
    return old.filter(~Exists(new), organisation__parent=OuterRef("organisation"))


def held_up(receipts: ReceiptQuerySet, now: dt.datetime) -> ReceiptQuerySet:
    """滞り: those that have been waiting for DISTRICT_DAYS days or longer, the oldest first."""
    late = waiting(receipts).filter(release__released_at__lte=now - dt.timedelta(days=settings.DISTRICT_DAYS))
    return late.order_by("release__released_at", "release", "district__position", "pk")
