"""決裁: the request that a draft may go out, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Account, Capacity
from notices.models.file import StoredFile
from notices.models.notice import Notice


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> "ApprovalQuerySet":
        """Those that nobody has decided on, the oldest first."""
        return self.filter(state=Approval.State.ASKED).order_by("asked_at", "pk")

    def standing(self) -> "ApprovalQuerySet":
        """Those by which a draft stands fast: asked for, or given."""
        return self.filter(state__in=Approval.STANDING)


class Approval(models.Model):
    """One request for one draft, kept as long as that: it goes with a draft that is discarded, as the history tells.

    A paper decision has its day, its names and a scan.

    `fingerprint` is that of the draft when it was asked for; once approved, of the letter with its number and date.
    `version` is the same in words, for people to compare. `day` is the letter's date (発出日): the one asked for, then
    the one fixed; `dates_letter` tells that the letter has it from here, so that it goes when the approval is undone.
    """

    class State(models.TextChoices):
        ASKED = "asked", "決裁待ち"
        APPROVED = "approved", "決裁済"
        RETURNED = "returned", "差し戻し"
        TAKEN_BACK = "taken_back", "取り下げ"
        LAPSED = "lapsed", "直すため取り消し"

    STANDING = (State.ASKED, State.APPROVED)

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="approvals")
    state = models.CharField("状態", max_length=10, choices=State, default=State.ASKED)
    fingerprint = models.CharField("照合値", max_length=64)
    version = models.JSONField("内容", default=dict)
    day = models.DateField("発出日")
    dates_letter = models.BooleanField(default=False)
    gist = models.TextField("要旨", blank=True)
    asked_at = models.DateTimeField("依頼日時", default=timezone.now)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_as = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("決裁日時", null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    decided_as = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField("差し戻しの理由", blank=True)
    ended_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    paper_on = models.DateField("紙の決裁日", null=True, blank=True)
    paper_by = models.CharField("紙で決裁した人", max_length=200, blank=True)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(state__in=["asked", "approved"]), name="approval_one_stands_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "taken_back"], decided_at=None, decided_by=None)
                | Q(state__in=["approved", "returned", "lapsed"], decided_at__isnull=False, decided_by__isnull=False),
                name="approval_decided_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(state="returned") & ~Q(remark="")) | (~Q(state="returned") & Q(remark="")),
                name="approval_returned_with_remark",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken_back", "lapsed"], ended_at__isnull=False, ended_by__isnull=False)
                | Q(state__in=["asked", "approved", "returned"], ended_at=None, ended_by=None),
                name="approval_ended_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(paper_on=None, paper_by="", scan=None)
                | (Q(state__in=["approved", "lapsed"], paper_on__isnull=False, scan__isnull=False) & ~Q(paper_by="")),
                name="approval_on_paper_with_day_names_and_scan",
            ),
        ]

    def __str__(self) -> str:
        return f"決裁 {self.notice_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_given(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def stands(self) -> bool:
        """Whether the draft stands fast because of it."""
        return self.state in self.STANDING

    @property
    def on_paper(self) -> bool:
        return self.paper_on is not None

    @property
    def drafters(self) -> set[int | None]:
        """The accounts of who drafted it, and of who asked."""
        return {self.notice.drafted_by_id, self.asked_by_id}

    def earlier(self) -> ApprovalQuerySet:
        """The requests before it for the same draft, the latest first."""
        before = Approval.objects.filter(notice=self.notice_id, pk__lt=self.pk)
        return before.select_related("asked_by", "decided_by", "ended_by").order_by("-pk")
