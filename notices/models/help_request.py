"""困っています: what a pharmacy asks about a notice, and the answer."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members import access
from members.models import Account, Capacity
from notices.models.receipt import Receipt
from notices.models.release import TIME_TO_ANSWER
from notices.models.step import Step


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def with_about(self) -> "HelpRequestQuerySet":
        """With what `about` says."""
        return self.select_related("step", "asked_step__notice").prefetch_related("asked_step__notice__numbers")

    def visible_to(self, capacity: Capacity | None) -> "HelpRequestQuerySet":
        """Staff read every question, a pharmacy its own; a district learns that there is one, not what it says."""
        if access.is_staff(capacity):
            return self
        if access.is_pharmacy(capacity):
            return self.filter(receipt__organisation=capacity.organisation_id)
        return self.none()


class HelpRequest(models.Model):
    """「困っています」 of a pharmacy, on a step or on the notice as a whole; open until either side closes it.

    One that goes on at a correction or a 再周知 is about the same step there, or else about the whole, and keeps what
    it was about.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="help_requests")
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="help_requests")
    asked_step = models.ForeignKey(
        Step,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The step of the notice before, which the correction has no more.",
    )
    note = models.TextField("困っていること", blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField("回答", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="help_answered_when",
            ),
        ]
        indexes = [
            models.Index(fields=["receipt"], condition=Q(closed_at=None), name="help_open"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.step or ''}".strip()

    @property
    def stands(self) -> bool:
        """Whether it stands on the pharmacy's page of the notice: until it is settled.

        Where staff settled it by what they said on the telephone, that is to be read there for weeks.
        """
        if self.closed_at is None:
            return True
        was_told = self.answered_by_id is not None and self.answered_by_id == self.closed_by_id
        return was_told and timezone.now() < self.closed_at + TIME_TO_ANSWER

    @property
    def about(self) -> str:
        """Where the pharmacy is stuck, in words: the step, or that of the notice before as it read there."""
        if self.step:
            return f"手順 {self.step.position}　{self.step.title}"
        if self.asked_step:
            before = self.asked_step.notice
            named = before.number_text or before.subject
            return f"{named}の手順 {self.asked_step.position}「{self.asked_step.title}」"
        return "全体のこと"
