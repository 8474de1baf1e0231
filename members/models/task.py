"""宛先の確認: what the roster needs somebody to do, because a message did not arrive."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from members.models.account import Account
from members.models.officer import Officer
from members.models.organisation import Channel, Mailbox, Organisation


class TaskQuerySet(models.QuerySet["Task"]):
    def still_open(self) -> "TaskQuerySet":
        return self.filter(closed_at=None)


class Task(models.Model):
    """One address that does not work, open until somebody says what became of it; at most one open task an address.

    `reason` is in plain words. The address stands in the roster with `mailbox`, with `officer` (a chair's own) or, as a
    FAX number, with the organisation. `suspends` tells that the mailbox was taken out of use until the task is closed.
    `message_key` names the message over which it was found.
    """

    class Kind(models.TextChoices):
        BAD_ADDRESS = "bad_address", "届かない宛先"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tasks")
    kind = models.CharField("種類", max_length=12, choices=Kind, default=Kind.BAD_ADDRESS)
    channel = models.CharField("方法", max_length=5, choices=Channel, default=Channel.EMAIL)
    address = models.CharField("宛先", max_length=300)
    reason = models.CharField("理由", max_length=300)
    suspends = models.BooleanField(default=False)
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, related_name="+")
    message_key = models.UUIDField(null=True, blank=True)
    raised_at = models.DateTimeField("見つけた日時", default=timezone.now)
    closed_at = models.DateTimeField("済んだ日時", null=True, blank=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField("どうしたか", max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "organisation", "kind", "channel", Lower("address"), condition=Q(closed_at=None), name="task_open_once"
            ),
        ]
        indexes = [models.Index(fields=["message_key"], name="task_by_message")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organisation} {self.address}"
