"""What was typed survives the end of a session and the question for a second factor: it waits until that is over."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

from members.accounts import factors
from notices.views.doors import second_factor_again, signin_first

KEY = "typed"
MOST_LETTERS = 300_000
ENDED, UNPROVEN = "ended", "unproven"
WORDS = {
    ENDED: "まだ保存していません。サインインの期限が切れたためです。"
    "入力した内容は戻しましたので、もう一度保存してください。",
    UNPROVEN: "まだ何も決裁・発出・送信していません。入れた内容は戻しました。よければ、もう一度押してください。",
}

View = Callable[..., HttpResponse]


def keeps_typed(view: View) -> View:
    """A form sent after the session has ended is kept, the sign-in page shown, and the form given back afterwards.

    Stands outside of the door. Chosen files are not kept.
    """

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep(request, ENDED)
            return signin_first(request)
        return view(request, *args, **kwargs)

    return inside


def asks_again(view: View) -> View:
    """Sending to everybody wants a second factor that was shown a short while ago; the form is given back afterwards.

    Stands inside of the door.
    """

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not factors.is_fresh(request):
            _keep(request, UNPROVEN)
            return second_factor_again(request)
        return view(request, *args, **kwargs)

    return inside


def _keep(request: HttpRequest, why: str) -> None:
    typed = request.POST.urlencode()
    if not request.htmx and len(typed) <= MOST_LETTERS:
        request.session[KEY] = {"path": request.get_full_path(), "typed": typed, "why": why}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when that is nothing, or what is given back to it; None when there is neither."""
    return request.POST if request.method == "POST" else given_back(request)


def given_back(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page's form before it could be taken, once; None when there is nothing."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.get_full_path():
        return None
    del request.session[KEY]
    messages.warning(request, WORDS[kept["why"]])
    return QueryDict(kept["typed"])
