"""Files from outside that are kept: looked into first, and never opened by the site."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from members import history
from members.history import Actor
from members.uploads import kinds
from members.uploads.kinds import Kind
from members.uploads.names import clean_name
from notices import pdf_contents
from notices.models import StoredFile


@dataclass(frozen=True)
class Upload:
    """A file that may be kept, with what was found in it where it is a PDF."""

    name: str
    content: bytes
    kind: Kind
    pdf: pdf_contents.Contents | None = None

    @property
    def safe_content(self) -> bytes:
        """What is served: the file, or its copy without what acts."""
        return self.pdf.copy or self.content if self.pdf else self.content


def examined(file: BinaryIO, allowed: Collection[Kind]) -> Upload:
    """An upload with `name` and `size`, looked into. Raises members.uploads.refusals.UnusableFile with the reason."""
    kind = kinds.recognise(file, allowed)
    content = file.read()
    found = pdf_contents.contents(content) if kind == kinds.PDF else None
    return Upload(clean_name(file.name), content, kind, found)


@transaction.atomic
def keep(upload: Upload, actor: Actor) -> StoredFile:
    """The file to show: what was sent in, or the copy without what acts, while the original is quarantined."""
    kept = StoredFile.objects.keep(upload.content, upload.name, upload.kind.media_type)
    if upload.pdf is None:
        return kept
    kept = StoredFile.objects.select_for_update().get(pk=kept.pk)
    if kept.safe_copy:
        return kept.safe_copy
    kept.may_be_bound = upload.pdf.may_be_bound
    if upload.pdf.copy:
        _quarantine(kept, upload, actor)
    kept.save(update_fields=["may_be_bound", "acts", "holds_files", "safe_copy"])
    return kept.safe_copy or kept


def _quarantine(kept: StoredFile, upload: Upload, actor: Actor) -> None:
    kept.acts, kept.holds_files = upload.pdf.acts, upload.pdf.holds_files
    kept.safe_copy = StoredFile.objects.keep(upload.pdf.copy, upload.name, upload.kind.media_type)
    if not kept.may_be_bound:
        StoredFile.objects.filter(pk=kept.safe_copy_id).update(may_be_bound=False)
    history.record(
        "file.quarantined", kept, actor=actor, name=upload.name, acts=kept.acts, holds_files=kept.holds_files
    )
