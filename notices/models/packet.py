"""受領文書: what arrived, as it arrived."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Account
from notices.models.file import StoredFile


class Packet(models.Model):
    """A packet as received, with what was read out of it.

    `reading` is the reader's output in the form of `manage.py readpacket`; `corrected` is the same with what staff
    changed. Both stay, so that it shows who said what. The text is kept as it arrived.
    """

    class State(models.TextChoices):
        DOUBTFUL = "doubtful", "要確認"
        REGISTERED = "registered", "登録済"

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="packet", help_text="One packet per content.")
    receipt_number = models.CharField("収受番号", max_length=20, unique=True)
    received_at = models.DateTimeField("受領日時", default=timezone.now)
    received_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    text = models.TextField("本文")
    reading = models.JSONField()
    corrected = models.JSONField(null=True)
    state = models.CharField("状態", max_length=12, choices=State, default=State.DOUBTFUL)
    registered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="registered", registered_at__isnull=False)
                | Q(state="doubtful", registered_at__isnull=True),
                name="packet_registered_once_registered",
            ),
        ]

    def __str__(self) -> str:
        return f"収受 {self.receipt_number}"

    @property
    def letters(self) -> list[dict]:
        """The letters as corrected, or as read where nobody has corrected them."""
        return (self.corrected or self.reading)["letters"]
