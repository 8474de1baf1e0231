"""代理: what somebody recorded for a pharmacy that answered by telephone, by FAX or on paper."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Account, Capacity
from notices.models.help_request import HelpRequest
from notices.models.receipt import ON_BEHALF, Receipt, Via

CHANNELS = {Via.TELEPHONE: "電話", Via.FAX: "FAX", Via.PAPER: "紙"}
# What is written down has a date of its own.
WRITTEN = (Via.FAX, Via.PAPER)


class OnBehalfQuerySet(models.QuerySet["OnBehalf"]):
    def visible_to(self, capacity: Capacity | None) -> "OnBehalfQuerySet":
        """Those about receipts that exist for this capacity."""
        return self.filter(receipt__in=Receipt.objects.visible_to(capacity))

    def standing(self) -> "OnBehalfQuerySet":
        """Those that nobody has undone."""
        return self.filter(undone_at=None)


class OnBehalf(models.Model):
    """One box that a pharmacy ticked, or would have: what it answered, how, and who recorded it in which capacity.

    It knows what it made, so that undoing it takes back that and nothing else: the fact that `what` names or the
    `help_request`, and 確認 too where `confirms`. What the pharmacy had declared before is not made by it.
    `written_on` is the date that the pharmacy wrote on the paper; nothing counts from it.
    """

    class What(models.TextChoices):
        CONFIRMED = "confirmed", "確認"
        FINISHED = "finished", "完了"
        NOT_APPLICABLE = "not_applicable", "対象外"
        HELP = "help", "困っています"

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="on_behalf")
    what = models.CharField("内容", max_length=14, choices=What)
    via = models.CharField("方法", max_length=9, choices=Via)
    person = models.CharField("答えた方", max_length=100)
    remark = models.CharField("備考", max_length=500, blank=True)
    written_on = models.DateField("用紙の日付", null=True, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    capacity = models.ForeignKey(Capacity, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("日時", default=timezone.now)
    confirms = models.BooleanField()
    help_request = models.OneToOneField(HelpRequest, models.PROTECT, null=True, blank=True, related_name="on_behalf")
    undone_at = models.DateTimeField("取り消し", null=True, blank=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects = OnBehalfQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "on behalf"
        indexes = [models.Index(fields=["by", "-at"], name="on_behalf_by")]
        constraints = [
            models.CheckConstraint(condition=Q(via__in=ON_BEHALF), name="on_behalf_via_known"),
            models.CheckConstraint(condition=~Q(person=""), name="on_behalf_answered_by_somebody"),
            models.CheckConstraint(
                condition=Q(written_on=None) | Q(via__in=[via.value for via in WRITTEN]),
                name="on_behalf_dated_on_paper",
            ),
            models.CheckConstraint(
                condition=Q(what="confirmed", confirms=True)
                | Q(what__in=["finished", "not_applicable"])
                | Q(what="help", confirms=False),
                name="on_behalf_made_what",
            ),
            models.CheckConstraint(
                condition=Q(what="help", undone_at=None, help_request__isnull=False)
                | (Q(help_request=None) & (~Q(what="help") | Q(undone_at__isnull=False))),
                name="on_behalf_asks_while_it_stands",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="on_behalf_undone_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(confirms=True, undone_at=None), name="on_behalf_confirms_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.get_what_display()} {self.get_via_display()}"

    @property
    def channel(self) -> str:
        """The way alone, without the word 代理: 電話, FAX or 紙."""
        return CHANNELS[Via(self.via)]
