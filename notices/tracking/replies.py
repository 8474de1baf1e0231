"""返信の入力: sheets that came back are found by their code, recorded one after the other, and listed below."""

from collections.abc import Sequence

from django.db import transaction

from members.history import Actor
from notices import access, sheet_code
from notices.models import OnBehalf, Receipt
from notices.models.receipt import Audience, ReceiptQuerySet, Via
from notices.tracking import on_behalf
from notices.tracking.on_behalf import Said

# How a sheet comes back.
CHANNELS = (Via.FAX, Via.PAPER)
LISTED = 20


def named(typed: str, actor: Actor, receipts: ReceiptQuerySet) -> Receipt | None:
    """The pharmacy's receipt that a code names; None where there is none, and where it is not this person's to answer.

    Raises sheet_code.Mistyped.
    """
    receipt = receipts.filter(pk=sheet_code.receipt_id(typed), audience=Audience.PHARMACY).first()
    return receipt if receipt and access.looks_after(actor.capacity, receipt.organisation) else None


@transaction.atomic
def enter(receipt_id: int, answers: Sequence[Said], *, actor: Actor) -> list[OnBehalf]:
    """Record the boxes of one sheet, all or none; what was declared before makes no record.

    Raises what on_behalf.record raises.
    """
    made = [on_behalf.record(receipt_id, said, actor=actor) for said in answers]
    return [record for record in made if record]


def latest(actor: Actor) -> list[OnBehalf]:
    """What this person entered last from sheets, undone or not, the latest first."""
    found = OnBehalf.objects.visible_to(actor.capacity).filter(by=actor.account, via__in=CHANNELS)
    related = ("by", "capacity__organisation", "undone_by", "receipt__organisation", "receipt__release__notice")
    return list(found.select_related(*related)[:LISTED])
