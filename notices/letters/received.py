"""The pages on which a received letter came, where its packet came as PDF.

A reading says it of each letter as `pages`: for each file on which it lies its position in the packet, the first of
its pages and the page after the last, counted from 0. A page on which one letter ends and another begins is both's.
"""

from notices.models import Notice, StoredFile

# A file, the first of its pages, and the page after the last.
PageRange = tuple[StoredFile, int, int]


def pages_of(letter: Notice) -> list[PageRange]:
    """Where the letter lies; nothing where it came as text, or as a file whose writer forbids to bind it."""
    if letter.packet is None:
        return []
    told = letter.packet.letters[letter.packet_order].get("pages") or []
    files = {each.position: each.file for each in letter.packet.packet_files.select_related("file__safe_copy")}
    if not all(position in files and files[position].may_be_bound for position, _, _ in told):
        return []
    return [(files[position].safe_copy or files[position], first, end) for position, first, end in told]
