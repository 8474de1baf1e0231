"""名簿の確認: what the roster needs somebody to find out, what the district answers, and what became of it."""

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from members.models.account import Account, Capacity
from members.models.officer import Office, Officer
from members.models.organisation import Channel, Mailbox, Organisation

CLOSED = Q(closed_at__isnull=False)
ANSWERED = Q(closed_at=None, proposed_at__isnull=False, returned_at=None)
RETURNED = Q(closed_at=None, returned_at__isnull=False)
WAITING = Q(closed_at=None, proposed_at=None)


class TaskQuerySet(models.QuerySet["Task"]):
    def still_open(self) -> "TaskQuerySet":
        return self.filter(closed_at=None)

    def for_staff(self) -> "TaskQuerySet":
        """Open, and answered: staff decide."""
        return self.filter(ANSWERED)

    def for_district(self) -> "TaskQuerySet":
        """Open, and not answered, or sent back: the district finds out."""
        return self.filter(WAITING | RETURNED)

    def with_turn(self) -> "TaskQuerySet":
        """Each with `turn`: 0 where staff decide, 1 where nobody has answered, 2 where the answer was sent back."""
        whens = [When(CLOSED, then=Value(3)), When(ANSWERED, then=Value(0)), When(RETURNED, then=Value(2))]
        return self.annotate(turn=Case(*whens, default=Value(1), output_field=models.SmallIntegerField()))


class Task(models.Model):
    """One thing to be found out about the roster, open until it is settled; at most one open task a place.

    The place is an address that does not work, a pharmacy that may have closed, an office without a holder, or a
    pharmacy's registration of which it tells itself that it has changed.
    `reason` is in plain words. A bad address stands in the roster with `mailbox`, with `officer` (a chair's own) or, as
    a FAX number, with the organisation; `suspends` tells that the mailbox was taken out of use until the task is
    closed, `message_key` names the message over which it was found.

    What the district answers is a proposal (回答) until staff approve it: `says` what it is about, `value` the address
    or the name, `value_on` the day. `proposed_by` is who answered, in which capacity; `returned_reason` why staff sent
    the answer back. `answer` tells how the task was closed.
    """

    class Kind(models.TextChoices):
        BAD_ADDRESS = "bad_address", "届かない宛先"
        CLOSED = "closed", "閉局・退会の知らせ"
        VACANT = "vacant", "役職の不在"
        CHANGED = "changed", "登録の変更の知らせ"

    class Says(models.TextChoices):
        ADDRESS = "address", "新しい宛先"
        HOLDER = "holder", "新しい人"
        CLOSED = "closed", "閉局・退会した"
        OPEN = "open", "閉局していない"
        CHANGED = "changed", "登録が変わった"
        UNKNOWN = "unknown", "分からない"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tasks")
    kind = models.CharField("種類", max_length=12, choices=Kind, default=Kind.BAD_ADDRESS)
    channel = models.CharField("方法", max_length=5, choices=Channel, blank=True)
    address = models.CharField("宛先", max_length=300, blank=True)
    office = models.CharField("役職", max_length=12, choices=Office, blank=True)
    reason = models.CharField("理由", max_length=300)
    suspends = models.BooleanField(default=False)
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, related_name="+")
    message_key = models.UUIDField(null=True, blank=True)
    raised_at = models.DateTimeField("見つけた日時", default=timezone.now)
    says = models.CharField("回答", max_length=8, choices=Says, blank=True)
    value = models.CharField("新しい内容", max_length=300, blank=True)
    value_email = models.CharField("メールアドレス", max_length=254, blank=True)
    value_on = models.DateField("日付", null=True, blank=True)
    remark = models.CharField("メモ", max_length=300, blank=True)
    proposed_at = models.DateTimeField("回答の日時", null=True, blank=True)
    proposed_by = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField("差し戻しの日時", null=True, blank=True)
    returned_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    returned_reason = models.CharField("差し戻しの理由", max_length=300, blank=True)
    closed_at = models.DateTimeField("済んだ日時", null=True, blank=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField("どうしたか", max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                *("organisation", "kind", "channel", Lower("address"), "office"),
                condition=Q(closed_at=None),
                name="task_open_once",
            ),
            models.CheckConstraint(
                condition=(Q(kind="bad_address", office="") & ~Q(channel="") & ~Q(address=""))
                | Q(kind__in=["closed", "changed"], channel="", address="", office="")
                | (Q(kind="vacant", channel="", address="") & ~Q(office="")),
                name="task_place_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None, proposed_by=None, says="")
                | (Q(proposed_at__isnull=False, proposed_by__isnull=False) & ~Q(says="")),
                name="task_proposal_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None, returned_reason="")
                | (
                    Q(returned_at__isnull=False, returned_by__isnull=False, proposed_at__isnull=False)
                    & ~Q(returned_reason="")
                ),
                name="task_returned_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["message_key"], name="task_by_message")]

    def __str__(self) -> str:
        return f"{self.title} {self.organisation} {self.address}".rstrip()

    @property
    def title(self) -> str:
        """What is to be found out, in the words of the screen."""
        if self.kind == self.Kind.VACANT:
            return f"{self.get_office_display()}の不在"
        return self.get_kind_display()

    @property
    def is_planned(self) -> bool:
        """Whether the pharmacy is to close on a day that has not come."""
        return self.says == self.Says.CLOSED and self.value_on is not None and self.value_on > timezone.localdate()

    @property
    def state(self) -> str:
        """closed, answered (staff decide), returned (sent back to the district) or waiting (for an answer)."""
        if self.closed_at:
            return "closed"
        if self.returned_at:
            return "returned"
        return "answered" if self.proposed_at else "waiting"
