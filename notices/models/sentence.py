"""定型文: what the association writes in place of the site's own usual sentences."""

from django.db import models
from django.utils import timezone

from members.models import Account


class Sentence(models.Model):
    """One usual sentence as the association wrote it. There is a row only where it is not the site's own."""

    key = models.CharField("定型文", max_length=40, unique=True)
    text = models.TextField("文", blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
