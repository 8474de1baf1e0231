"""Where the words stand: of each entry the passage that holds most of them."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from notices.models import Entry, Passage
from notices.search.words import Word

Link = Entry.passages.through
# Which place is shown where several hold as many words: in the notice before its papers, the letter before the rest.
RANK = {kind: rank for rank, kind in enumerate(Passage.Kind.values)}
# More words than these are not looked for in every place, unless only the texts can tell whether they stand there.
MOST_SOUGHT = 5


class Standing(NamedTuple):
    """A passage, as much of it as its place and its excerpt need."""

    kind: str
    notice: int | None
    page: int | None
    attachment: int | None
    file: int | None
    text: str


def best_passages(entries: Sequence[int], words: Sequence[Word]) -> dict[int, Standing]:
    """By entry, of which every word stands somewhere: the passage that holds most of them."""
    if not entries:
        return {}
    sought = _sought(words)
    held = {f"holds_{number}": _flag(word) for number, word in enumerate(sought)} if len(sought) > 1 else {}
    holding = reduce(or_, (stands_in("passage__folded", word) for word in sought))
    rows = Link.objects.filter(holding, entry__in=entries).annotate(**held)
    best: dict[int, tuple[tuple, Standing]] = {}
    found: dict[int, set[str]] = {}
    columns = ("entry", "entry__notice", "passage", *(f"passage__{name}" for name in Standing._fields))
    for entry, own, key, *values in rows.values_list(*columns, *held):
        passage = Standing(*values[: len(Standing._fields)])
        there = {name for name, is_held in zip(held, values[len(Standing._fields) :], strict=True) if is_held}
        found.setdefault(entry, set()).update(there)
        rank = (-len(there), passage.notice != own, RANK[passage.kind], passage.page or 0, key)
        if entry not in best or rank < best[entry][0]:
            best[entry] = rank, passage
    return {entry: passage for entry, (_, passage) in best.items() if len(found[entry]) == len(held)}


def stands_in(field: str, word: Word) -> Q:
    """Whether a folded text holds the word. Not by LIKE, which on SQLite takes ten times as long."""
    return reduce(or_, (Q(GreaterThan(StrIndex(F(field), Value(form)), 0)) for form in word.forms))


def _sought(words: Sequence[Word]) -> list[Word]:
    unproved = [word for word in words if not word.is_proved_by_grams]
    proved = [word for word in words if word.is_proved_by_grams]
    return unproved + proved[: max(0, MOST_SOUGHT - len(unproved))]


def _flag(word: Word) -> Case:
    holds = When(stands_in("passage__folded", word), then=Value(True))
    return Case(holds, default=Value(False), output_field=BooleanField())
