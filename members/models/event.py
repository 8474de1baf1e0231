"""The history: one line per thing that happened, written once and never changed."""

from django.db import models
from django.utils import timezone

from members.models.account import Account, Capacity
from members.models.organisation import Organisation


class Event(models.Model):
    """記録. The database refuses UPDATE and DELETE (triggers in the migration).

    People are named by reference (`account`, `capacity`), never by name. `subject_kind` and `subject_id` name the
    row that the event is about ("notice", 12); `organisation` is the one whose business it is, if any.
    """

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    capacity = models.ForeignKey(Capacity, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="event_by_subject"),
            models.Index(fields=["at", "id"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
