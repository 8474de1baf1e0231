"""Offices and who holds them, by term."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from members.models.organisation import Organisation


class Office(models.TextChoices):
    CHAIR = "chair", "会長"
    EXECUTIVE = "executive", "常務理事"
    SECRETARIAT = "secretariat", "事務局"
    MANAGER = "manager", "管理薬剤師"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def holding(self, on: dt.date) -> "OfficerQuerySet":
        """Those in office on that day."""
        return self.filter(Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gte=on))


class Officer(models.Model):
    """A person in an office of an organisation for a term. The person's name is kept to the byte."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="officers")
    office = models.CharField("役職", max_length=12, choices=Office)
    name = models.CharField("氏名", max_length=100)
    email = models.EmailField("メールアドレス", max_length=254, blank=True)
    since = models.DateField("就任", null=True, blank=True)
    until = models.DateField("退任", null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = ["office", "-since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="officer_term_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.name}"
