"""受領文書: what arrived, as it arrived."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from members import access
from members.models import Account, Capacity
from members.uploads.kinds import PDF
from notices.models.file import StoredFile

if TYPE_CHECKING:
    from notices.models.notice import NoticeQuerySet


class PacketQuerySet(models.QuerySet["Packet"]):
    def visible_to(self, capacity: Capacity | None) -> "PacketQuerySet":
        """Staff see every packet; nobody else sees any."""
        return self if access.is_staff(capacity) else self.none()

    def with_issued(self) -> "PacketQuerySet":
        """With `issued`: whether members were told of each top letter that they are to know of (伝達済)."""
        letters = self._letters()
        return self.annotate(issued=Exists(letters.told()) & ~Exists(letters.to_pass_on()))

    def to_pass_on(self) -> "PacketQuerySet":
        """Those with something of which members have not been told yet, and are to be."""
        letters = self._letters()
        waiting = ~Exists(letters) | Exists(letters.to_pass_on())
        return self.with_issued().filter(waiting).exclude(state__in=Packet.CLOSED)

    def with_waiting_since(self) -> "PacketQuerySet":
        """With `waits_since`: the date of the oldest letter of a chain that is to be passed on yet, or of all."""
        left = self._letters().to_pass_on().order_by(F("packet_oldest_on").asc(nulls_last=True))
        return self.annotate(waits_since=Coalesce(Subquery(left.values("packet_oldest_on")[:1]), "oldest_on"))

    def _letters(self) -> "NoticeQuerySet":
        return self.model._meta.get_field("notices").related_model.objects.filter(packet=OuterRef("pk"))


class Packet(models.Model):
    """A packet as received, with what was read out of it.

    `reading` is the reader's output in the form of `manage.py readpacket`, with the places in the text and the body of
    each letter beside it; `corrected` is the same with what staff changed. Both stay, so that it shows who said what.
    `text` is the text of all files, with a form feed between pages; `fingerprint` its SHA-256, line ends and outer
    blanks aside: the same packet, pasted or uploaded, is one. PDFs in which no letter was found have that of the files.

    A registered packet is `FILED` where members are told of none of its top letters. One that is not registered, since
    another brought the same document, is a `DOUBLE`: of the notice `doubles`. One that is never to be registered is
    `SET_ASIDE`, and says why (`set_aside_because`): the same files may be taken in anew.
    """

    class State(models.TextChoices):
        DOUBTFUL = "doubtful", "要確認"
        REGISTERED = "registered", "登録済"
        FILED = "filed", "伝えない"
        DOUBLE = "double", "重複"
        SET_ASIDE = "set_aside", "取りやめ"

    CLOSED = (State.FILED, State.DOUBLE, State.SET_ASIDE)

    files = models.ManyToManyField(StoredFile, through="PacketFile", related_name="packets")
    fingerprint = models.CharField("照合値", max_length=64)
    receipt_number = models.CharField("収受番号", max_length=20, unique=True)
    received_at = models.DateTimeField("受領日時", default=timezone.now)
    received_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    text = models.TextField("本文")
    reading = models.JSONField()
    corrected = models.JSONField(null=True)
    oldest_on = models.DateField("最初の文書の日付", null=True)
    search_key = models.TextField(editable=False, blank=True)
    state = models.CharField("状態", max_length=12, choices=State, default=State.DOUBTFUL)
    registered_at = models.DateTimeField(null=True)
    doubles = models.ForeignKey("Notice", models.PROTECT, null=True, related_name="doubled_by")

    set_aside_because = models.CharField("取りやめた理由", max_length=200, blank=True)

    objects = PacketQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["registered", "filed"], registered_at__isnull=False)
                | Q(state__in=["doubtful", "double", "set_aside"], registered_at__isnull=True),
                name="packet_registered_once_registered",
            ),
            models.CheckConstraint(
                condition=Q(state="double", doubles__isnull=False) | (~Q(state="double") & Q(doubles__isnull=True)),
                name="packet_double_of_a_notice",
            ),
            models.CheckConstraint(
                condition=(Q(state="set_aside") & ~Q(set_aside_because=""))
                | (~Q(state="set_aside") & Q(set_aside_because="")),
                name="packet_set_aside_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(state="set_aside"), name="packet_once_a_content"
            ),
        ]

    def __str__(self) -> str:
        return f"収受 {self.receipt_number}"

    def get_absolute_url(self) -> str:
        return reverse("notices:packet", args=[self.pk])

    @cached_property
    def issued(self) -> bool:
        """Whether members were told of it; lists have it from `with_issued`."""
        return Packet.objects.with_issued().get(pk=self.pk).issued

    @property
    def badge(self) -> str:
        """The key of the badge that says how far it is: 伝達済 once members were told, whatever its state."""
        return "issued" if self.issued else self.state

    @property
    def kept(self) -> dict:
        """What is known of the packet: the reading as corrected, or as read where nobody has corrected it."""
        return self.corrected or self.reading

    @property
    def letters(self) -> list[dict]:
        return self.kept["letters"]


class PacketFile(models.Model):
    """One file of a packet under the name with which it came; files are kept once per content.

    `pages` of the packet's text are of this file.
    """

    packet = models.ForeignKey(Packet, models.CASCADE, related_name="packet_files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("ファイル名", max_length=200)
    pages = models.PositiveIntegerField("ページ数", default=1)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["packet", "position"], name="packet_file_position_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pdf(self) -> bool:
        return self.file.media_type == PDF.media_type
