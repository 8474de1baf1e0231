"""配信: one message to one address over one channel. The row is the promise; the outbox works it off."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now, TruncDate

from members import access
from members.models import Capacity
from members.models.organisation import Channel
from notices.models.receipt import Receipt
from notices.models.release import Release
from notices.models.reminder import Reminder, may_be_sent

# What one mail carries beside others: it goes out with the delivery that leads it.
CARRIED = Q(gathered_in__isnull=False) & ~Q(gathered_in=F("pk"))
# What waits to be gathered into one mail. A message after another, as a fallback is, goes by itself.
TO_GATHER = Q(state="waiting", purpose="notice", channel="email", after=None, gathered_in=None)
# What somebody waits for: it goes out by itself, whatever becomes of the other messages of its release.
AWAITED = ("again", "answer")
# What is no part of making the notice known, and does not end with that.
BY_THEMSELVES = ("reminder", "answer")
# The day in Tokyo, by the database's clock.
TODAY = TruncDate(Now())
IN_FLIGHT = Q(state="sending", leased_until__gte=Now())


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, capacity: Capacity | None) -> "DeliveryQuerySet":
        """Messages and their addresses are for the association's staff."""
        return self if access.is_staff(capacity) else self.none()

    def unfinished(self) -> "DeliveryQuerySet":
        # Not IN: each of the two has an index of its own.
        return self.filter(Q(state=Delivery.State.WAITING) | Q(state=Delivery.State.SENDING))

    def in_flight(self) -> "DeliveryQuerySet":
        """In the hands of a worker at work: one of them may be before the server at this moment."""
        return self.filter(IN_FLIGHT)

    def at_rest(self) -> "DeliveryQuerySet":
        """Unfinished, and in no worker's hands."""
        return self.unfinished().exclude(IN_FLIGHT)

    def abandoned(self) -> "DeliveryQuerySet":
        """Taken by a worker whose lease has run out, by the database's clock."""
        return self.filter(state=Delivery.State.SENDING, leased_until__lt=Now())

    def offered(self) -> "DeliveryQuerySet":
        """What may go out: a release's messages while it is being sent, and what a person waits for.

        Of a notice that was corrected or withdrawn nothing is had again; what was asked about it is answered.
        """
        asked_for = Q(release__superseded_by=None, purpose=Delivery.Purpose.AGAIN)
        return self.filter(Q(release__state="sending") | asked_for | Q(purpose=Delivery.Purpose.ANSWER))

    def ready(self) -> "DeliveryQuerySet":
        """Waiting until now, by the database's clock, and for no other message; of a gathered mail what leads it."""
        # A subquery a row: a join would have PostgreSQL sort all that waits to find the first.
        first = Delivery.objects.filter(pk=OuterRef("after")).order_by()
        waiting = self.filter(state=Delivery.State.WAITING, due_at__lte=Now())
        waiting = waiting.alias(after_state=Subquery(first.values("state")[:1]))
        waiting = waiting.filter(Q(gathered_in=None) | Q(gathered_in=F("pk")))
        return waiting.filter(Q(after=None) | ~Q(after_state__in=[Delivery.State.WAITING, Delivery.State.SENDING]))

    def reminding(self) -> "DeliveryQuerySet":
        """The reminders that may go out today: written for this day, with something to say.

        Of what they name, each release counts by its own state, not that of the one to which they belong alone.
        """
        return self.filter(may_be_sent(), purpose=Delivery.Purpose.REMINDER, reminder__day=TODAY)


# The order in which deliveries are worked off.
ORDER = ("purpose", "due_at", "id")


class Delivery(models.Model):
    """`address` and `message_key` (the left part of the Message-ID) are fixed when the row is made.

    `attempt` rises with every claim and fences a worker off whose lease has run out. `claim` names what one worker took
    at once and works off in the order of `ORDER`: of what it leaves behind, the first may have been sent and is
    `unsure`; it is sent again with the same Message-ID. `deferrals` counts how often the message was put off, which is
    how the next wait is found, and `crashes` how often a worker ended over it. `after` is a message that has to end
    before this one begins: a correction waits for what it corrects. `reply` is what the server said, as it said it.

    `gathered_in` is the delivery whose mail carries this one, and itself where it leads such a mail: all that hang on
    one are claimed, sent, put off, refused and come back as that one, under its Message-ID. `carried` are those others,
    where the mail was claimed or is shown.
    """

    carried: Sequence["Delivery"] = ()

    class Purpose(models.TextChoices):
        NOTICE = "notice", "通知"
        REPEAT = "repeat", "再送"
        AGAIN = "again", "個人用URLの再送"
        ANSWER = "answer", "相談への回答"
        REMINDER = "reminder", "再通知"

    class State(models.TextChoices):
        WAITING = "waiting", "送信待ち"
        SENDING = "sending", "送信中"
        SENT = "sent", "送信済"
        OTHER = "other", "別経路"
        FAILED = "failed", "不達"
        STOPPED = "stopped", "中止"

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="deliveries")
    release = models.ForeignKey(
        Release, models.PROTECT, related_name="deliveries", db_index=False, help_text="The receipt's; fixed with it."
    )
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.NOTICE)
    reminder = models.ForeignKey(
        Reminder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        help_text="What a message reminds of; its receipt is the most urgent of these.",
    )
    channel = models.CharField("方法", max_length=5, choices=Channel)
    address = models.CharField("宛先", max_length=300)
    message_key = models.UUIDField(unique=True, default=uuid.uuid4)
    state = models.CharField("状態", max_length=7, choices=State, default=State.WAITING)
    unsure = models.BooleanField(default=False)
    attempt = models.PositiveIntegerField(default=0)
    deferrals = models.PositiveSmallIntegerField("再送の回数", default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    gathered_in = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField("次の送信", db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    settled_at = models.DateTimeField("結果の日時", null=True, blank=True)
    bounced_at = models.DateTimeField("戻った日時", null=True, blank=True)
    outcome = models.CharField("結果", max_length=300, blank=True)
    reply = models.CharField("サーバーの答え", max_length=300, blank=True)

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
            models.UniqueConstraint(
                fields=["receipt", "channel", "address"],
                condition=Q(purpose="repeat", state__in=["waiting", "sending"]),
                name="delivery_repeated_once_at_a_time",
            ),
            models.UniqueConstraint(
                # It says that there are answers, not which: one that is on its way says it of all.
                fields=["receipt", "channel", "address"],
                condition=Q(purpose="answer", state__in=["waiting", "sending"]),
                name="delivery_answers_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["reminder", "channel", "address"],
                condition=Q(purpose="reminder"),
                name="delivery_reminds_an_address_once",
            ),
            models.CheckConstraint(
                # By hand nobody is reminded: what would go by post is a list for staff.
                condition=(~Q(purpose="reminder") & Q(reminder=None))
                | (Q(purpose="reminder", reminder__isnull=False) & ~Q(state="other")),
                name="delivery_reminds_of_something",
            ),
            models.CheckConstraint(
                condition=Q(gathered_in=None) | Q(purpose="notice", channel="email"),
                name="delivery_gathers_mails_of_notices",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", leased_until__isnull=False, claim__isnull=False)
                | (~Q(state="sending") & Q(leased_until=None, claim=None)),
                name="delivery_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "failed", "stopped"]) | Q(settled_at__isnull=False),
                name="delivery_settled_when",
            ),
        ]
        indexes = [
            models.Index(fields=["release", *ORDER], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["due_at"], condition=Q(state="waiting", purpose__in=AWAITED), name="delivery_awaited"),
            models.Index(
                fields=["due_at"], condition=Q(state="waiting", purpose="reminder"), name="delivery_reminding"
            ),
            models.Index(fields=["release"], condition=Q(state="other", settled_at=None), name="delivery_on_paper"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["gathered_in"], condition=Q(gathered_in__isnull=False), name="delivery_gathered"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.address}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The release is the receipt's. Bulk writers set it themselves."""
        if self.release_id is None:
            self.release_id = self.receipt.release_id
        super().save(*args, **kwargs)

    @property
    def mail(self) -> list["Delivery"]:
        """All that goes out in its mail: itself and what that carries."""
        return [self, *self.carried]
