"""What every request carries: who acts, and in which capacity."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure

from members import signin
from members.history import Actor

Answer = Callable[[HttpRequest], HttpResponse]


class CapacityMiddleware:
    """Sets `request.capacity` (None where nobody is signed in) and `request.actor`."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user if request.user.is_authenticated else None
        request.capacity = signin.current_capacity(request, account)
        request.actor = Actor(account, request.capacity)
        return self.answer(request)


def own_forms(answer: Answer) -> Answer:
    """Takes forms from pages of this site only, as far as the browser says whence they come (W3C, Fetch Metadata).

    "Origin: null", which our own pages send because they give no referrer, could be anybody's.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        changes = request.method not in ("GET", "HEAD", "OPTIONS", "TRACE")
        if changes and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return csrf_failure(request, reason="The form comes from another site.")
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
