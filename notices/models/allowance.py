"""How many messages may still go out in a minute, to everybody or to one domain."""

from django.db import models


class Allowance(models.Model):
    """What workers have taken of one minute; kept only where a rate is set. `domain` is empty for all together."""

    domain = models.CharField(max_length=255, blank=True)
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "minute"], name="allowance_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.domain or '*'} {self.minute:%H:%M} {self.taken}"
