"""Doors: views that only some roles may enter. A stranger's page does not exist: 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from members import history
from members.models import Capacity

View = Callable[..., HttpResponse]


def only(allowed: Callable[[Capacity | None], bool]) -> Callable[[View], View]:
    """Sign-in first; then 404 for capacities that the predicate refuses."""

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return signin_first(request)
            if not allowed(request.capacity):
                raise refused(request)
            return view(request, *args, **kwargs)

        return inside

    return door


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
