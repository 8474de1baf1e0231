"""What was typed survives the end of a session: it waits until the person has signed in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

from notices.views.doors import signin_first

KEY = "typed"
MOST_LETTERS = 300_000

View = Callable[..., HttpResponse]


def keeps_typed(view: View) -> View:
    """A form sent after the session has ended is kept, the sign-in page shown, and the form given back afterwards.

    Stands outside of the door. Chosen files are not kept.
    """

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            typed = request.POST.urlencode()
            if not request.htmx and len(typed) <= MOST_LETTERS:
                request.session[KEY] = {"path": request.get_full_path(), "typed": typed}
            return signin_first(request)
        return view(request, *args, **kwargs)

    return inside


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when that is nothing, or what is given back to it; None when there is neither."""
    return request.POST if request.method == "POST" else given_back(request)


def given_back(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page's form before the session ended, once; None when there is nothing."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.get_full_path():
        return None
    del request.session[KEY]
    messages.warning(
        request,
        "まだ保存していません。サインインの期限が切れたためです。入力した内容は戻しましたので、もう一度保存してください。",
    )
    return QueryDict(kept["typed"])
