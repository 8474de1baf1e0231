"""Doors: views that only some roles may enter. A stranger's page does not exist: 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from members import access
from members.models import Capacity

View = Callable[..., HttpResponse]


def only(allowed: Callable[[Capacity | None], bool]) -> Callable[[View], View]:
    """Sign-in first; then 404 for capacities that the predicate refuses."""

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allowed(request.capacity):
                raise Http404
            return view(request, *args, **kwargs)

        return login_required(inside)

    return door


staff_only = only(access.is_staff)
chair_only = only(access.is_chair)
pharmacy_only = only(access.is_pharmacy)
