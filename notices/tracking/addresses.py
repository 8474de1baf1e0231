"""個人用URL of a receipt, taken back."""

from members.history import Actor
from notices.models import Receipt
from notices.models.receipt import Via
from notices.tracking.facts import held, note


def revoke(receipt_id: int, *, actor: Actor) -> Receipt:
    """Make every address of the receipt that was sent so far unusable, at once. What was declared stays."""
    with held(receipt_id) as receipt:
        receipt.address_version += 1
        receipt.save()
        note("receipt.address_revoked", receipt, actor=actor, via=Via.SIGNED_IN, version=receipt.address_version)
    return receipt
