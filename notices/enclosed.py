"""What came with a notice: its attachments, and through enclosed letters theirs, but nothing else of the archive."""

from collections.abc import Iterator

from notices.models import Attachment, Notice


def reachable(notice: Notice) -> dict[int, list[Attachment]]:
    """The attachments of the notice and of every letter enclosed in it, by notice, each notice once."""
    found: dict[int, list[Attachment]] = {notice.pk: []}
    level = [notice.pk]
    while level:
        attachments = (
            Attachment.objects.filter(notice__in=level)
            .select_related("enclosed", "file")
            .prefetch_related("enclosed__numbers", "enclosed__issuers__organisation")
        )
        for attachment in attachments:
            found[attachment.notice_id].append(attachment)
        enclosed = {attachment.enclosed_id for attachment in attachments if attachment.enclosed_id}
        level = [pk for pk in enclosed if pk not in found]
        found |= {pk: [] for pk in level}
    return found


def letters(attachment: Attachment, attachments: dict[int, list[Attachment]]) -> list[Notice]:
    """The enclosed letter, then the letters enclosed in it, in the order in which the paper lies."""
    found: list[Notice] = []
    waiting = [attachment]
    while waiting:
        following = waiting.pop(0)
        if following.enclosed and following.enclosed not in found:
            found.append(following.enclosed)
            waiting = attachments[following.enclosed_id] + waiting
    return found


def labels(notice: Notice, attachments: dict[int, list[Attachment]]) -> dict[int, str]:
    """What each attachment is called as seen from the notice, in the order of the paper: 別添1, 別添1の別添2."""
    return dict(_labelled(notice.pk, "", attachments, {notice.pk}))


def _labelled(
    notice: int, above: str, attachments: dict[int, list[Attachment]], seen: set[int]
) -> Iterator[tuple[int, str]]:
    for attachment in attachments[notice]:
        label = f"{above}の{attachment.label}" if above else attachment.label
        yield attachment.pk, label
        if attachment.enclosed_id and attachment.enclosed_id not in seen:
            seen.add(attachment.enclosed_id)
            yield from _labelled(attachment.enclosed_id, label, attachments, seen)


def listed(notice: Notice, attachments: dict[int, list[Attachment]]) -> list[tuple[str, Attachment]]:
    """What a recipient is told to find, by its label: the attachments, and what the letters among them bring along.

    Letters below a letter are read behind it, its addresses stand in it, and papers of which there is nothing are not
    shown.
    """
    known = {each.pk: each for found in attachments.values() for each in found}
    named = [(label, known[pk]) for pk, label in labels(notice, attachments).items()]
    return [(label, each) for label, each in named if not each.is_empty and _stands_apart(each, notice)]


def _stands_apart(attachment: Attachment, notice: Notice) -> bool:
    return attachment.notice_id == notice.pk or not (attachment.enclosed_id or attachment.url)
