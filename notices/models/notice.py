"""通知: one official letter, its numbers, issuers and relations."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from members import access
from members.models import Account, Capacity, Organisation
from members.models.organisation import Kind
from members.names import search_key
from members.numerals import squeeze
from notices import docnumber
from notices.models.packet import Packet

if TYPE_CHECKING:
    from notices.models.approval import Approval


class NoticeQuerySet(models.QuerySet["Notice"]):
    def with_names(self) -> "NoticeQuerySet":
        """With what a list row shows: numbers and issuers."""
        return self.prefetch_related("numbers", "issuers__organisation")

    def numbered(self, text: str, fiscal_year: int | None = None) -> "NoticeQuerySet":
        """Those that have the document number, be it of that 年度, among theirs; width and spacing do not count."""
        number = docnumber.parse_number(text)
        having = DocumentNumber.objects.filter(text__iexact=number.text if number else squeeze(text))
        if fiscal_year is not None:
            having = having.filter(fiscal_year=fiscal_year)
        return self.filter(pk__in=having.values("notice"))

    def tops(self) -> "NoticeQuerySet":
        """Letters of packets that no other letter of their packet encloses."""
        return self.filter(packet__isnull=False, packet_under=None)

    def told(self) -> "NoticeQuerySet":
        """Those that were released, or are enclosed by a letter that was."""
        enclosing = Relation.objects.filter(kind=Relation.Kind.ENCLOSES, source__state=Notice.State.RELEASED)
        return self.filter(Q(state=Notice.State.RELEASED) | Q(pk__in=enclosing.values("target")))

    def to_pass_on(self) -> "NoticeQuerySet":
        """The top letters of packets of which members have not been told, nor of a letter within, and are to be."""
        chain = Notice.objects.filter(packet=OuterRef("packet"))
        chain = chain.filter(Q(pk=OuterRef("pk")) | Q(packet_under=OuterRef("packet_order")))
        return self.tops().filter(~Exists(chain.told()), filed=False)

    def superseding(self, notice: "Notice | int") -> "NoticeQuerySet":
        """Released corrections and withdrawals of a notice, the latest first.

        Of a district's letter they are those of the notice that it passes on.
        """
        of = Notice.objects.filter(Q(pk=getattr(notice, "pk", notice)) | Q(release__passed_on__notice=notice))
        found = self.filter(
            state=Notice.State.RELEASED, relations__kind__in=SUPERSEDING, relations__target__in=of.values("pk")
        )
        return found.order_by("-release__released_at", "-pk")

    def visible_to(self, capacity: Capacity | None) -> "NoticeQuerySet":
        """Staff see every notice; a district and a pharmacy those released to them.

        A district sees the letters that it issued, too, and a pharmacy what its district's letter encloses.
        """
        if access.is_staff(capacity):
            return self
        if capacity is None:
            return self.none()
        own = capacity.organisation_id
        released = Notice.objects.filter(release__receipts__organisation=own)
        more = Notice.objects.filter(release__passed_on_by=own)
        if access.is_pharmacy(capacity):
            more = Notice.objects.filter(release__passed_on__receipts__organisation=own)
        return self.filter(Q(pk__in=released.values("pk")) | Q(pk__in=more.values("pk")))

    def of_association(self) -> "NoticeQuerySet":
        """Without the letters by which districts pass a notice on: these stand on the board of that notice."""
        return self.exclude(release__passes_on__isnull=False)


class Notice(models.Model):
    """One official letter: received from outside, or drafted and released by the association.

    `body` holds the running paragraphs, one a line; `items` what stands under 記 besides the attachments.

    One that came with a packet has its place there (`packet_order`) and, unless it is a top letter, that of the top
    letter of its chain (`packet_under`). A top letter has the date of the oldest in its chain (`packet_oldest_on`); one
    of which members are not told is `filed`.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "受領"
        DRAFT = "draft", "下書き"
        RELEASED = "released", "発出済"

    state = models.CharField("状態", max_length=10, choices=State)
    kind = models.CharField("種別", max_length=10, default="通知")
    date = models.DateField("日付", null=True, blank=True)
    addressees = models.JSONField("宛先", default=list, blank=True)
    honorific = models.CharField("敬称", max_length=10, blank=True)
    subject = models.CharField("件名", max_length=500)
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    body = models.TextField("本文", blank=True)
    items = models.TextField("記書き", blank=True)
    contact = models.TextField("問い合わせ先", blank=True)
    text = models.TextField("原文", blank=True)
    packet = models.ForeignKey(Packet, models.PROTECT, null=True, blank=True, related_name="notices")
    packet_order = models.PositiveSmallIntegerField(null=True, blank=True)
    packet_under = models.PositiveSmallIntegerField(null=True, blank=True)
    packet_oldest_on = models.DateField("最初の文書の日付", null=True, blank=True)
    filed = models.BooleanField("会員へは伝えない", default=False)
    filed_because = models.CharField("伝えない理由", max_length=200, blank=True)
    number_fixed = models.BooleanField(
        default=False, help_text="Number and date come from the letter itself and are kept whenever it is released."
    )
    drafted_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["packet", "packet_order"], name="notice_once_per_packet_letter"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(date__isnull=False), name="notice_released_has_date"
            ),
            models.CheckConstraint(
                condition=Q(packet=None, packet_order=None) | Q(packet__isnull=False, packet_order__isnull=False),
                name="notice_has_its_place_in_a_packet",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="notice_has_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number_text} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold()
        if "subject" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    def fold(self) -> "Notice":
        """Renew the search key of the subject; numbers are searched as they are. Bulk writers call it themselves."""
        longest = self._meta.get_field("search_key").max_length  # one sign may fold to four
        self.search_key = search_key(self.subject)[:longest]
        return self

    @property
    def number_text(self) -> str:
        """The document number as people write it; 事務連絡 where the letter has none, both numbers of a joint one."""
        return "・".join(number.text for number in self.numbers.all()) or (
            "事務連絡" if self.kind == "事務連絡" else ""
        )

    @property
    def chain_key(self) -> tuple[int | None, int | None]:
        """The packet with which it came, and the place there of the top letter of its chain."""
        return self.packet_id, self.packet_order if self.packet_under is None else self.packet_under

    @property
    def approval(self) -> "Approval | None":
        """The latest request for its approval, decided or not; prefetch `approvals` for lists."""
        return max(self.approvals.all(), key=lambda each: each.pk, default=None)

    @property
    def stands_fast(self) -> bool:
        """Whether an approval is asked for or given, so that nobody changes the draft."""
        return self.approval is not None and self.approval.stands

    @property
    def issuer_names(self) -> str:
        """Who issued it, by the usual short names; a district by its whole one, since 白鷺 alone is a place."""
        issuers = [issuer.organisation for issuer in self.issuers.all()]
        return "・".join(each.name if each.kind == Kind.DISTRICT else each.label for each in issuers)


class NoticeIssuer(models.Model):
    """Who issued the notice: an organisation with the signatory's title and name. Joint letters have several."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="issuers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="issued")
    title = models.CharField("役職", max_length=100, blank=True)
    name = models.CharField("氏名", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["notice", "position"], name="notice_issuer_position_once")]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.organisation.name, self.title, self.name]))


class DocumentNumberQuerySet(models.QuerySet["DocumentNumber"]):
    def of_series(self, issuer: Organisation, series: str, fiscal_year: int) -> "DocumentNumberQuerySet":
        """One series of one 年度: what a ledger holds."""
        return self.filter(issuer=issuer, series=series, fiscal_year=fiscal_year)

    def give(
        self,
        notice: Notice,
        issuer: Organisation,
        *,
        text: str,
        series: str,
        fiscal_year: int | None,
        serial: int | None,
    ) -> "DocumentNumber":
        """The number is the notice's, also where the ledger had it without one: here is the letter that it is of.

        Raises IntegrityError where another notice has it.
        """
        identified = fiscal_year is not None and serial is not None
        known = self.of_series(issuer, series, fiscal_year).filter(serial=serial, notice=None).first()
        number = known if known and identified else DocumentNumber(issuer=issuer, series=series)
        number.notice, number.text, number.fiscal_year, number.serial = notice, text, fiscal_year, serial
        number.subject, number.dated, number.void_reason = "", None, ""
        number.save()
        return number


class DocumentNumber(models.Model):
    """A document number: issuer + series (a 枝番 included) + 年度 + serial is its identity, given once and never again.

    As a rule it is a notice's. A line of the association's ledger may also be of a letter that is not on this site
    (`subject`, `dated`), or of nothing at all: a number that was left out (欠番, `void_reason`). `fiscal_year` is the
    year in which the 年度 begins (2024 for 令和6年度), empty where neither prefix nor date tells. What an approval has
    reserved (`reserved_at`) stays in the ledger whatever becomes of the notice.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="numbers")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="numbers")
    text = models.CharField("文書番号", max_length=100)
    series = models.CharField(max_length=80, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    subject = models.CharField("件名", max_length=300, blank=True)
    dated = models.DateField("日付", null=True, blank=True)
    void_reason = models.CharField("欠番の理由", max_length=200, blank=True)
    reserved_at = models.DateTimeField("決裁で確定した日時", null=True, blank=True)

    objects = DocumentNumberQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "series", "fiscal_year", "serial"],
                condition=Q(fiscal_year__isnull=False, serial__isnull=False),
                name="document_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, subject="", void_reason="")
                | (Q(notice=None, fiscal_year__isnull=False, serial__isnull=False, subject="") & ~Q(void_reason=""))
                | (Q(notice=None, fiscal_year__isnull=False, serial__isnull=False, void_reason="") & ~Q(subject="")),
                name="document_number_of_a_notice_or_explained",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Relation(models.Model):
    """関連: what one notice has to do with another. A cited notice that is not in the archive keeps its number."""

    class Kind(models.TextChoices):
        ENCLOSES = "encloses", "別添として送付"
        FOLLOWS_UP = "follows_up", "再周知"
        CORRECTS = "corrects", "訂正"
        WITHDRAWS = "withdraws", "廃止"
        CITES = "cites", "参照"

    source = models.ForeignKey(Notice, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=10, choices=Kind)
    target = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="related_from")
    cited_number = models.CharField(max_length=100, blank=True)
    cited_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "target"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="relation_not_to_itself"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind__in=["corrects", "withdraws"]),
                name="relation_supersedes_one_notice",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(cited_number="") | Q(cited_date__isnull=False),
                name="relation_names_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="cites") | Q(kind="follows_up") | Q(target__isnull=False),
                name="relation_acts_on_a_known_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target or self.cited_number}"


# The relations by which a released notice stands in the place of another.
SUPERSEDING = (Relation.Kind.CORRECTS, Relation.Kind.WITHDRAWS)
