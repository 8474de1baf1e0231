"""Whence an event came: apart from the history, since it is emptied."""

from django.db import models
from django.utils import timezone

from members.models.event import Event


class Trace(models.Model):
    """IP address and user agent of the request in which an event was recorded; kept for TRACE_DAYS."""

    LONGEST_AGENT = 300

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="trace")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=LONGEST_AGENT, blank=True)

    def __str__(self) -> str:
        return f"{self.address} {self.user_agent}"
