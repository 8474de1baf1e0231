"""What came with a notice: its attachments, and through enclosed letters theirs, but nothing else of the archive."""

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
