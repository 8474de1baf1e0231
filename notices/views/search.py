"""What staff search: the archive from its list, and everything from the box at the head of each page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import access
from members.models.organisation import Kind
from notices.filters.archive import NoticeFilter
from notices.letters import ledger
from notices.search.searching import Search, notices_for, packets_for
from notices.views import hits
from notices.views.doors import staff_only
from notices.views.ledger import ledger_at

PER_PAGE = 20
# How many of each kind the search of everything shows before it leads to the lists.
FOUND = 10


def found_notices(request: HttpRequest, query: str, chosen: NoticeFilter) -> HttpResponse:
    """The notices in which every word stands, in their letter or their papers, with the place where it does."""
    scope = notices_for(request.capacity)
    if chosen.narrows:
        scope = scope.within(chosen.qs)
    by_date = request.GET.get("order") == "date"
    search = Search(query, scope, by_date=by_date)
    page = search.page(request.GET.get("page"), PER_PAGE)
    context = {
        "filter": chosen,
        "query": query,
        "search": search,
        "page": page,
        "shown": hits.for_staff(page.object_list, search.words),
        "packet_count": Search(query, packets_for(request.capacity)).found.count,
        "number_count": len(ledger.by_hand(search.words)),
    }
    return render(request, "boards/found.html", context)


@staff_only
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One box for notices, packets, pharmacies and numbers entered by hand; nothing typed, nothing is sought."""
    query = request.GET.get("q", "").strip()
    notices, packets = (Search(query, of(request.capacity)) for of in (notices_for, packets_for))
    members = access.organisations_visible_to(request.capacity).exclude(kind=Kind.ISSUER).current()
    organisations = members.matching(query).select_related("parent") if query else members.none()
    numbers = ledger.by_hand(notices.words)
    context = {
        "query": query,
        "notices": notices,
        "shown": hits.for_staff(notices.page(1, FOUND).object_list, notices.words),
        "packets": packets,
        "arrived": hits.in_packets(packets.page(1, FOUND).object_list),
        "organisations": organisations[:FOUND],
        "organisation_count": organisations.count(),
        "numbers": [(line, f"{ledger_at(line)}&q={line.serial}") for line in numbers[:FOUND]],
        "number_count": len(numbers),
    }
    return render(request, "boards/search.html", context)
