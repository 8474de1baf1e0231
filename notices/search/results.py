"""What a search shows: each notice or packet with the places where the words stand in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, Value, When

from notices.models import Attachment, Entry, Notice, Packet, Passage, Reader
from notices.search import papers
from notices.search.excerpts import Part, excerpt, marked
from notices.search.finding import Link, stands_in
from notices.search.words import Word

Kind = Passage.Kind
# Which place is shown where several hold as many words: what is nearest to the letter.
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
    """One notice or packet, its title with the words marked, and an excerpt from the place that holds most of them."""

    entry: Entry
    title: list[Part] = field(default_factory=list)
    place: Place | None = None
    excerpt: list[Part] = field(default_factory=list)

    @property
    def notice(self) -> Notice | None:
        return self.entry.notice

    @property
    def packet(self) -> Packet | None:
        return self.entry.packet


def hits(entries: Iterable[Entry], words: Sequence[Word]) -> list[Hit]:
    """A page of entries as they are shown; those in which a word does not stand after all are left out."""
    entries = list(entries)
    chosen = _best_passages([entry.pk for entry in entries], words)
    passages = Passage.objects.in_bulk(chosen.values())
    below = papers.below({entry.notice_id for entry in entries if entry.notice_id})
    found = []
    for entry in entries:
        if entry.pk not in chosen:
            continue
        passage = passages[chosen[entry.pk]]
        title = marked(entry.notice.subject, words) if entry.notice else []
        found.append(Hit(entry, title, _place(entry, passage, below), excerpt(passage.text, words)))
    return found


def _best_passages(entries: Sequence[int], words: Sequence[Word]) -> dict[int, int]:
    """By entry, of which every word stands somewhere: the passage that holds most of them."""
    shown = words[:MOST_SHOWN]
    held = {f"holds_{number}": _flag(word) for number, word in enumerate(shown)}
    rows = Link.objects.filter(entry__in=entries).annotate(**held)
    best: dict[int, tuple] = {}
    standing: dict[int, set[str]] = {}
    for entry, passage, kind, page, *holds in rows.values_list(
        "entry", "passage", "passage__kind", "passage__page", *held
    ):
        there = {name for name, holding in zip(held, holds, strict=True) if holding}
        if there:
            standing.setdefault(entry, set()).update(there)
            rank = (-len(there), RANK[kind], page or 0, passage)
            best[entry] = min(best.get(entry, rank), rank)
    return {entry: rank[-1] for entry, rank in best.items() if len(standing[entry]) == len(held)}


def _flag(word: Word) -> Case:
    holds = When(stands_in("passage__folded", word), then=Value(True))
    return Case(holds, default=Value(False), output_field=BooleanField())


def _place(entry: Entry, passage: Passage, below: papers.Papers) -> Place:
    kind = Kind(passage.kind)
    if entry.notice_id is None:
        return Place(kind)
    reachable = papers.of(entry.notice_id, below) if entry.reader != Reader.STAFF else below.get(entry.notice_id, ())
    for attachment in reachable:
        if passage.attachment_id == attachment.pk:
            return Place(kind, None, attachment)
        if kind == Kind.FILE and attachment.file_id == passage.file_id:
            return Place(kind, passage.page, attachment)
        if kind == Kind.LETTER and attachment.enclosed_id == passage.notice_id != entry.notice_id:
            return Place(kind, None, attachment)
    return Place(kind)
