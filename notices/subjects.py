"""What events about notices are about, by name: the history's page is of `members`, which knows none of these."""

from django.db.models import Manager, QuerySet

from members import subjects
from members.subjects import each
from notices.models import Delivery, DocumentNumber, Notice, Packet, Receipt, Release, StoredFile, UsualPlan


def tell() -> None:
    """Once, when the site starts."""
    of_release = "release__notice"
    subjects.NAMES |= {
        "packet": each(Packet.objects.only("receipt_number")),
        "notice": each(Notice.objects.prefetch_related("numbers")),
        "documentnumber": each(DocumentNumber.objects.all()),
        "storedfile": each(StoredFile.objects.all()),
        "release": each(_with_notice(Release.objects, "notice"), lambda release: str(release.notice)),
        "receipt": each(_with_notice(Receipt.objects, of_release), lambda receipt: str(receipt.release.notice)),
        "usualplan": each(UsualPlan.objects.all()),
        "delivery": each(_with_notice(Delivery.objects, f"receipt__{of_release}"), _delivery),
    }


def _with_notice(rows: Manager, path: str) -> QuerySet:
    return rows.select_related(path).prefetch_related(f"{path}__numbers")


def _delivery(delivery: Delivery) -> str:
    return f"{delivery}　{delivery.receipt.release.notice}"
