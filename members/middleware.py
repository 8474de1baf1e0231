"""What every request carries: who acts, and in which capacity."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure

from members import history, signin
from members.history import Actor, Origin

Answer = Callable[[HttpRequest], HttpResponse]


class CapacityMiddleware:
    """Sets `request.capacity` (None where nobody is signed in) and `request.actor`.

    The capacity of staff is withheld until a second factor was shown in the session: `request.withheld` is it then, and
    no page can take them for staff. The doors show the way on.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user if request.user.is_authenticated else None
        capacity = signin.current_capacity(request, account)
        request.withheld = capacity if signin.wants_second_factor(request, capacity) else None
        request.capacity = None if request.withheld else capacity
        request.actor = Actor(account, request.capacity)
        return self.answer(request)


def traced(answer: Answer) -> Answer:
    """What a request records has a trace: whence it came, as the limits count it (ALLAUTH_TRUSTED_PROXY_COUNT)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with history.coming_from(lambda: _origin(request)):
            return answer(request)

    return middleware


def _origin(request: HttpRequest) -> Origin:
    try:
        address = get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # allauth's word for a request whose address nobody knows
        address = None
    return Origin(address, request.headers.get("User-Agent", "").replace("\0", ""))


def own_forms(answer: Answer) -> Answer:
    """Takes forms from pages of this site only, as far as the browser says whence they come (W3C, Fetch Metadata).

    Pages that send no Referer post their forms with "Origin: null" (Fetch standard), and so could a sandboxed page of
    anybody's. What shows that a form is ours: the token in it matches a cookie that no other site reads or, by its
    __Host- name, writes; cookies are SameSite=Lax; the browser says whence it comes. Django's own check, which follows,
    refuses an origin that is not the site's: it is given the site's for what has none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        changes = request.method not in ("GET", "HEAD", "OPTIONS", "TRACE")
        if changes and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return csrf_failure(request, reason="The form comes from another site.")
        if changes and request.headers.get("Origin") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return answer(request)

    return middleware


def private_pages(answer: Answer) -> Answer:
    """No page of the site is kept by a proxy or a browser's cache, save what a view itself allows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware
