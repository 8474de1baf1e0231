"""The first page: each role begins where its work is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from members import access
from members.views.doors import second_factor_first


@login_required
def home(request: HttpRequest) -> HttpResponse:
    if access.is_staff(request.capacity):
        return redirect("notices:today")
    if access.is_chair(request.capacity):
        return redirect("notices:district")
    if access.is_pharmacy(request.capacity):
        return redirect("notices:own")
    if request.withheld:
        return second_factor_first(request)
    if request.user.capacities.unanswered().exists():
        return redirect("capacity")
    return render(request, "account/no_capacity.html", status=403)
