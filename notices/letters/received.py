"""The pages on which a received letter came, or a guide behind it, where its packet came as PDF.

A reading says it of each letter, and of the attachment that holds what belongs to no letter, as `pages`: for each file
on which it lies its position in the packet, the first of its pages and the page after the last, counted from 0. A page
on which one ends and another begins is both's.
"""

from typing import Any, NamedTuple

from notices import pdf_binding
from notices.models import Attachment, Notice, Packet, StoredFile


class PageRange(NamedTuple):
    """A file, the first of its pages, the page after the last, and how far staff have turned which, in degrees."""

    file: StoredFile
    first: int
    end: int
    turns: dict[int, int]


def pages_of(letter: Notice) -> list[PageRange]:
    """Where the letter lies; nothing where it came as text, or as a file whose writer forbids to bind it."""
    return _pages(letter.packet, _reading(letter)) if letter.packet else []


def is_scan(letter: Notice) -> bool:
    """Whether it came as pages of one PDF without text: only these say what stands in it."""
    return not letter.text.strip() and len(pages_of(letter)) == 1


def scan_of(letter: Notice) -> bytes:
    """The pages of a scan as a PDF of their own. Raises pdf_binding.BindingFailed."""
    ((file, first, end, turns),) = pages_of(letter)
    return pdf_binding.taken(file.read(), [(page, turns.get(page, 0)) for page in range(first, end)])


def pages_with_text(attachment: Attachment) -> list[PageRange]:
    """Where the text of an attachment lies, with what cannot be said in letters: the same for what belongs to none."""
    letter = attachment.notice
    told = _reading(letter)["attachments"] if letter.packet else []
    same = (each for each in told if each["text"] and each["text"] == attachment.text)
    return _pages(letter.packet, next(same, {}))


def _reading(letter: Notice) -> dict[str, Any]:
    return letter.packet.letters[letter.packet_order]


def _pages(packet: Packet, read: dict[str, Any]) -> list[PageRange]:
    told = read.get("pages") or []
    if not told:
        return []
    files = {each.position: each.file for each in packet.packet_files.select_related("file__safe_copy")}
    if not all(position in files and files[position].may_be_bound for position, _, _ in told):
        return []
    turned = packet.kept.get("turned", {})
    return [
        PageRange(
            files[position].safe_copy or files[position],
            first,
            end,
            {page: turned[f"{position}-{page}"] for page in range(first, end) if f"{position}-{page}" in turned},
        )
        for position, first, end in told
    ]
