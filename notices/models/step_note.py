"""補足: what staff add to a step of a released notice, for all who work it off."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Account
from notices.models.notice import Step


class StepNote(models.Model):
    """The note that stands beside a step now; what was there before is in the history.

    The step itself was released and approved, and stays as it is.
    """

    step = models.OneToOneField(Step, models.PROTECT, related_name="note")
    text = models.TextField("補足")
    written_at = models.DateTimeField("日時", default=timezone.now)
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["step"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="step_note_says_something")]

    def __str__(self) -> str:
        return f"{self.step}の補足"
