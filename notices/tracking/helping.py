"""困っています: a pharmacy is stuck on a step or on the notice as a whole; staff answer, either side closes."""

from django.db import transaction
from django.utils import timezone

from members.history import Actor
from notices import succession
from notices.models import HelpRequest, Receipt, Release, Step
from notices.models.receipt import Via
from notices.models.step import alike_in
from notices.tracking.facts import NothingAsked, held, note, refuse_secrets


class NoAnswer(ValueError):
    """An answer without a word in it."""


class Settled(RuntimeError):
    """The question was settled meanwhile: who asked it looks for no answer any more."""


class AnsweredSo(RuntimeError):
    """The same words stand there as the answer."""


def ask(receipt_id: int, step_id: int | None, text: str, *, actor: Actor, via: Via) -> HelpRequest:
    """Keep the question. The same one, sent again while it is open, is the same row.

    From a page that was opened before a correction or a 再周知 it goes to that: the newest that the pharmacy got and
    that takes questions, to the same step or, where that has changed, to the whole. What was withdrawn keeps it.

    Raises HoldsSecret, NothingAsked, and Step.DoesNotExist for another notice's step.
    """
    refuse_secrets(text)
    with held(receipt_id, standing=True) as receipt:
        if not receipt.takes_questions:
            raise NothingAsked
        step = receipt.release.notice.steps.get(pk=step_id) if step_id else None
        receipt, (here, before) = _standing(receipt, step)
        about = {"receipt": receipt, "step": here, "asked_step": before, "note": text, "closed_at": None}
        asked, is_new = HelpRequest.objects.get_or_create(**about, defaults={"asked_by": actor.account})
        if is_new:
            note("help.asked", receipt, actor=actor, via=via, help=asked.pk, **place(step))
    return asked


def _standing(receipt: Receipt, step: Step | None) -> tuple[Receipt, tuple[Step | None, Step | None]]:
    """The receipt at which a question is kept, and what it is about there (`carried_to`)."""
    newest = receipt
    while (newer := _held_newer(newest)) and newer.takes_questions:
        newest = newer
    if newest == receipt:
        return receipt, (step, None)
    here = newest.release.notice.steps.all()
    same = alike_in(step.notice.steps.all(), here).get(step.pk) if step else None
    return newest, carried_to(step, same)


def _held_newer(receipt: Receipt) -> Receipt | None:
    """`_newer`, its release held: looked for once more then, since that may have been stopped meanwhile."""
    if newer := _newer(receipt):
        list(Release.objects.filter(pk=newer.release_id).select_for_update(no_key=True, of=("self",)))
    return newer and _newer(receipt)


def _newer(receipt: Receipt) -> Receipt | None:
    """The same pharmacy's receipt of what it answers in the place of the receipt's notice."""
    if receipt.release.is_superseded:
        return succession.newest_correction(receipt)
    again = Receipt.objects.taking_over().filter(carried_from=receipt).select_related("release")
    return again.first() if receipt.release.is_repeated else None


def carried_to(step: Step | None, same: Step | None) -> tuple[Step | None, Step | None]:
    """Of a question that goes on at another notice: the `same` step there, else which one of the notice before."""
    return same, step if same is None else None


def asked_of(asked: HelpRequest) -> Receipt | None:
    """The pharmacy's receipt of a notice before this one, of which it asked; else None."""
    receipt, organisation = asked.receipt, asked.receipt.organisation_id
    while asked.asked_at < receipt.release.released_at:
        before = succession.corrected(receipt.release, organisation).get(organisation) or receipt.carried_from
        if before is None:
            break
        receipt = before
    return receipt if receipt != asked.receipt else None


def answer(help_id: int, text: str, *, actor: Actor, by_telephone: bool = False) -> HelpRequest:
    """Answer in writing, or note what was said on the telephone, which settles the question.

    The pharmacy reads the text. A later answer replaces an earlier one. Raises NoAnswer, HoldsSecret, and in writing
    Settled and AnsweredSo, of which nothing is kept.
    """
    if not text.strip():
        raise NoAnswer
    refuse_secrets(text)
    with transaction.atomic():
        asked = _locked(help_id)
        if not by_telephone and asked.closed_at:
            raise Settled
        if not by_telephone and asked.answered_at and asked.answer == text:
            raise AnsweredSo
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
    asked = receipt.help_requests.with_about().order_by("-asked_at")
    return sorted(asked, key=lambda request: request.closed_at is not None)
