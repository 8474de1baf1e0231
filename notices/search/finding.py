"""Finding: entries that have the words' grams, and whether the words really stand there.

Words of up to three characters are found exactly, by the index alone. Of longer ones the index knows where they may
stand; where that is in few places, the texts tell; where it is in many, the number is told as being about so many, and
only what a page shows is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from notices.grams import grams_in
from notices.models import Entry
from notices.search.words import Word

# As many entries have their texts looked through; more would take longer than somebody waits.
MOST_PROVED = 200
Link = Entry.passages.through


@dataclass(frozen=True)
class Found:
    """Entries, and how many: `is_exact` unless they are too many for their texts to be looked through."""

    entries: QuerySet[Entry]
    count: int
    is_exact: bool = True


def find(words: Sequence[Word], entries: QuerySet[Entry]) -> Found:
    """Those of the entries that hold every word, in whatever order and place; none where there is no word."""
    if not words:
        return Found(entries.none(), 0)
    having = _having(words, entries)
    if all(word.is_proved_by_grams for word in words):
        return Found(having, having.count())
    few = list(having.values_list("pk", flat=True)[: MOST_PROVED + 1])
    if len(few) > MOST_PROVED:
        return Found(having, having.count(), is_exact=False)
    proved = _proved(words, few)
    return Found(Entry.objects.filter(pk__in=proved), len(proved))


def best_first(entries: QuerySet[Entry], words: Sequence[Word]) -> QuerySet[Entry]:
    """Those that have every word in number, subject or issuer before the others; within both the latest first."""
    at_head = reduce(and_, (stands_in("head", word) for word in words))
    ranked = entries.annotate(rank=Case(When(at_head, then=Value(1)), default=Value(2)))
    return latest_first(ranked, "rank")


def latest_first(entries: QuerySet[Entry], *before: str) -> QuerySet[Entry]:
    """Drafts have no date yet and count as the latest."""
    return entries.order_by(*before, F("date").desc(nulls_first=True), "-pk")


def _having(words: Sequence[Word], entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """All that is sought in one way only is asked in one condition: the index is fastest so."""
    single = [gram for word in words if len(word.forms) == 1 for gram in grams_in(word.forms[0])]
    if single:
        entries = entries.filter(grams__hold=list(dict.fromkeys(single)))
    for word in words:
        if len(word.forms) > 1:
            entries = entries.filter(reduce(or_, (Q(grams__hold=grams_in(form)) for form in word.forms)))
    return entries


def _proved(words: Sequence[Word], entries: Sequence[int]) -> set[int]:
    left = set(entries)
    for word in words:
        if not word.is_proved_by_grams:
            holding = Link.objects.filter(stands_in("passage__folded", word), entry__in=left)
            left = set(holding.values_list("entry", flat=True).distinct())
    return left


def stands_in(field: str, word: Word) -> Q:
    """Whether a folded text holds the word. Not by LIKE, which on SQLite takes ten times as long."""
    return reduce(or_, (Q(GreaterThan(StrIndex(F(field), Value(form)), 0)) for form in word.forms))
