"""What happened last on a release, and its recipients one by one."""

import datetime as dt

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from members.models import Event
from notices.boards.progress import ON_BEHALF
from notices.models import HelpRequest, Receipt, Release


def events(release: Release, most: int) -> QuerySet[Event]:
    """The latest events about the receipts of a release."""
    receipts = Receipt.objects.filter(release=release).values("pk")
    found = Event.objects.filter(subject_kind="receipt", subject_id__in=receipts)
    return found.select_related("account", "capacity__organisation")[:most]


def with_answer(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Each receipt with `needs_help` and with `stage`, which puts answers in order from unconfirmed to settled."""
    return receipts.annotate(
        needs_help=Exists(HelpRequest.objects.filter(receipt=OuterRef("pk"), closed_at=None)),
        stage=Case(
            When(confirmed_at=None, then=Value(0)),
            When(finished_at__isnull=False, then=Value(2)),
            When(not_applicable_at__isnull=False, then=Value(3)),
            default=Value(1),
            output_field=IntegerField(),
        ),
    )


def answer(receipt: Receipt, release: Release, today: dt.date) -> str:
    """The key of the badge that says what the recipient answered."""
    if receipt.finished_at:
        return "finished"
    if receipt.not_applicable_at:
        return "not_applicable"
    if receipt.confirmed_at:
        return "on_behalf" if receipt.confirmed_via in ON_BEHALF else "confirmed"
    return "overdue" if release.deadline and release.deadline < today else "unconfirmed"
