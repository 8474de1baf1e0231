"""名簿の取込のしかた: how a load goes, what the columns mean, and a sample to fill in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import access
from members.roster.loading import explaining
from members.views.doors import only
from members.views.download import saved, wanted


@only(access.can_edit_roster)
@require_safe
def load_help(request: HttpRequest) -> HttpResponse:
    """The explanation; by `format` the sample as a file."""
    if kind := wanted(request):
        return saved(explaining.sample(), kind)
    return render(request, "members/load_help.html", {"columns": explaining.columns()})
