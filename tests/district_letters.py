"""A notice that goes through the districts and the letters by which they pass it on, written row by row."""

from members.models import Organisation
from notices.models import Attachment, Delivery, DocumentNumber, NoticeIssuer, Relation, Release
from notices.models.receipt import ReceiptQuerySet
from tests.cast import Cast


def to_districts(cast: Cast, subject: str) -> Release:
    """A notice of the association as it stands after its release to the districts alone."""
    release = cast.released(subject, through_districts=True)
    _remove(release.receipts.pharmacies())
    return release


def letter(cast: Cast, passed: Release, district: Organisation, subject: str, number: str = "") -> Release:
    """The district's letter that encloses what was released to it, as it goes out to its members among the cast."""
    release = cast.released(subject)
    _remove(release.receipts.exclude(organisation__parent=district))
    by = {"passes_on": passed, "passed_on_by": district, "approval": None, "unapproved": Release.Unapproved.DISTRICT}
    Release.objects.filter(pk=release.pk).update(state=Release.State.SENDING, **by)
    release.refresh_from_db()
    NoticeIssuer.objects.filter(notice=release.notice).update(organisation=district)
    Attachment.objects.filter(notice=release.notice).update(label="別添1", url="", enclosed=passed.notice)
    Relation.objects.create(source=release.notice, kind=Relation.Kind.ENCLOSES, target=passed.notice)
    DocumentNumber.objects.filter(notice=release.notice).delete()
    if number:
        DocumentNumber.objects.create(notice=release.notice, issuer=district, text=number)
    return release


def _remove(receipts: ReceiptQuerySet) -> None:
    Delivery.objects.filter(receipt__in=receipts).delete()
    receipts.delete()
