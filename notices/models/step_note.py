"""補足: what staff add to a step of a released notice, for all who work it off."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Account
from notices.models.release import Release
from notices.models.step import Step


class StepNoteManager(models.Manager["StepNote"]):
    def beside(self, steps: Iterable[Step]) -> "dict[int, StepNote]":
        """By the step's key, what stands beside it: a district's copy of a step has the note of the step itself."""
        steps = list(steps)
        notices = {step.notice_id for step in steps}
        letters = Release.objects.filter(notice__in=notices, passes_on__isnull=False).order_by()
        passed = dict(letters.values_list("notice", "passes_on__notice"))
        notes = self.filter(step__notice__in=notices | set(passed.values())).select_related("step")
        places = {_place(note.step, note.step.notice_id): note for note in notes}
        found = {step.pk: places.get(_place(step, passed.get(step.notice_id, step.notice_id))) for step in steps}
        return {key: note for key, note in found.items() if note}


def _place(step: Step, notice: int) -> tuple:
    return notice, step.position, step.group, step.device, step.title


class StepNote(models.Model):
    """The note that stands beside a step now; what was there before is in the history.

    The step itself was released and approved, and stays as it is. Districts' letters have copies of a notice's steps:
    the note is written beside the notice's own, and read with `beside`.
    """

    step = models.OneToOneField(Step, models.PROTECT, related_name="note")
    text = models.TextField("補足")
    written_at = models.DateTimeField("日時", default=timezone.now)
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = StepNoteManager()

    class Meta:
        ordering = ["step"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="step_note_says_something")]

    def __str__(self) -> str:
        return f"{self.step}の補足"
