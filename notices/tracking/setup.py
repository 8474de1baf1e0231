"""確認＋設定: ticks, 完了, and 対象外 with its reason. Each is kept at once and can be undone.

Of a notice that was corrected or withdrawn nothing more is declared: every change raises facts.Superseded.
"""

from members.history import Actor
from notices import hops
from notices.models import Receipt, Step, StepTick
from notices.models.receipt import Audience, Via
from notices.tracking.confirming import confirm_held
from notices.tracking.facts import (
    LetterIsOut,
    NotConfirmed,
    Refused,
    SigninNeeded,
    declare,
    held,
    note,
    refuse_secrets,
    refuse_superseded,
    withdraw,
)
from notices.tracking.steps import device_of


class NothingToSetUp(Refused):
    """The notice asks this recipient for no set-up."""

    sentence = "この通知には設定手順がありません。"


class NoDeviceChosen(Refused):
    """A step for one kind of device before the kind is known."""

    sentence = "使う端末がまだ選ばれていません。端末の種類を選んでから、手順を進めてください。"


class MarkedNotApplicable(Refused):
    """対象外 stands in the way."""

    sentence = "この通知は「対象外」として登録されています。続けるには、先に対象外を取り消してください。"


class MarkedFinished(Refused):
    """完了 stands in the way."""

    sentence = "この通知は「完了」として登録されています。対象外にするには、先に完了を取り消してください。"


def _must_ask_set_up(receipt: Receipt) -> None:
    if not receipt.asks_set_up:
        raise NothingToSetUp


def _must_be_under_way(receipt: Receipt) -> None:
    _must_ask_set_up(receipt)
    refuse_superseded(receipt)
    if receipt.confirmed_at is None:
        raise NotConfirmed
    if receipt.not_applicable_at:
        raise MarkedNotApplicable


def choose_device(receipt_id: int, device: Step.Device, *, actor: Actor, via: Via) -> Receipt:
    """Choose the kind of device; ticks made for another kind stay with that kind, those made before go to the first."""
    with held(receipt_id) as receipt:
        _must_be_under_way(receipt)
        if receipt.device != device:
            if not receipt.device:
                receipt.ticks.filter(step__group=Step.Group.DEVICE, device="").update(device=device)
            receipt.device = Step.Device(device)
            receipt.save()
            note("receipt.device_chosen", receipt, actor=actor, via=via, device=device)
    return receipt


def tick(receipt_id: int, step_id: int, *, actor: Actor, via: Via) -> StepTick:
    """Keep that a step is done; the first time stays. Raises Step.DoesNotExist for another notice's step."""
    with held(receipt_id) as receipt:
        step = _step(receipt, step_id)
        kept, is_new = StepTick.objects.get_or_create(
            receipt=receipt,
            step=step,
            device=device_of(step, receipt),
            defaults={"via": via, "ticked_by": actor.account},
        )
        if is_new:
            note("step.ticked", receipt, actor=actor, via=via, step=step.position, device=kept.device)
    return kept


def untick(receipt_id: int, step_id: int, *, actor: Actor, via: Via) -> None:
    """Take a tick back, if it is there. Raises Step.DoesNotExist for another notice's step."""
    with held(receipt_id) as receipt:
        step = _step(receipt, step_id)
        device = device_of(step, receipt)
        deleted, _ = StepTick.objects.filter(receipt=receipt, step=step, device=device).delete()
        if deleted:
            note("step.unticked", receipt, actor=actor, via=via, step=step.position, device=device)


def _step(receipt: Receipt, step_id: int) -> Step:
    """The step to tick, of this notice and for this recipient's device."""
    _must_be_under_way(receipt)
    step = receipt.release.notice.steps.exclude(group=Step.Group.REFERENCE).get(pk=step_id)
    if step.device and not receipt.device:
        raise NoDeviceChosen
    if step.device not in ("", receipt.device):
        raise Step.DoesNotExist(f"step {step_id} is not for {receipt.device}")
    return step


def finish(receipt_id: int, *, actor: Actor, via: Via) -> Receipt:
    """完了, as the pharmacy declares it: ticks may be missing and are not set. Implies confirmed; first time stays."""
    with held(receipt_id) as receipt:
        _must_ask_set_up(receipt)
        if receipt.not_applicable_at:
            raise MarkedNotApplicable
        confirm_held(receipt, actor=actor, via=via)
        if receipt.finished_at is None:
            declare(receipt, "finished", actor=actor, via=via)
            note("receipt.finished", receipt, actor=actor, via=via)
            receipt.save()
    return receipt


def reopen(receipt_id: int, *, actor: Actor, via: Via) -> Receipt:
    """Take 完了 back, or a district's 会員への周知 (signed in only). Confirmed stays. Raises LetterIsOut."""
    with held(receipt_id) as receipt:
        if receipt.audience == Audience.DISTRICT and via == Via.PERSONAL:
            raise SigninNeeded
        refuse_superseded(receipt)
        if receipt.audience == Audience.DISTRICT and hops.letter(receipt):
            raise LetterIsOut
        if receipt.finished_at is not None:
            withdraw(receipt, "finished")
            receipt.save()
            note("receipt.reopened", receipt, actor=actor, via=via)
    return receipt


def mark_not_applicable(receipt_id: int, reason: str, *, actor: Actor, via: Via) -> Receipt:
    """対象外 with its reason. Implies confirmed; the first time and reason stay. Raises HoldsSecret, MarkedFinished."""
    refuse_secrets(reason)
    with held(receipt_id) as receipt:
        _must_ask_set_up(receipt)
        if receipt.finished_at:
            raise MarkedFinished
        confirm_held(receipt, actor=actor, via=via)
        if receipt.not_applicable_at is None:
            declare(receipt, "not_applicable", actor=actor, via=via)
            receipt.not_applicable_reason = reason
            note("receipt.not_applicable", receipt, actor=actor, via=via)
            receipt.save()
    return receipt


def mark_applicable(receipt_id: int, *, actor: Actor, via: Via) -> Receipt:
    """Take 対象外 back. Confirmed stays."""
    with held(receipt_id) as receipt:
        refuse_superseded(receipt)
        if receipt.not_applicable_at is not None:
            withdraw(receipt, "not_applicable")
            receipt.not_applicable_reason = ""
            receipt.save()
            note("receipt.applicable", receipt, actor=actor, via=via)
    return receipt
