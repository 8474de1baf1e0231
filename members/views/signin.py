"""Pages of signing in, signing out and choosing a capacity."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import signin
from members.models import Capacity
from members.views.doors import refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def use_pass(request: HttpRequest, token: str) -> HttpResponse:
    """The operator's one-time address: GET shows a button, only its POST signs in."""
    if request.method != "POST":
        found = signin.find_pass(token)
        return render(request, "account/pass.html", {"found": found}, status=200 if found else 410)
    account = signin.use_pass(token)
    if account is None:
        return render(request, "account/pass.html", {"found": None}, status=410)
    login(request, account, backend=BACKEND)
    return redirect("home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_capacity(request: HttpRequest) -> HttpResponse:
    """「どの立場で」: the account's capacities, one of them chosen by POST."""
    if request.method == "POST":
        try:
            chosen = signin.choose_capacity(request, request.user, int(request.POST.get("capacity", "")))
        except ValueError as error:
            raise Http404 from error
        except Capacity.DoesNotExist as error:
            raise refused(request) from error
        messages.success(request, f"{chosen} として操作します。")
        return redirect("home")
    capacities = request.user.capacities.current().select_related("organisation")
    return render(request, "account/capacity.html", {"capacities": capacities})
