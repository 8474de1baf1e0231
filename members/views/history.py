"""記録: everything that happened, for the association's staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access
from members.filters import HistoryFilter
from members.models import Seal
from members.tables.history import HistoryTable
from members.views.doors import only

PER_PAGE = 100


@only(access.can_see_history)
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All events, the latest first; for administrators with whence they came."""
    traces = access.can_see_traces(request.capacity)
    events = access.events_visible_to(request.capacity)
    events = events.select_related("account", "capacity__organisation", "organisation", *["trace"] * traces)
    chosen = HistoryFilter(request.GET, events, request=request)
    table = HistoryTable(chosen.qs, traces=traces)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    seal = Seal.objects.defer("fingerprints").order_by("-number").first()
    return render(request, "members/history.html", {"filter": chosen, "table": table, "seal": seal})
