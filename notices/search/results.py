"""What a search shows: each notice or packet with the places where the words stand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notices.models import Attachment, Passage
from notices.search import papers
from notices.search.excerpts import Part, excerpt
from notices.search.finding import Row
from notices.search.places import Standing, best_passages, stands_in
from notices.search.words import Word

Kind = Passage.Kind


@dataclass(frozen=True)
class Place:
    """Where something stands: in the letter itself, its steps or covering texts, or in one of its papers."""

    kind: Kind
    page: int | None = None
    attachment: Attachment | None = None

    @property
    def label(self) -> str:
        if self.attachment is None:
            return self.kind.label
        page = f"　{self.page} ページ" if self.page else ""
        return f"{self.attachment.label}　{self.attachment.title}{page}"


@dataclass(frozen=True)
class Hit:
    """A notice or a packet, and an excerpt from the place in it that holds most of the words."""

    notice: int | None
    packet: int | None
    place: Place
    excerpt: list[Part]


def hits(rows: Sequence[Row], words: Sequence[Word], places: Mapping[int, Standing] | None = None) -> list[Hit]:
    """A page of what was found as it is shown; what only seemed to hold the words is left out.

    `places`: by entry the passage to show, where that is known already.
    """
    letters = _in_letters(rows, words) if places is None else {}
    rest = [row for row in rows if row.notice not in letters]
    elsewhere = _elsewhere(rest, best_passages([row.entry for row in rest], words) if places is None else places)
    found = []
    for row in rows:
        if row.notice in letters:
            found.append(Hit(row.notice, row.packet, Place(Kind.LETTER), excerpt(letters[row.notice], words)))
        elif row.entry in elsewhere:
            place, text = elsewhere[row.entry]
            found.append(Hit(row.notice, row.packet, place, excerpt(text, words)))
    return found


def _in_letters(rows: Sequence[Row], words: Sequence[Word]) -> dict[int, str]:
    """By notice, the text of the letter where all the words stand in it: most often nothing else has to be seen."""
    letters = Passage.objects.filter(kind=Kind.LETTER, notice__in=[row.notice for row in rows if row.notice])
    return dict(letters.filter(*(stands_in("folded", word) for word in words)).values_list("notice", "text"))


def _elsewhere(rows: Sequence[Row], places: Mapping[int, Standing]) -> dict[int, tuple[Place, str]]:
    """By entry, place and text of its passage."""
    rows = [row for row in rows if row.entry in places]
    below = papers.below({row.notice for row in rows if row.notice}) if rows else {}
    return {row.entry: (_place(row, places[row.entry], below), places[row.entry].text) for row in rows}


def _place(row: Row, passage: Standing, below: papers.Papers) -> Place:
    kind = Kind(passage.kind)
    if row.notice is None:
        return Place(kind)
    for attachment in papers.of(row.notice, below):
        if passage.attachment == attachment.pk:
            return Place(kind, None, attachment)
        if kind == Kind.FILE and attachment.file_id == passage.file:
            return Place(kind, passage.page, attachment)
        if kind == Kind.LETTER and attachment.enclosed_id == passage.notice != row.notice:
            return Place(kind, None, attachment)
    return Place(kind)
