"""What is searched: passages of text, and entries that say who may find which notice or packet by them.

Both are copies, written by `notices.search.index` where the texts change, and made anew by `manage.py reindex`.
"""

from django.db import models
from django.db.models import Q

from notices.models.attachment import Attachment
from notices.models.file import StoredFile
from notices.models.grams import GramsField
from notices.models.notice import Notice
from notices.models.packet import Packet


class Reader(models.TextChoices):
    """For whom an entry is: each reads something else of a notice."""

    STAFF = "staff", "事務局"
    DISTRICT = "district", "地区"
    PHARMACY = "pharmacy", "薬局"


class Passage(models.Model):
    """A text that stands in one place: in a notice, in a packet, or on a page of a file, whatever it is attached to."""

    class Kind(models.TextChoices):
        LETTER = "letter", "文面"
        ATTACHMENT = "attachment", "別添の本文"
        FILE = "file", "ファイル"
        STEPS = "steps", "設定手順"
        TO_CHAIRS = "to_chairs", "地区会長への添え書き"
        TO_PHARMACIES = "to_pharmacies", "薬局への添え書き"
        CHANGED = "changed", "変わったところ"
        ORIGINAL = "original", "原文"

    kind = models.CharField(max_length=13, choices=Kind)
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="passages")
    attachment = models.ForeignKey(Attachment, models.CASCADE, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.CASCADE, null=True, related_name="passages")
    packet = models.ForeignKey(Packet, models.CASCADE, null=True, related_name="passages")
    page = models.PositiveSmallIntegerField(null=True, help_text="Of a file that has pages, from 1.")
    text = models.TextField()
    folded = models.TextField(help_text="The text as notices.folding makes it.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False, notice=None, packet=None)
                | Q(kind="original", packet__isnull=False, notice=None, file=None)
                | (~Q(kind__in=["file", "original"]) & Q(notice__isnull=False, packet=None, file=None)),
                name="passage_stands_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(kind="attachment", attachment__isnull=False) | (~Q(kind="attachment") & Q(attachment=None)),
                name="passage_of_an_attachment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text[:20]}"


class EntryManager(models.Manager["Entry"]):
    """Leaves the grams in the database, which nobody reads."""

    def get_queryset(self) -> models.QuerySet["Entry"]:
        return super().get_queryset().defer("grams")


class Entry(models.Model):
    """What one reader finds a notice by, or staff a packet: the grams of all passages that this reader may read there.

    `head` is what stands at its head, folded: numbers, subject, issuers. `is_letter`: it is a district's letter, which
    has the subject of the notice that it passes on. A migration that changes this table on SQLite makes the triggers of
    `grams` anew, as `0002_search_index` makes them, since Django makes the table anew.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="entries", db_index=False)
    packet = models.OneToOneField(Packet, models.CASCADE, null=True, related_name="entry")
    reader = models.CharField(max_length=8, choices=Reader)
    date = models.DateField(null=True)
    head = models.TextField()
    is_letter = models.BooleanField("地区の文書", db_default=False)
    passages = models.ManyToManyField(Passage, related_name="entries")
    grams = GramsField()

    objects = EntryManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "reader"], name="entry_once_per_reader"),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, packet=None) | Q(notice=None, packet__isnull=False, reader="staff"),
                name="entry_of_notice_or_packet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reader_display()} {self.notice_id or self.packet_id}"
