"""The pages on which a received letter came, where its packet came as PDF."""

from notices.models import Notice, StoredFile

# A file, the first of its pages, and the page after the last.
PageRange = tuple[StoredFile, int, int]


def pages_of(letter: Notice) -> list[PageRange]:
    """Where the letter lies; nothing where it came as text."""
    return []
