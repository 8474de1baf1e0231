"""One search: who searches, by what, where, and the pages of what is found."""

from collections.abc import Iterable
from functools import partial

from django.core.paginator import Page, Paginator

from members import access
from members.models import Capacity
from notices.grams import STAFF
from notices.models import Entry, Notice, Reader
from notices.search.finding import COLUMNS, Row, Scope, best_first, find, latest_first
from notices.search.results import Hit, hits
from notices.search.words import words_of


class Search:
    """What was typed, sought in scope. Nothing is found where nothing was typed but spaces and marks."""

    def __init__(self, typed: str, scope: Scope, *, by_date: bool = False) -> None:
        self.words = words_of(typed)
        self.by_date = by_date
        self.found = find(self.words, scope, latest_first if by_date else partial(best_first, words=self.words))

    def page(self, number: str | int | None, per_page: int) -> Page:
        """That page, or the nearest there is, of hits: the best first, or the latest."""
        page = Paginator(self.found, per_page).get_page(number)
        page.object_list = hits(page.object_list, self.words, self.found.places)
        return page

    def hits_in(self, notices: Iterable[int]) -> dict[int, Hit]:
        """The hits among these notices, by notice."""
        rows = self.found.entries.filter(notice__in=notices).values_list(*COLUMNS)
        return {hit.notice: hit for hit in hits([Row(*row) for row in rows], self.words, self.found.places)}


def notices_for(capacity: Capacity | None) -> Scope:
    """The entries of every notice that exists for this capacity, as it may read them."""
    if access.is_staff(capacity):
        return Scope(Entry.objects.filter(reader=Reader.STAFF, notice__isnull=False), STAFF)
    reader = Reader.DISTRICT if access.is_chair(capacity) else Reader.PHARMACY
    return Scope(Entry.objects.filter(reader=reader)).within(Notice.objects.visible_to(capacity))


def packets_for(capacity: Capacity | None) -> Scope:
    """The entries of packets: staff's only."""
    return Scope(Entry.objects.filter(packet__isnull=False) if access.is_staff(capacity) else Entry.objects.none())
