"""配信: one message to one address over one channel. The row is the promise; the outbox works it off."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from members import access
from members.models import Capacity
from members.models.organisation import Channel
from notices.models.receipt import Receipt


def new_message_id() -> str:
    return uuid.uuid4().hex


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, capacity: Capacity | None) -> "DeliveryQuerySet":
        """Messages and their addresses are for the association's staff."""
        return self if access.is_staff(capacity) else self.none()

    def unfinished(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])

    def abandoned(self) -> "DeliveryQuerySet":
        """Taken by a worker whose lease has run out, by the database's clock."""
        return self.unfinished().filter(state=Delivery.State.SENDING, leased_until__lt=Now())

    def offered(self) -> "DeliveryQuerySet":
        """What may go out: a release's messages while it is being sent, and whatever a person asked to have again."""
        return self.filter(Q(receipt__release__state="sending") | Q(purpose=Delivery.Purpose.AGAIN))

    def due(self) -> "DeliveryQuerySet":
        """Offered and waiting until now, by the database's clock, or abandoned by a worker."""
        now = Now()
        return (
            self.unfinished()
            .filter(
                Q(state=Delivery.State.WAITING, due_at__lte=now) | Q(state=Delivery.State.SENDING, leased_until__lt=now)
            )
            .offered()
        )


class Delivery(models.Model):
    """`address` and `message_key` (the left part of the Message-ID) are fixed when the row is made.

    `attempt` rises with every claim and fences a worker off whose lease has run out. `deferrals` counts how often the
    message was put off, which is how the next wait is found. `unsure` is a message whose outcome nobody knows: it is
    sent again with the same Message-ID.
    """

    class Purpose(models.TextChoices):
        NOTICE = "notice", "通知"
        AGAIN = "again", "個人用URLの再送"

    class State(models.TextChoices):
        WAITING = "waiting", "送信待ち"
        SENDING = "sending", "送信中"
        SENT = "sent", "送信済"
        OTHER = "other", "別経路"
        FAILED = "failed", "不達"
        STOPPED = "stopped", "中止"

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="deliveries")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.NOTICE)
    channel = models.CharField("方法", max_length=5, choices=Channel)
    address = models.CharField("宛先", max_length=300)
    message_key = models.CharField(max_length=32, unique=True, default=new_message_id)
    state = models.CharField("状態", max_length=7, choices=State, default=State.WAITING)
    unsure = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    deferrals = models.PositiveSmallIntegerField("再送の回数", default=0)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField("次の送信", default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField("結果の日時", null=True, blank=True)
    outcome = models.CharField("結果", max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "channel", "address"],
                condition=Q(purpose="notice"),
                name="delivery_once_per_address",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", leased_until__isnull=False) | (~Q(state="sending") & Q(leased_until=None)),
                name="delivery_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "failed", "stopped"]) | Q(settled_at__isnull=False),
                name="delivery_settled_when",
            ),
        ]
        indexes = [
            # What a person waits for (again) goes before what an office sends (notice).
            models.Index(
                fields=["purpose", "due_at", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_unfinished",
            ),
            models.Index(fields=["receipt", "state"], name="delivery_of_receipt"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.address}"
