"""発出: the publication of one notice, with what it asks, of whom, and until when."""

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from members import access
from members.models import Account, Capacity, Organisation, Tag
from notices.models.approval import Approval
from notices.models.file import StoredFile
from notices.models.notice import Notice

# No day is counted from later ones, which are mistyped.
END = dt.date.max - dt.timedelta(days=366)
# No letter is dated, and no answer awaited, later than so many days from today: a mistyped year is.
FARTHEST = dt.timedelta(days=2 * 366)
# The days before a deadline from which it is pressing.
PRESSING_DAYS = 3
# Who is asked without a deadline has answered by then, or was reminded for the last time, as is usual.
TIME_TO_ANSWER = dt.timedelta(days=21)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, capacity: Capacity | None) -> "ReleaseQuerySet":
        """How a release goes out is for the association's staff, that of a district's own letter for the district too.

        Its notice is what others see of it.
        """
        if access.is_staff(capacity):
            return self
        return self.filter(passed_on_by=capacity.organisation_id) if access.is_chair(capacity) else self.none()

    def own(self) -> "ReleaseQuerySet":
        """The association's, without the letters by which districts pass them on."""
        return self.filter(passes_on=None)

    def repeating(self) -> "ReleaseQuerySet":
        """Those that are answered in the place of an earlier one, as long as they count and go out."""
        return self.filter(repeats__isnull=False, superseded_by=None).exclude(state=Release.State.STOPPED)

    def asking(self) -> "ReleaseQuerySet":
        """Those whose recipients are urged: neither superseded nor made known again to whoever had not answered."""
        again = Release.objects.repeating().filter(repeats=OuterRef("pk"), scope=Release.Scope.OPEN)
        return self.filter(~Exists(again.order_by()), superseded_by=None)

    def whole(self, *releases: "Release | int") -> "ReleaseQuerySet":
        """These releases, and the districts' letters that pass them on."""
        keys = [getattr(release, "pk", release) for release in releases]
        return self.filter(Q(pk__in=keys) | Q(passes_on__in=keys))

    def released(self) -> "ReleaseQuerySet":
        return self.exclude(state=Release.State.PREPARED)

    def scheduled(self) -> "ReleaseQuerySet":
        """Those that release themselves, the next first."""
        return self.filter(scheduled_at__isnull=False).order_by("scheduled_at", "pk")

    def due(self) -> "ReleaseQuerySet":
        """Those whose time has come, by the database's clock."""
        return self.scheduled().filter(scheduled_at__lte=Now())


class Release(models.Model):
    """One a notice. While `prepared` it is the plan that staff edit; released, its letter and recipients are fixed."""

    class Ask(models.TextChoices):
        INFORM = "inform", "お知らせ"
        CONFIRM = "confirm", "確認"
        SET_UP = "set_up", "確認＋設定"

    class Scope(models.TextChoices):
        ALL = "all", "会員薬局すべて"
        DISTRICTS = "districts", "地区を選ぶ"
        TAGS = "tags", "区分で選ぶ"
        OPEN = "open", "前の通知がまだの薬局"

    class State(models.TextChoices):
        PREPARED = "prepared", "準備中"
        SENDING = "sending", "発出中"
        PAUSED = "paused", "一時停止"
        STOPPED = "stopped", "中止"
        SENT = "sent", "発出済"

    class Gathers(models.TextChoices):
        NOW = "now", "すぐ送る"
        DAILY = "daily", "1日1通にまとめる"
        WEEKLY = "weekly", "1週1通にまとめる"

    class Unapproved(models.TextChoices):
        BEFORE = "before", "決裁を記録する前の発出"
        DISTRICT = "district", "地区が会員に送った文書"

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="release")
    state = models.CharField("状態", max_length=8, choices=State, default=State.PREPARED)
    ask = models.CharField("お願いの種類", max_length=8, choices=Ask, default=Ask.CONFIRM)
    gathers = models.CharField(
        "送り方",
        max_length=6,
        choices=Gathers,
        default=Gathers.NOW,
        help_text="Whether its mails wait for the others of the day or the week; only an お知らせ may.",
    )
    who = models.CharField("誰が", max_length=100, blank=True)
    what = models.CharField("何を", max_length=200, blank=True)
    deadline = models.DateField("期限", null=True, blank=True, help_text="Ends at the end of that day in Tokyo.")
    covering_chairs = models.TextField("地区会長への添え書き", blank=True)
    covering_pharmacies = models.TextField("薬局への添え書き", blank=True)
    scope = models.CharField("宛先", max_length=10, choices=Scope, default=Scope.ALL)
    districts = models.ManyToManyField(Organisation, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    through_districts = models.BooleanField(
        "地区を通して届ける",
        default=False,
        help_text="Its recipients are the districts alone, each of which passes it on by a letter of its own.",
    )
    passes_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="passed_on", help_text="The association's release."
    )
    passed_on_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="発出した地区"
    )
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The correction or withdrawal that went out next; of a district's letter that of what it passes on.",
    )
    repeats = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of a 再周知: the release in whose place its recipients answer, which asks no more than this one.",
    )
    is_repeated = models.BooleanField(
        "再周知された",
        db_default=False,
        help_text="Some of its receipts go on in those of a 再周知; of another release no answer has to ask whether.",
    )
    is_correction = models.BooleanField(
        "訂正として発出",
        db_default=False,
        help_text="It went out as a correction; of another release no answer has to ask what was answered before it.",
    )
    help_to_district = models.BooleanField("困っていることを地区にも知らせる", default=True)
    letter = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField("発出日時", null=True, blank=True)
    released_on = models.DateField("発出日", null=True, blank=True)
    released_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    paused_reason = models.CharField("一時停止の理由", max_length=200, blank=True)
    paused_reply = models.CharField(
        max_length=300, blank=True, help_text="The answer that several addresses got in a row."
    )
    blamed_reply = models.CharField(
        max_length=300, blank=True, help_text="An answer that staff blame on the addresses, however often it comes."
    )
    attach_letter = models.BooleanField("公文書（PDF）をメールに付ける", default=False)
    changed = models.TextField("変わったところ", blank=True, help_text="For those who have the corrected notice.")
    approval = models.OneToOneField(
        Approval, models.PROTECT, null=True, blank=True, related_name="release", help_text="By which it went out."
    )
    unapproved = models.CharField("決裁の記録がない理由", max_length=8, choices=Unapproved, blank=True)
    scheduled_at = models.DateTimeField("発出の予約", null=True, blank=True)
    scheduled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    scheduled_as = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+")
    schedule_failed = models.CharField("予約どおりに発出できなかった理由", max_length=300, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at", "-id"]
        indexes = [
            models.Index(fields=["scheduled_at"], condition=Q(scheduled_at__isnull=False), name="release_scheduled"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared", released_at=None, released_on=None, released_by=None, letter=None)
                | (
                    ~Q(state="prepared")
                    & Q(released_at__isnull=False, released_on__isnull=False, letter__isnull=False)
                    & (Q(released_by__isnull=False) | ~Q(unapproved=""))
                ),
                name="release_fixed_once_released",
            ),
            models.CheckConstraint(
                condition=Q(state="prepared") | Q(approval__isnull=False) | ~Q(unapproved=""),
                name="release_approved_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(approval=None) | Q(unapproved=""), name="release_approved_has_no_reason_why_not"
            ),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(released_on=None) | Q(deadline__gte=F("released_on")),
                name="release_deadline_not_before_release",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(state="prepared"), name="release_superseded_once_released"
            ),
            models.UniqueConstraint(fields=["passes_on", "passed_on_by"], name="release_passed_on_once_by_a_district"),
            models.CheckConstraint(
                condition=(Q(passes_on=None, passed_on_by=None) & ~Q(unapproved="district"))
                | Q(
                    passes_on__isnull=False,
                    passed_on_by__isnull=False,
                    through_districts=False,
                    approval=None,
                    unapproved="district",
                ),
                name="release_passed_on_by_a_district",
            ),
            models.CheckConstraint(condition=~Q(ask="inform") | Q(deadline=None), name="release_inform_no_deadline"),
            models.CheckConstraint(
                condition=Q(gathers="now") | Q(ask="inform"), name="release_gathers_what_asks_nothing"
            ),
            models.CheckConstraint(
                condition=Q(scheduled_at=None)
                | Q(state="prepared", scheduled_by__isnull=False, scheduled_as__isnull=False),
                name="release_scheduled_while_prepared",
            ),
        ]

    def __str__(self) -> str:
        return f"発出 {self.notice_id}"

    @property
    def counted_from(self) -> dt.date:
        """The day from which the days of its reminders count: its deadline, else its release; for a draft today.

        A district's letter without a deadline has that of the release that it passes on.
        """
        deadline = self.deadline or (self.passes_on.deadline if self.passes_on_id else None)
        return min(deadline or self.released_on or timezone.localdate(), END)

    def is_over(self, day: dt.date) -> bool:
        """Whether everybody has had the time to answer by that day: its deadline is past, or so many days without one.

        Only of such notices a rate says how well they were answered.
        """
        return (self.deadline or self.released_on + TIME_TO_ANSWER) < day

    def is_pressing(self, day: dt.date) -> bool:
        """Whether its deadline is near on that day, or past."""
        return self.deadline is not None and (self.deadline - day).days <= PRESSING_DAYS

    @property
    def on_paper(self) -> list[StoredFile]:
        """The letters that go with a sheet of paper: its own and, behind a district's, the association's within it.

        Whoever gets paper may have nothing to read the QR code with.
        """
        enclosed = self.passes_on.letter if self.passes_on_id else None
        return [letter for letter in (self.letter, enclosed) if letter]

    @property
    def is_bound(self) -> bool:
        """Whether the letter, bound with its enclosures, is there to be opened."""
        return hasattr(self, "bound") and self.bound.file_id is not None

    @property
    def is_superseded(self) -> bool:
        """Whether a correction or a withdrawal stands in its place; `succession` tells which."""
        return self.superseded_by_id is not None

    @property
    def asks_confirmation(self) -> bool:
        return self.ask != self.Ask.INFORM

    @property
    def is_gathered(self) -> bool:
        """Whether its mails wait for the others of the day or the week."""
        return self.gathers != self.Gathers.NOW

    @property
    def asks_set_up(self) -> bool:
        return self.ask == self.Ask.SET_UP
