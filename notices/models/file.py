"""Files, kept once per content."""

import hashlib

from django.core.files.base import ContentFile
from django.db import models, transaction
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
    """A file by its checksum; never changed once kept."""

    sha256 = models.CharField("照合値", max_length=64, unique=True)
    name = models.CharField("ファイル名", max_length=300)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大きさ", help_text="Bytes.")
    content = models.FileField(max_length=200)
    kept_at = models.DateTimeField(default=timezone.now)

    objects = StoredFileManager()

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """The bytes, checked by nobody: the checksum is the name."""
        with self.content.open("rb") as stream:
            return stream.read()
