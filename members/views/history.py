"""記録: everything that happened, for the association's staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access
from members.filters import HistoryFilter
from members.models import Event
from members.tables import HistoryTable

PER_PAGE = 100


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All events, the latest first."""
    if not access.can_see_history(request.capacity):
        raise Http404
    events = Event.objects.select_related("account", "capacity__organisation", "organisation")
    chosen = HistoryFilter(request.GET, events, request=request)
    table = HistoryTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "members/history.html", {"filter": chosen, "table": table})
