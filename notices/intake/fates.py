"""What becomes of each 文書 of a packet: a letter, pages that are the 別添 of one, or nothing, since it was left out.

Pages without text are a 文書 of their own (`blank`: their numbers). Until somebody types their heading, makes them the
content of an attachment or leaves them out, they are undecided, and the packet is not registered.
"""

from enum import StrEnum
from typing import Any

# What tells that somebody has typed the heading of pages without text.
HEADING = ("numbers", "date", "subject", "issuers", "addressees")


class Reason(StrEnum):
    """Why a 文書 of a packet is left out."""

    DOUBLE = "double"
    UNRELATED = "unrelated"
    EMPTY = "empty"
    OTHER = "other"


REASONS = {Reason.DOUBLE: "重複", Reason.UNRELATED: "関係なし", Reason.EMPTY: "白紙", Reason.OTHER: "その他"}


class Fate(StrEnum):
    """What becomes of a 文書."""

    LETTER = "letter"
    UNDECIDED = "undecided"
    PAGES = "pages"
    LEFT_OUT = "left_out"


def fate(kept: dict[str, Any], index: int) -> Fate:
    """What becomes of the 文書 `index`, as things stand."""
    letter = kept["letters"][index]
    if letter.get("left_out"):
        return Fate.LEFT_OUT
    if not letter.get("blank") or any(letter[name] for name in HEADING):
        return Fate.LETTER
    return Fate.PAGES if held_by(kept, index) else Fate.UNDECIDED


def held_by(kept: dict[str, Any], index: int) -> tuple[int, int] | None:
    """The letter, and its attachment by its place, of which the 文書 `index` is the content; none that was left out."""
    for outer, letter in enumerate(kept["letters"]):
        for row, attachment in enumerate(letter["attachments"]):
            if attachment["letter"] == index and not letter.get("left_out"):
                return outer, row
    return None


def standing(kept: dict[str, Any]) -> list[int]:
    """The 文書 that are letters, or may become so."""
    return [index for index in range(len(kept["letters"])) if fate(kept, index) in (Fate.LETTER, Fate.UNDECIDED)]


def why_left_out(letter: dict[str, Any]) -> str:
    """In words; "" where it stands."""
    left = letter.get("left_out")
    return "：".join(filter(None, (REASONS[left["reason"]], left["note"]))) if left else ""
