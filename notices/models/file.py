"""Files, kept once per content."""

import hashlib

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone


class StoredFileManager(models.Manager["StoredFile"]):
    def keep(self, content: bytes, name: str, media_type: str) -> "StoredFile":
        """The row for this content, made if it is new. The file is written before the row: no row without its file."""
        digest = hashlib.sha256(content).hexdigest()
        found = self.filter(sha256=digest).first()
        if found:
            return found
        kept = StoredFile(sha256=digest, name=name[:300], media_type=media_type, size=len(content))
        kept.content.save(f"{digest[:2]}/{digest}", ContentFile(content), save=False)
        with transaction.atomic():
            kept, _ = self.get_or_create(
                sha256=digest,
                defaults={
                    "name": kept.name,
                    "media_type": media_type,
                    "size": kept.size,
                    "content": kept.content.name,
                },
            )
        return kept


class StoredFile(models.Model):
    """A file by its checksum; its content is never changed once kept.

    A PDF that `acts` (runs scripts, starts or sends something) or `holds_files` is quarantined: kept, never served; its
    `safe_copy` is served instead. `may_be_bound` says whether its writer allows to put its pages together with others.
    """

    sha256 = models.CharField("照合値", max_length=64, unique=True)
    name = models.CharField("ファイル名", max_length=300)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大きさ", help_text="Bytes.")
    content = models.FileField(max_length=200)
    kept_at = models.DateTimeField(default=timezone.now)
    acts = models.BooleanField("開くと動くしかけがある", default=False)
    holds_files = models.BooleanField("ファイルを含む", default=False)
    safe_copy = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="originals", verbose_name="しかけを除いた写し"
    )
    may_be_bound = models.BooleanField("ほかの文書と綴じてよい", default=True)
    text_read_at = models.DateTimeField(null=True, blank=True, help_text="When its text was taken out to be searched.")

    objects = StoredFileManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acts=False, holds_files=False, safe_copy=None)
                | (~Q(acts=False, holds_files=False) & Q(safe_copy__isnull=False)),
                name="file_quarantined_with_its_copy",
            ),
            models.CheckConstraint(condition=~Q(safe_copy=F("id")), name="file_is_not_its_own_copy"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_quarantined(self) -> bool:
        return self.safe_copy_id is not None

    @property
    def is_safe_copy(self) -> bool:
        """Whether it stands for a file that is quarantined."""
        return self.originals.exists()

    def read(self) -> bytes:
        """The bytes, checked by nobody: the checksum is the name."""
        with self.content.open("rb") as stream:
            return stream.read()
