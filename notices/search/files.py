"""Taking the text out of attached files, so that it is searched, too: by a worker, a while after they were attached.

A file whose `text_read_at` is empty is due; nothing else is the queue. Two workers may read the same file, one of them
writes. A file that cannot be read has no text, and is not tried again.
"""

import logging

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members import confined
from members.uploads.kinds import PDF
from members.uploads.refusals import UnusableFile
from notices import office_text, pdf_text
from notices.models import Attachment, Passage, StoredFile
from notices.search import index, texts

logger = logging.getLogger(__name__)

AT_ONCE = 20


def due() -> QuerySet[StoredFile]:
    """Attached files whose text nobody has taken out yet, the oldest first."""
    attached = Attachment.objects.filter(file__isnull=False).values("file")
    return StoredFile.objects.filter(text_read_at=None, pk__in=attached).order_by("pk")


def read_due() -> bool:
    """Take the text out of some that are due; whether there may be more."""
    found = list(due()[:AT_ONCE])
    for file in found:
        try:
            read(file)
        except OSError:
            logger.exception("File %s is not where it was kept; it stays due.", file.pk)
            return False
    return len(found) == AT_ONCE


def read(file: StoredFile) -> None:
    """Take the text out of one file, outside of any transaction, and let all notices with it be found by it."""
    pages = _pages(file)
    with transaction.atomic():
        held = StoredFile.objects.select_for_update(no_key=True).get(pk=file.pk)
        if held.text_read_at:
            return
        Passage.objects.bulk_create(texts.of_file(file.pk, pages, numbered=file.media_type == PDF.media_type))
        held.text_read_at = timezone.now()
        held.save(update_fields=["text_read_at"])
        attached = Attachment.objects.filter(file=file).values_list("notice", flat=True)
        index.renew_entries(index.papers.above(set(attached)))


def forget() -> None:
    """Make every file due again: its text will be taken out anew."""
    with transaction.atomic():
        Passage.objects.filter(kind=Passage.Kind.FILE).delete()
        StoredFile.objects.exclude(text_read_at=None).update(text_read_at=None)


def _pages(file: StoredFile) -> list[str]:
    try:
        if file.media_type == PDF.media_type:
            return pdf_text.read(file.read())
        if file.media_type in office_text.READABLE:
            return office_text.read(file.read(), file.media_type)
    except (confined.Failed, UnusableFile) as error:
        logger.warning("The text of file %s cannot be read, nobody will find it by that: %s", file.pk, error)
    return []
