"""地区の推移: the districts over the latest notices, for staff; for a chair its own beside the prefecture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access
from notices import hops
from notices.boards import trends as board
from notices.models import Notice
from notices.tables.trends import TrendTable
from notices.views.archive import may_follow
from notices.views.doors import only


@only(may_follow)
@require_safe
def trends(request: HttpRequest) -> HttpResponse:
    """確認率 and days of each district over the latest notices, and the notices with those of all together."""
    district = None if access.is_staff(request.capacity) else request.capacity.organisation
    found = board.of(Notice.objects.visible_to(request.capacity), district)
    table = TrendTable(found)
    RequestConfig(request, paginate=False).configure(table)
    own = found.districts[0].points if district and found.districts else [None] * len(found.releases)
    deadlines = {release.pk: release.deadline for release in found.releases}
    if district:
        deadlines |= hops.deadlines(found.releases, district)
    rows = zip(found.releases, deadlines.values(), found.whole.points, own, strict=True)
    context = {"table": table, "notices": list(rows)[::-1], "district": district}
    return render(request, "boards/trends.html", context)
