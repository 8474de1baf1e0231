"""確認: a person pressed 「確認しました」. On a district's receipt it is 受領確認, and 会員への周知 follows it."""

from django.db import transaction
from django.db.models import F

from members.history import Actor
from notices import hops
from notices.models import Receipt, Release
from notices.models.receipt import Audience, Via
from notices.tracking import carried
from notices.tracking.facts import (
    ByLetter,
    NotConfirmed,
    NothingAsked,
    SigninNeeded,
    columns,
    declare,
    held,
    note,
    refuse_secrets,
    refuse_superseded,
)

# Thousands may press on one morning: a confirmation reads no more than it needs, by a query that is put together once.
# Of the release it takes these few columns; as a row of its own that would cost as much again as the receipt.
PRESSED = Receipt.objects.only("audience", "organisation", "carried_from", "confirmed_at", "release").annotate(
    ask=F("release__ask"),
    superseded_by=F("release__superseded_by"),
    is_repeated=F("release__is_repeated"),
    is_correction=F("release__is_correction"),
    passes_on=F("release__passes_on"),
)


def confirm(receipt_id: int, *, actor: Actor, via: Via) -> Receipt:
    """Confirm the receipt. The first time stays, however often it is pressed.

    Districts confirm whatever was released; pharmacies what asks for it. Raises NothingAsked, and Superseded for a
    notice that was corrected or withdrawn: what was confirmed before stays. Of a 訂正 or 再周知 with the same steps,
    完了 or 対象外 of the earlier notice then count as well.
    """
    receipt = PRESSED.get(pk=receipt_id)  # which holds nothing while it reads
    if receipt.superseded_by or receipt.is_repeated:
        refuse_superseded(receipt)
    _refuse_unasked(receipt, receipt.ask)
    if receipt.confirmed_at is None:
        with transaction.atomic():
            if _is_first(receipt, actor=actor, via=via):
                note("receipt.confirmed", receipt, actor=actor, via=via)
                _carry_on(receipt, actor=actor, via=via)
    return receipt


def _refuse_unasked(receipt: Receipt, ask: str) -> None:
    if receipt.audience == Audience.PHARMACY and ask == Release.Ask.INFORM:
        raise NothingAsked


def _is_first(receipt: Receipt, *, actor: Actor, via: Via) -> bool:
    """Confirm it, unless somebody else has in this moment: then the receipt has what was declared there."""
    declare(receipt, "confirmed", actor=actor, via=via)
    facts = {column: getattr(receipt, column) for column in columns("confirmed")}
    if Receipt.objects.filter(pk=receipt.pk, confirmed_at=None).update(**facts):
        return True
    receipt.refresh_from_db(fields=columns("confirmed"))
    return False


def _carry_on(receipt: Receipt, *, actor: Actor, via: Via) -> None:
    if not (receipt.is_correction or receipt.passes_on or receipt.carried_from_id):
        return  # as with nearly every notice
    found = carried.of(receipt)
    if found is not None and found.counts:
        take_over(receipt, found.earlier, actor=actor, via=via)


def take_over(receipt: Receipt, other: Receipt, *, actor: Actor, via: Via) -> None:
    """Let 完了 or 対象外 of the other count for the receipt, which is confirmed; in the caller's transaction."""
    fact = "finished" if other.finished_at else "not_applicable"
    declare(receipt, fact, actor=actor, via=via)
    receipt.not_applicable_reason = other.not_applicable_reason
    receipt.save(update_fields=[*columns(fact), "not_applicable_reason"])
    note(f"receipt.{fact}", receipt, actor=actor, via=via, carried_from=other.pk)


def confirm_held(receipt: Receipt, *, actor: Actor, via: Via) -> None:
    """Confirm within the caller's transaction, where it is not confirmed yet; the caller saves."""
    refuse_superseded(receipt)
    _refuse_unasked(receipt, receipt.release.ask)
    if receipt.confirmed_at is None:
        declare(receipt, "confirmed", actor=actor, via=via)
        note("receipt.confirmed", receipt, actor=actor, via=via)


def name(receipt_id: int, text: str, *, actor: Actor, via: Via) -> Receipt:
    """Keep who confirmed, as typed; an empty text takes it back. Raises NotConfirmed, HoldsSecret.

    The history tells that a name was given, never which.
    """
    refuse_secrets(text)
    with held(receipt_id) as receipt:
        if receipt.confirmed_at is None:
            raise NotConfirmed
        if receipt.confirmed_name != text:
            receipt.confirmed_name = text
            receipt.save()
            note("receipt.named", receipt, actor=actor, via=via)
    return receipt


def pass_on(receipt_id: int, *, actor: Actor, via: Via) -> Receipt:
    """会員への周知: the district has made the notice known to its members. Implies 受領確認.

    Raises SigninNeeded by a personal address, since the mail of a chair is forwarded, ByLetter where the district has
    to write to its members, and Superseded.
    """
    if via == Via.PERSONAL:
        raise SigninNeeded
    with held(receipt_id) as receipt:
        if hops.is_due(receipt):
            raise ByLetter
        is_first = receipt.finished_at is None
        pass_on_held(receipt, actor=actor, via=via)
        if is_first:
            receipt.save()
    return receipt


def pass_on_held(receipt: Receipt, *, actor: Actor, via: Via) -> None:
    """The same within the caller's transaction, be it by a letter; the caller saves."""
    if receipt.audience != Audience.DISTRICT:
        raise ValueError(f"{receipt} is not a district's")
    confirm_held(receipt, actor=actor, via=via)
    if receipt.finished_at is None:
        declare(receipt, "finished", actor=actor, via=via)
        note("receipt.finished", receipt, actor=actor, via=via)
