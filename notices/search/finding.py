"""Finding: entries that have the words' grams, and whether the words really stand there.

Words of up to three characters are found exactly, by the index alone. Of longer ones the index knows where they may
stand; where that is in few places, the texts tell; where it is in many, the number is told as being about so many, and
only what a page shows is looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Value, When

from notices.grams import grams_in
from notices.models import Entry
from notices.models.grams import number_in_index
from notices.search.places import Standing, best_passages, stands_in
from notices.search.words import Word

# As many entries have their texts looked through; more would take longer than somebody waits.
MOST_PROVED = 200
COLUMNS = ("pk", "notice", "packet", "reader")
# Puts entries in their order.
Rank = Callable[[QuerySet[Entry]], QuerySet[Entry]]


class Scope(NamedTuple):
    """Among which entries is searched; `mark` is the gram that they have and no others, if there is one."""

    entries: QuerySet[Entry]
    mark: str = ""

    def within(self, notices: QuerySet) -> "Scope":
        """Only the entries of these notices."""
        return Scope(self.entries.filter(notice__in=notices.order_by().values("pk")))


class Row(NamedTuple):
    """One entry that was found, as much of it as its place in the list needs."""

    entry: int
    notice: int | None
    packet: int | None
    reader: str


@dataclass(frozen=True)
class Found:
    """What was found, in its order, as a sequence that is cut into pages.

    `entries` are the same for use in other queries. `is_exact` unless there are too many for their texts to be looked
    through: then some of them may hold the words' grams only. `places`, where the texts were looked through: by entry
    the passage that holds most of the words.
    """

    entries: QuerySet[Entry]
    count: int
    rank: Rank
    is_exact: bool = True
    places: Mapping[int, Standing] | None = None

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, part: slice) -> list[Row]:
        if not isinstance(part, slice):
            raise TypeError("What was found is cut into pages.")
        if not self.count:
            return []
        return [Row(*row) for row in self.rank(self.entries).values_list(*COLUMNS)[part]]


def find(words: Sequence[Word], scope: Scope, rank: Rank) -> Found:
    """The entries in scope that hold every word, in whatever order and place; none where there is no word."""
    if not words:
        return Found(scope.entries.none(), 0, rank)
    having = _having(words, scope.entries)
    count = _number(words, scope, having)
    if not count or all(word.is_proved_by_grams for word in words):
        return Found(having, count, rank)
    if count > MOST_PROVED:
        return Found(having, count, rank, is_exact=False)
    places = best_passages(list(having.values_list("pk", flat=True)), words)
    return Found(Entry.objects.filter(pk__in=places), len(places), rank, places=places)


def best_first(entries: QuerySet[Entry], words: Sequence[Word]) -> QuerySet[Entry]:
    """Those that have every word in number, subject or issuer before the others; within both the latest first.

    Districts' letters follow the others: they have the subject of the notice that they pass on, each of them.
    """
    at_head = reduce(and_, (stands_in("head", word) for word in words))
    ranked = entries.annotate(rank=Case(When(at_head, then=Value(1)), default=Value(2)))
    return latest_first(ranked, "rank", "is_letter")


def latest_first(entries: QuerySet[Entry], *before: str) -> QuerySet[Entry]:
    """Drafts have no date yet and count as the latest."""
    return entries.order_by(*before, F("date").desc(nulls_first=True), "-pk")


def _having(words: Sequence[Word], entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """All that is sought in one way only is asked in one condition: the index is fastest so."""
    if single := _grams(word for word in words if len(word.forms) == 1):
        entries = entries.filter(grams__hold=single)
    for word in words:
        if len(word.forms) > 1:
            entries = entries.filter(reduce(or_, (Q(grams__hold=grams_in(form)) for form in word.forms)))
    return entries


def _number(words: Sequence[Word], scope: Scope, having: QuerySet[Entry]) -> int:
    """How many there are: by the index alone where it can tell, which looks at no entry."""
    if scope.mark and all(len(word.forms) == 1 for word in words):
        return number_in_index([scope.mark, *_grams(words)])
    return having.count()


def _grams(words: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(gram for word in words for gram in grams_in(word.forms[0])))
