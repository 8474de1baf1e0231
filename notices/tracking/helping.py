"""困っています: a pharmacy is stuck on a step or on the notice as a whole; staff answer, either side closes."""

from django.db import transaction
from django.utils import timezone

from members.history import Actor
from notices.models import HelpRequest, Receipt, Step
from notices.models.receipt import Via
from notices.tracking.facts import NothingAsked, held, note, refuse_secrets


class NoAnswer(ValueError):
    """An answer without a word in it."""


def ask(receipt_id: int, step_id: int | None, text: str, *, actor: Actor, via: Via) -> HelpRequest:
    """Keep the question. The same one, sent again while it is open, is the same row.

    Raises HoldsSecret, NothingAsked, and Step.DoesNotExist for another notice's step.
    """
    refuse_secrets(text)
    with held(receipt_id) as receipt:
        if not receipt.takes_questions:
            raise NothingAsked
        step = receipt.release.notice.steps.get(pk=step_id) if step_id else None
        asked, is_new = HelpRequest.objects.get_or_create(
            receipt=receipt, step=step, note=text, closed_at=None, defaults={"asked_by": actor.account}
        )
        if is_new:
            note("help.asked", receipt, actor=actor, via=via, help=asked.pk, **place(step))
    return asked


def answer(help_id: int, text: str, *, actor: Actor, by_telephone: bool = False) -> HelpRequest:
    """Answer in writing, or note what was said on the telephone, which settles the question.

    The pharmacy reads the text. A later answer replaces an earlier one. Raises NoAnswer, HoldsSecret.
    """
    if not text.strip():
        raise NoAnswer
    refuse_secrets(text)
    with transaction.atomic():
        asked = _locked(help_id)
        asked.answer, asked.answered_at, asked.answered_by = text, timezone.now(), actor.account
        asked.save()
        how = "telephone" if by_telephone else "writing"
        note("help.answered", asked.receipt, actor=actor, via=Via.SIGNED_IN, help=asked.pk, how=how)
        if by_telephone:
            _close(asked, actor=actor, via=Via.SIGNED_IN)
    return asked


def close(help_id: int, *, actor: Actor, via: Via) -> HelpRequest:
    """The question is settled, as either side says; the first time stays."""
    with transaction.atomic():
        asked = _locked(help_id)
        _close(asked, actor=actor, via=via)
    return asked


def _locked(help_id: int) -> HelpRequest:
    return HelpRequest.objects.select_for_update(of=("self",)).select_related("receipt__organisation").get(pk=help_id)


def _close(asked: HelpRequest, *, actor: Actor, via: Via) -> None:
    if asked.closed_at is None:
        asked.closed_at, asked.closed_by = timezone.now(), actor.account
        asked.save()
        note("help.closed", asked.receipt, actor=actor, via=via, help=asked.pk)


def place(step: Step | None) -> dict[str, int]:
    """Where a question stands, as the history keeps it."""
    return {"step": step.position} if step else {}


def of(receipt: Receipt) -> list[HelpRequest]:
    """The receipt's questions, the open ones first, then the latest."""
    asked = receipt.help_requests.select_related("step").order_by("-asked_at")
    return sorted(asked, key=lambda request: request.closed_at is not None)
