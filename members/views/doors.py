"""Doors: views that only some roles may enter. A stranger's page does not exist: 404.

Staff who have not shown a second factor in this session are led to it; so is whoever has shown it too long ago for what
they want to do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from members import history
from members.accounts import factors
from members.models import Capacity
from members.views.back import came_from

View = Callable[..., HttpResponse]


def only(allowed: Callable[[Capacity | None], bool]) -> Callable[[View], View]:
    """Sign-in first; then 404 for capacities that the predicate refuses."""

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return signin_first(request)
            if not allowed(request.capacity):
                if allowed(request.withheld):
                    return second_factor_first(request)
                raise refused(request)
            return view(request, *args, **kwargs)

        return inside

    return door


def with_duty(allowed: Callable[[Capacity | None], bool], words: str) -> Callable[[View], View]:
    """Inside of a door for staff: all may look; whoever presses without the duty is told so, and sees the page."""

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not allowed(request.capacity):
                messages.error(request, f"何も変えていません。{words}")
                here = request.get_full_path()
                return HttpResponseClientRedirect(here) if request.htmx else redirect(here)
            return view(request, *args, **kwargs)

        return inside

    return door


def proven(view: View) -> View:
    """Signed in, and a second factor shown a short while ago, where the account has one."""

    @login_required
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not factors.is_fresh(request) and factors.kinds(request.user):
            return second_factor_again(request)
        return view(request, *args, **kwargs)

    return inside


def second_factor_first(request: HttpRequest) -> HttpResponse:
    """The way to the second factor that staff need, and back."""
    return HttpResponse(status=401) if request.htmx else by_way_of("second_factor", request.get_full_path())


def second_factor_again(request: HttpRequest) -> HttpResponse:
    """The way to show the second factor once more, and back."""
    return by_way_of("prove", request.get_full_path())


def by_way_of(name: str, page: str) -> HttpResponseRedirect:
    """To a page of ours by its name, and from there on to `page`, where that is not empty."""
    return redirect_to_login(page, login_url=resolve_url(name)) if page else redirect(name)


def on(request: HttpRequest, default: str = "home") -> HttpResponseRedirect:
    """To the page that somebody wanted before, or to the default."""
    return redirect(came_from(request) or default)


def signin_first(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in and back. A script that asked for a part of a page gets none and leaves what is there."""
    return HttpResponse(status=401) if request.htmx else redirect_to_login(request.get_full_path())


def refused(request: HttpRequest) -> Http404:
    """What to raise where somebody reaches for what is another's. To have pressed something there is recorded."""
    if request.method == "POST":
        token = request.resolver_match.kwargs.get("token")
        path = request.path.replace(token, "…") if token else request.path
        history.record("access.refused", actor=request.actor, path=path)
    return Http404()
