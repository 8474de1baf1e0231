"""Seals over the history, and their way to the administrators."""

from django.db import models
from django.utils import timezone

from members.models.account import Account


class Seal(models.Model):
    """封: a hash over the events of a day and the seal before. The database refuses UPDATE and DELETE, as for events.

    It covers the events from `first_id` to `last_id`, the first seal everything below, too. `fingerprints` tell
    which event was changed where the digest does not fit any more; they prove nothing (members.seals.digests).
    """

    number = models.PositiveIntegerField(primary_key=True)
    day = models.DateField(unique=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    fingerprints = models.BinaryField()
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        """As it is mailed and given to `manage.py verifyhistory --seal`."""
        return f"{self.number}-{self.digest}"


class SealMail(models.Model):
    """One seal on its way to one administrator: `tried_at` last, `mailed_at` once the mail server took it."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="mails")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["seal", "id"]
        constraints = [models.UniqueConstraint(fields=["seal", "account"], name="seal_mailed_once")]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.account}"
