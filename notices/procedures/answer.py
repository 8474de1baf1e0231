"""相談への回答: staff answer on the pharmacy's page, and a mail says that the answer stands there."""

from contextlib import suppress

from django.db import transaction

from members.history import Actor
from notices.distribution import outbox, recipients
from notices.models import HelpRequest, Step
from notices.tracking import helping, step_notes


@transaction.atomic
def answer(help_id: int, text: str, *, actor: Actor) -> list[str]:
    """Answer in writing; gives the addresses to which a mail says so, none where the pharmacy cannot be written to.

    Raises helping.NoAnswer, Settled, AnsweredSo, HoldsSecret, HelpRequest.DoesNotExist.
    """
    asked = helping.answer(help_id, text, actor=actor)
    addresses = recipients.answered(asked.receipt)
    outbox.ring()
    return addresses


@transaction.atomic
def answer_waiting(step_id: int, text: str, *, actor: Actor) -> int:
    """Answer all who wait for an answer about the step, or a copy of it, with these words; gives how many."""
    steps = step_notes.everywhere(Step.objects.get(pk=step_id))
    waiting = HelpRequest.objects.filter(step__in=steps, closed_at=None, answered_at=None)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    answered = 0
    for key in keys:
        with suppress(helping.Settled, helping.AnsweredSo):  # in this moment
            answer(key, text, actor=actor)
            answered += 1
    return answered
