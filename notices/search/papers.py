"""What lies below a letter: its attachments, and through the letters enclosed in it theirs."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from notices.models import Attachment

Papers = dict[int, list[Attachment]]


def below(notices: Collection[int]) -> Papers:
    """The attachments of these notices and of every letter enclosed in them, by notice."""
    found: Papers = defaultdict(list)
    seen, level = set(notices), set(notices)
    while level:
        for attachment in Attachment.objects.filter(notice__in=level).defer("text"):
            found[attachment.notice_id].append(attachment)
        level = {one.enclosed_id for each in level for one in found[each] if one.enclosed_id} - seen
        seen |= level
    return found


def of(notice: int, papers: Papers) -> Iterator[Attachment]:
    """The attachments that can be reached from a notice, each once."""
    seen, level = {notice}, [notice]
    while level:
        attachments = [one for each in level for one in papers.get(each, ())]
        yield from attachments
        level = list({one.enclosed_id for one in attachments if one.enclosed_id} - seen)
        seen.update(level)


def above(notices: Collection[int]) -> set[int]:
    """These notices and every one from which they can be reached."""
    seen, level = set(notices), set(notices)
    while level:
        enclosing = Attachment.objects.filter(enclosed__in=level).values_list("notice", flat=True)
        level = set(enclosing) - seen
        seen |= level
    return seen
