"""補足: what many ask about a step is answered beside the step, where everybody sees it."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from members import history
from members.history import Actor
from members.models import Event
from notices import succession
from notices.models import Notice, Release, Step, StepNote
from notices.tracking.facts import Refused, refuse_secrets

MOST = 500  # letters: it is read on a phone, between two steps
VERBS = ("step.note_written", "step.note_changed", "step.note_removed", "step.note_carried")


class NoNote(ValueError):
    """A note without a word in it, or a long one."""


class Replaced(Refused):
    """Nobody works off the steps of a notice that was corrected or withdrawn."""

    sentence = "この通知は訂正または廃止されているため、補足は書けません。新しい通知の手順に書いてください。"


def original(step: Step) -> Step:
    """The step beside which a note is written: the notice's own, of which a district's letter has a copy."""
    letter = Release.objects.filter(notice=step.notice_id, passes_on__isnull=False).select_related("passes_on").first()
    return (_like(step).filter(notice=letter.passes_on.notice_id).first() if letter else None) or step


def everywhere(step: Step) -> QuerySet[Step]:
    """The step, and the copies of it in the districts' letters."""
    return _like(step).filter(Q(pk=step.pk) | Q(notice__release__passes_on__notice=step.notice_id))


def _like(step: Step) -> QuerySet[Step]:
    return Step.objects.filter(position=step.position, group=step.group, device=step.device, title=step.title)


@transaction.atomic
def write(step_id: int, text: str, *, actor: Actor) -> bool:
    """Put the text beside the step in the place of what is there; whether that changed anything.

    Of a district's copy it is put beside the notice's own step, and read by all.

    Raises Step.DoesNotExist for a step that is not one to tick of a released notice, NoNote, HoldsSecret, Replaced.
    """
    text = text.strip()
    if not 0 < len(text) <= MOST:
        raise NoNote
    refuse_secrets(text)
    step = _locked(step_id)
    if succession.successor(step.notice_id):
        raise Replaced
    there = StepNote.objects.filter(step=step).first()
    if there and there.text == text:
        return False
    StepNote.objects.update_or_create(
        step=step, defaults={"text": text, "written_at": timezone.now(), "written_by": actor.account}
    )
    before = there.text if there else ""
    _record("step.note_changed" if there else "step.note_written", step, actor, before, text)
    return True


@transaction.atomic
def remove(step_id: int, *, actor: Actor) -> bool:
    """Take the note away; whether there was one. Raises Step.DoesNotExist."""
    step = _locked(step_id)
    there = StepNote.objects.filter(step=step).first()
    if there is None:
        return False
    there.delete()
    _record("step.note_removed", step, actor, there.text, "")
    return True


def carry_over(note: StepNote, step: Step, *, actor: Actor) -> None:
    """Put a note beside the same step of a 訂正 or 再周知, as it was written; in the transaction of the release."""
    StepNote.objects.create(step=step, text=note.text, written_at=note.written_at, written_by=note.written_by)
    _record("step.note_carried", step, actor, "", note.text)


def events(step: Step) -> list[Event]:
    """Every change of the step's note, the latest first, with the text `before` and `after` in its detail."""
    found = Event.objects.filter(verb__in=VERBS, subject_kind="notice", subject_id=step.notice_id, detail__id=step.pk)
    return list(found.select_related("account").order_by("-pk"))


def _locked(step_id: int) -> Step:
    """The step, or the one that it is a copy of; who else writes its note waits."""
    steps = Step.objects.select_for_update(of=("self",)).select_related("notice")
    released = steps.filter(notice__state=Notice.State.RELEASED).exclude(group=Step.Group.REFERENCE)
    return released.get(pk=original(released.get(pk=step_id)).pk)


def _record(verb: str, step: Step, actor: Actor, before: str, after: str) -> None:
    history.record(verb, step.notice, actor=actor, step=step.position, id=step.pk, before=before, after=after)
