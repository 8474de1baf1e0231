"""名簿の取込: a file of the roster that was read, and what its application changed."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.account import Account, Capacity
from members.models.organisation import Organisation


class RosterHeading(models.Model):
    """What a person said that a column with this heading holds; `field` is empty where it holds nothing for us."""

    heading = models.CharField(max_length=200, unique=True, help_text="Folded as search keys are.")
    field = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.heading} → {self.field or '–'}"


class RosterLoadQuerySet(models.QuerySet["RosterLoad"]):
    def asking(self) -> "RosterLoadQuerySet":
        """Those that one person agreed to and that wait for a second one, the longest waiting first."""
        waiting = self.filter(state=RosterLoad.State.WAITING).exclude(asked_by=None)
        return waiting.select_related("asked_by").order_by("made_at", "pk")


class RosterLoad(models.Model):
    """One file of the roster: read and compared as often as it is looked at, applied at most once, as a whole.

    `columns` says what each column holds (its place from 0 → field), `removal` which pharmacies leave because the
    file lacks them. `digest` is that of the preview that was agreed to; `asked_by` agreed to a removal that needs a
    second person.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "確認待ち"
        APPLIED = "applied", "取込済み"
        UNDONE = "undone", "元に戻した"
        DISCARDED = "discarded", "取りやめ"

    class Removal(models.TextChoices):
        NONE = "none", "退会にしない"
        DISTRICTS = "districts", "ファイルにある地区の薬局だけ、退会にする"
        ALL = "all", "すべて退会にする"

    state = models.CharField("状態", max_length=9, choices=State, default=State.WAITING)
    name = models.CharField("ファイル", max_length=300)
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to="rosters/%Y", max_length=200)
    columns = models.JSONField(default=dict)
    columns_agreed = models.BooleanField(default=False)
    removal = models.CharField("ファイルにない薬局", max_length=9, choices=Removal, default=Removal.NONE)
    clears = models.BooleanField("空欄は消す", default=False)
    made_at = models.DateTimeField("読み込み", default=timezone.now)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    capacity = models.ForeignKey(Capacity, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("取り込み", null=True, blank=True)
    applied_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField("元に戻した日時", null=True, blank=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RosterLoadQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "discarded"], applied_at=None, applied_by=None)
                | Q(state__in=["applied", "undone"], applied_at__isnull=False, applied_by__isnull=False),
                name="load_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state="undone") & Q(undone_at=None, undone_by=None)),
                name="load_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(applied_by=None) | Q(asked_by=None) | ~Q(applied_by=models.F("asked_by")),
                name="load_second_person_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def state_label(self) -> str:
        """The state in the words of the screen: a load may wait for a second person."""
        waits = self.state == self.State.WAITING and self.asked_by_id is not None
        return "もう1人の確認待ち" if waits else self.get_state_display()


class RosterChange(models.Model):
    """What one load did to one pharmacy: the values that it changed, as they were before and after.

    `organisation` is empty once the addition was undone. Fields are those of the import. `beside` is what these
    values do not tell and undoing needs: the `terms` of the managers in office, and which addresses were `unusable`.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "追加"
        CHANGED = "changed", "変更"
        MOVED = "moved", "地区の移動"
        RETURNED = "returned", "再入会"
        LEFT = "left", "退会"

    load = models.ForeignKey(RosterLoad, models.CASCADE, related_name="changes", db_index=False)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="roster_changes")
    kind = models.CharField(max_length=8, choices=Kind)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    beside = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["load", "organisation"], name="change_once_per_load"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organisation_id}"
