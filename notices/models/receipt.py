"""受領状況: what one organisation has done with one notice."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from members import access
from members.models import Account, Capacity, Organisation
from notices.models.notice import Relation
from notices.models.release import TIME_TO_ANSWER, Release
from notices.models.step import Step


class Audience(models.TextChoices):
    DISTRICT = "district", "地区"
    PHARMACY = "pharmacy", "薬局"


class Reach(models.TextChoices):
    """How far the messages came: the best of the receipt's deliveries, in this order."""

    SENT = "sent", "送信済"
    WAITING = "waiting", "送信待ち"
    OTHER = "other", "別経路"
    FAILED = "failed", "不達"
    STOPPED = "stopped", "中止"


class Turn(models.IntegerChoices):
    """When a recipient's own notice is looked at: what calls one off, is to be read, is under way, then all else."""

    CALLS_OFF = 0
    UNREAD = 1
    UNDER_WAY = 2
    SETTLED = 3


class Via(models.TextChoices):
    """How a fact was declared."""

    SIGNED_IN = "signed_in", "サインイン"
    PERSONAL = "personal", "個人用URL"
    TELEPHONE = "telephone", "代理（電話）"
    FAX = "fax", "代理（FAX）"
    PAPER = "paper", "代理（紙）"


# 代理: somebody else pressed what the recipient said.
ON_BEHALF = (Via.TELEPHONE, Via.FAX, Via.PAPER)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, capacity: Capacity | None) -> "ReceiptQuerySet":
        """Staff see every receipt, a district its own and its pharmacies', a pharmacy its own."""
        if access.is_staff(capacity):
            return self
        if capacity is None:
            return self.none()
        if access.is_chair(capacity):
            return self.filter(district=capacity.organisation_id)
        return self.filter(organisation=capacity.organisation_id)

    def whole(self, *releases: Release | int) -> "ReceiptQuerySet":
        """Those of the releases and of the districts' letters that pass them on: no pharmacy is in two of these."""
        if len(releases) == 1 and isinstance(releases[0], Release) and not releases[0].through_districts:
            return self.filter(release=releases[0])  # nobody passes it on, and an index answers
        return self.filter(release__in=Release.objects.whole(*releases).order_by().values("pk"))

    def pharmacies(self) -> "ReceiptQuerySet":
        return self.filter(audience=Audience.PHARMACY)

    def districts(self) -> "ReceiptQuerySet":
        return self.filter(audience=Audience.DISTRICT)

    def confirmed(self) -> "ReceiptQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> "ReceiptQuerySet":
        return self.filter(confirmed_at=None)

    def unanswered(self) -> "ReceiptQuerySet":
        """Those whose recipients have not done what they are asked."""
        return self.filter(unanswered())

    def current(self) -> "ReceiptQuerySet":
        """Those that take answers: nothing stands in the place of the notice, and no 再周知 asks the same again."""
        return self.filter(current())

    def asked_again(self) -> "ReceiptQuerySet":
        """Those whose recipients have got a 再周知 that asks no less, and answer that one."""
        return self.filter(asked_again())

    def to_do_first(self) -> "ReceiptQuerySet":
        """One recipient's, by their `turn`: what is to be done by deadline, the rest the latest first.

        `withdraws`: it is a 廃止. Nobody answers one, and who has opened it is recorded nowhere: it stands first for as
        long as others have time to be answered.
        """
        withdraws = Relation.objects.filter(source=OuterRef("release__notice"), kind=Relation.Kind.WITHDRAWS)
        fresh = Q(release__released_at__gte=timezone.now() - TIME_TO_ANSWER, confirmed_at=None)
        started = Q(release__ask=Release.Ask.SET_UP, finished_at=None, not_applicable_at=None)
        turn = Case(
            When(current() & fresh & Q(withdraws=True, release__ask=Release.Ask.INFORM), then=Turn.CALLS_OFF),
            When(current() & ~Q(release__ask=Release.Ask.INFORM) & Q(confirmed_at=None), then=Turn.UNREAD),
            When(current() & started, then=Turn.UNDER_WAY),
            default=Turn.SETTLED,
            output_field=models.IntegerField(),
        )
        to_do = [Case(When(turn__lt=Turn.SETTLED, then=f"release__{name}")) for name in ("deadline", "released_at")]
        by_deadline = [each.asc(nulls_last=True) for each in to_do]
        found = self.annotate(withdraws=Exists(withdraws.order_by())).annotate(turn=turn)
        return found.order_by("turn", *by_deadline, "-release__released_at", "-pk")

    def known_all_the_same(self) -> "ReceiptQuerySet":
        """Those that no message reached, and none has to: they have confirmed by another way, or got a 再周知."""
        return self.filter(reach=Reach.FAILED).exclude(to_tell())

    def taking_over(self) -> "ReceiptQuerySet":
        """Those in which receipts of an earlier notice go on, as long as the 再周知 counts and goes out."""
        carrying = self.filter(carried_from__isnull=False, release__superseded_by=None)
        return carrying.exclude(release__state=Release.State.STOPPED)


def unanswered(receipt: str = "") -> Q:
    """A condition for querysets: what is asked is not done. `receipt` leads to the receipt ("receipt__").

    Pharmacies are asked to confirm, or to finish the set-up; districts to confirm, and to pass on what goes through
    them. Whoever has got a 再周知 is asked by that one only.
    """

    def q(**conditions: object) -> Q:
        return Q(**{f"{receipt}{name}": value for name, value in conditions.items()})

    to_set_up = q(release__ask=Release.Ask.SET_UP, finished_at=None, not_applicable_at=None)
    to_confirm = q(release__ask=Release.Ask.CONFIRM, confirmed_at=None)
    to_pass_on = q(release__through_districts=True, finished_at=None)
    left = (q(audience=Audience.PHARMACY) & (to_set_up | to_confirm)) | (
        q(audience=Audience.DISTRICT) & ~q(release__ask=Release.Ask.INFORM) & (q(confirmed_at=None) | to_pass_on)
    )
    return left & ~asked_again(receipt)


def to_tell(receipt: str = "") -> Q:
    """A condition for querysets: whom a message or a call about the notice still has to reach.

    Whoever has confirmed, by whatever way, knows of it; whoever has got a 再周知 hears of that one. `receipt` leads to
    the receipt ("receipt__").
    """
    return Q(**{f"{receipt}confirmed_at": None}) & ~asked_again(receipt)


def current() -> Q:
    """A condition for querysets of receipts: nothing stands in the place of the notice for its recipient."""
    return Q(~asked_again(), release__superseded_by=None)


def asked_again(receipt: str = "") -> Q:
    """A condition for querysets: the recipient has got a 再周知 that asks the same, and answers that one."""
    return Q(Exists(Receipt.objects.taking_over().filter(carried_from=OuterRef(f"{receipt}pk"))))


def declared(fact: str) -> Q:
    """A fact has its time and its way, or neither."""
    return Q(**{f"{fact}_at": None, f"{fact}_via": ""}) | (
        Q(**{f"{fact}_at__isnull": False}) & ~Q(**{f"{fact}_via": ""})
    )


class Receipt(models.Model):
    """One notice × one recipient, with three facts kept apart: reach, confirmed, finished or not applicable.

    `district` is the recipient's district when the notice was released (a district's own is itself), so that
    counts per district never drift with the roster. `address_version` revokes personal addresses when raised.
    """

    # Every index costs at each message that is sent; those below begin with these two as well.
    release = models.ForeignKey(Release, models.PROTECT, related_name="receipts", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="receipts", db_index=False)
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience)

    reach = models.CharField("送信", max_length=7, choices=Reach)
    reach_reason = models.CharField("理由", max_length=200, blank=True)

    confirmed_at = models.DateTimeField("確認", null=True, blank=True)
    confirmed_via = models.CharField(max_length=9, choices=Via, blank=True)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    confirmed_name = models.CharField("確認した人", max_length=100, blank=True)

    finished_at = models.DateTimeField("完了", null=True, blank=True)
    finished_via = models.CharField(max_length=9, choices=Via, blank=True)
    finished_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    not_applicable_at = models.DateTimeField("対象外", null=True, blank=True)
    not_applicable_via = models.CharField(max_length=9, choices=Via, blank=True)
    not_applicable_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    not_applicable_reason = models.CharField("対象外の理由", max_length=200, blank=True)

    device = models.CharField("使う端末", max_length=8, choices=Step.Device, blank=True)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Of a 再周知: the receipt of the earlier notice, in whose place this one is asked.",
    )
    address_version = models.PositiveIntegerField(default=1)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["release", "organisation"], name="receipt_once_per_recipient"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="receipt_reach_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="receipt_audience_known"),
            models.CheckConstraint(
                condition=Q(audience="pharmacy") | Q(organisation=F("district")), name="receipt_district_is_its_own"
            ),
            models.CheckConstraint(condition=declared("confirmed"), name="receipt_confirmed_how"),
            models.CheckConstraint(condition=declared("finished"), name="receipt_finished_how"),
            models.CheckConstraint(condition=declared("not_applicable"), name="receipt_not_applicable_how"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(confirmed_at__isnull=False), name="receipt_finished_implies_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(not_applicable_at=None) | Q(confirmed_at__isnull=False),
                name="receipt_not_applicable_implies_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(not_applicable_at=None), name="receipt_finished_or_not_applicable"
            ),
            models.CheckConstraint(
                condition=Q(not_applicable_at=None, not_applicable_reason="")
                | (Q(not_applicable_at__isnull=False) & ~Q(not_applicable_reason="")),
                name="receipt_not_applicable_why",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_name="") | Q(confirmed_at__isnull=False), name="receipt_named_once_confirmed"
            ),
        ]
        indexes = [
            models.Index(fields=["release", "audience", "district", "reach"], name="receipt_board"),
            models.Index(fields=["organisation", "-release"], name="receipt_of_organisation"),
            models.Index(fields=["release"], condition=Q(reach="waiting"), name="receipt_waiting"),
            models.Index(fields=["release"], condition=Q(reach="failed"), name="receipt_failed"),
            models.Index(fields=["carried_from"], condition=Q(carried_from__isnull=False), name="receipt_carried"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} × {self.release_id}"

    @property
    def asks_set_up(self) -> bool:
        """Whether this recipient is asked for set-up; a district never is."""
        return self.audience == Audience.PHARMACY and self.release.asks_set_up

    @property
    def addresses_taken_back(self) -> bool:
        """Whether staff have revoked personal addresses of this receipt; those made since open it."""
        return self.address_version > 1

    @property
    def takes_questions(self) -> bool:
        """Whether 「困っています」 can be pressed: by pharmacies, of whom something is asked."""
        return self.audience == Audience.PHARMACY and self.release.asks_confirmation


class StepTick(models.Model):
    """A step that a pharmacy ticked; `device` is the kind chosen by then for steps of the 端末 group, else empty."""

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="ticks")
    step = models.ForeignKey(Step, models.PROTECT, related_name="ticks")
    device = models.CharField(max_length=8, choices=Step.Device, blank=True)
    ticked_at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=9, choices=Via)
    ticked_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["ticked_at"]
        constraints = [models.UniqueConstraint(fields=["receipt", "step", "device"], name="tick_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.get_device_display()}".strip()
