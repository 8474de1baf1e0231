"""別添・別紙・参考 of a draft: adding, removing, ordering. 別添 are numbered in their order."""

import re
from collections.abc import Sequence

from django.db import transaction

from notices.letters import relabelling
from notices.letters.composing import locked_draft
from notices.models import Attachment, Notice, StoredFile
from notices.search import index as search

LABELS = ("別添", "別紙", "参考")
# Added to every position while they change, so that none is there twice in between.
_ASIDE = 10_000


@transaction.atomic
def add(
    notice_id: int, label: str, title: str, *, file: StoredFile | None = None, file_name: str = "", url: str = ""
) -> Attachment:
    """One more enclosure behind those of its kind: a file under this name, or an address. Raises composing.NotADraft.

    参考 stands behind 別紙, and that behind 別添, where staff have not put them otherwise.
    """
    notice = locked_draft(notice_id)
    order = list(notice.attachments.all())
    added = notice.attachments.create(
        position=_ASIDE,
        label=label,
        title=title,
        file=file,
        file_name=file_name,
        url=url,
    )
    before = [place for place, each in enumerate(order, start=1) if _rank(each.label) <= _rank(label)]
    order.insert(max(before, default=0), added)
    _arrange(notice, order)
    added.refresh_from_db()
    return added


@transaction.atomic
def give_file(notice_id: int, attachment_id: int, file: StoredFile, file_name: str) -> None:
    """Lay the file of an enclosure beside it, where the packet brought only its title or text."""
    notice = locked_draft(notice_id)
    chosen = notice.attachments.filter(pk=attachment_id, enclosed=None)
    chosen.update(file=file, file_name=file_name, from_steps=False)
    search.renew(notice.pk)


@transaction.atomic
def give_address(notice_id: int, attachment_id: int, url: str) -> bool:
    """The address of an enclosure of which the packet brought only the title; False where it holds anything by now."""
    notice = locked_draft(notice_id)
    attachment = notice.attachments.filter(pk=attachment_id).first()
    if attachment is None or not attachment.is_empty:
        return False
    notice.attachments.filter(pk=attachment.pk).update(url=url)
    search.renew(notice.pk)
    return True


@transaction.atomic
def remove(notice_id: int, attachment_id: int) -> None:
    """Take an enclosure out. A notice that it encloses stays related by what the chain knows, not by this letter."""
    notice = locked_draft(notice_id)
    attachment = notice.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        return
    if attachment.enclosed_id:
        notice.relations.filter(kind="encloses", target=attachment.enclosed_id).delete()
    attachment.delete()
    _arrange(notice, list(notice.attachments.all()), gone=attachment.label)


@transaction.atomic
def move(notice_id: int, attachment_id: int, by: int) -> None:
    """Move an enclosure up (-1) or down (1); at the end of the list nothing happens."""
    notice = locked_draft(notice_id)
    order = list(notice.attachments.all())
    place = next((place for place, attachment in enumerate(order) if attachment.pk == attachment_id), None)
    if place is None or not 0 <= place + by < len(order):
        return
    order[place], order[place + by] = order[place + by], order[place]
    _arrange(notice, order)


def _arrange(notice: Notice, order: Sequence[Attachment], gone: str = "") -> None:
    """Bring the enclosures into this order, numbered anew. The texts follow; what cites the one `gone` cites none."""
    before = {attachment.pk: attachment.label for attachment in order}
    for offset in (_ASIDE + 1, 1):
        for place, attachment in enumerate(order):
            notice.attachments.filter(pk=attachment.pk).update(position=offset + place)
    _number(notice)
    now = dict(notice.attachments.values_list("pk", "label"))
    labels = {label: now[pk] for pk, label in before.items() if label not in LABELS}
    relabelling.follow(notice, {gone: ""} | labels)
    search.renew(notice.pk)


def _rank(label: str) -> int:
    """The place of its kind among the kinds; a label of none stands last."""
    return next((rank for rank, kind in enumerate(LABELS) if label.startswith(kind)), len(LABELS))


def _number(notice: Notice) -> None:
    """別添1, 別添2 … in their order; 別紙 likewise where there are several; 参考 carries no number."""
    for label in LABELS[:2]:
        kind = re.compile(rf"{label}[0-9]*")
        same = [attachment for attachment in notice.attachments.all() if kind.fullmatch(attachment.label)]
        for count, attachment in enumerate(same, start=1):
            numbered = f"{label}{count}" if label == "別添" or len(same) > 1 else label
            if attachment.label != numbered:
                attachment.label = numbered
                attachment.save(update_fields=["label"])
