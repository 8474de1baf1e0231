"""What a search shows: each notice or packet with the places where the words stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, QuerySet, Value, When

from notices.models import Attachment, Entry, Passage, Reader
from notices.search import papers
from notices.search.excerpts import Part, excerpt
from notices.search.finding import Link, stands_in
from notices.search.words import Word

Kind = Passage.Kind
# Which place is shown where several hold as many words: in the notice before its papers, the letter before the rest.
RANK = {kind: rank for rank, kind in enumerate(Kind.values)}
# More words than these are not looked for in every place.
MOST_SHOWN = 5


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


def hits(entries: QuerySet[Entry], words: Sequence[Word]) -> list[Hit]:
    """A page of entries as they are shown; those in which a word does not stand after all are left out."""
    rows = list(entries.values_list("pk", "notice", "packet", "reader"))
    chosen = _best_passages([pk for pk, *_ in rows], words)
    passages = Passage.objects.defer("folded").in_bulk(chosen.values())
    below = papers.below({notice for _, notice, *_ in rows if notice})
    found = []
    for pk, notice, packet, reader in rows:
        if pk in chosen:
            passage = passages[chosen[pk]]
            place = _place(notice, passage, reader, below)
            found.append(Hit(notice, packet, place, excerpt(passage.text, words)))
    return found


def _best_passages(entries: Sequence[int], words: Sequence[Word]) -> dict[int, int]:
    """By entry, of which every word stands somewhere: the passage that holds most of them."""
    shown = words[:MOST_SHOWN]
    held = {f"holds_{number}": _flag(word) for number, word in enumerate(shown)}
    rows = Link.objects.filter(entry__in=entries).annotate(**held)
    best: dict[int, tuple] = {}
    standing: dict[int, set[str]] = {}
    columns = ("entry", "entry__notice", "passage", "passage__kind", "passage__notice", "passage__page")
    for entry, own, passage, kind, notice, page, *holds in rows.values_list(*columns, *held):
        there = {name for name, holding in zip(held, holds, strict=True) if holding}
        if there:
            standing.setdefault(entry, set()).update(there)
            rank = (-len(there), notice != own, RANK[kind], page or 0, passage)
            best[entry] = min(best.get(entry, rank), rank)
    return {entry: rank[-1] for entry, rank in best.items() if len(standing[entry]) == len(held)}


def _flag(word: Word) -> Case:
    holds = When(stands_in("passage__folded", word), then=Value(True))
    return Case(holds, default=Value(False), output_field=BooleanField())


def _place(notice: int | None, passage: Passage, reader: str, below: papers.Papers) -> Place:
    kind = Kind(passage.kind)
    if notice is None:
        return Place(kind)
    for attachment in below.get(notice, ()) if reader == Reader.STAFF else papers.of(notice, below):
        if passage.attachment_id == attachment.pk:
            return Place(kind, None, attachment)
        if kind == Kind.FILE and attachment.file_id == passage.file_id:
            return Place(kind, passage.page, attachment)
        if kind == Kind.LETTER and attachment.enclosed_id == passage.notice_id != notice:
            return Place(kind, None, attachment)
    return Place(kind)
