"""The doors of the personal and the 転送用 address, and the one page behind every address that does not open."""

from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.afterwards import afterwards
from notices import personal
from notices.boards import chain
from notices.forms.tracking import AddressForm
from notices.personal import Scope
from notices.procedures import resend
from notices.views.entrance import Entrance, View, receipts
from notices.views.papers import attached
from notices.views.succession import behind, replaced

# What programs that make links out of text take along from the sentence around them.
CLINGING = " 　。．.、，,；;：:！!？?…）)」』］]｝}】〕〉》＞>'\"’”"


def entered(view: View) -> View:
    """The recipient's own pages, for who holds its personal address."""

    @wraps(view)
    def inside(request: HttpRequest, token: str, **places: Any) -> HttpResponse:
        delivery = personal.find(token)
        if delivery is None:
            return closed(request, token)
        receipt = receipts().get(pk=delivery.receipt_id)
        frame = "recipient/frame_personal.html"
        return view(request, Entrance(receipt, "personal", token, frame, actor=request.actor), **places)

    return inside


def forwarded(view: View) -> View:
    """Letter and attachments, for who was sent the 転送用 address."""

    @wraps(view)
    def inside(request: HttpRequest, token: str, **places: Any) -> HttpResponse:
        delivery = personal.find(token, Scope.FORWARD)
        if delivery is None:
            return closed(request, token, "notices:forwarded")
        receipt = receipts().get(pk=delivery.receipt_id)
        return view(request, Entrance(receipt, "forwarded", token, "recipient/frame_forwarded.html"), **places)

    return inside


@require_safe
def forwarded_page(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """No names, no buttons."""
    notice = entrance.receipt.release.notice
    context = {
        "entrance": entrance,
        "urls": entrance.urls,
        "release": entrance.receipt.release,
        "notice": notice,
        "stops": chain.letters(notice),
        "papers": attached(entrance, notice),
        "superseded": behind(entrance),
        "supersedes": replaced(notice),
    }
    return render(request, "recipient/forwarded.html", context)


def closed(request: HttpRequest, token: str = "", name: str = "notices:personal") -> HttpResponse:
    """One page for unknown, cut-off, revoked and expired addresses. Its form posts to the address it stands at."""
    if request.method == "POST" and "email" in request.POST:
        return _ask_again(request, token)
    trimmed = token.rstrip(CLINGING)
    if trimmed and trimmed != token:
        return redirect(name, trimmed)
    return render(request, "recipient/closed.html", {"form": AddressForm()}, status=404)


def trailing(request: HttpRequest, token: str, rest: str) -> HttpResponse:
    """An address after whose last stroke something clings that belongs to the sentence: 「…/。」."""
    if request.method in ("GET", "HEAD") and not rest.strip(CLINGING):
        return redirect("notices:personal", token.rstrip(CLINGING))
    return closed(request, token)


def bare(request: HttpRequest) -> HttpResponse:
    """An address cut off before its token."""
    return closed(request)


def _ask_again(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is the same, and as fast, whether or not the address is registered."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "recipient/closed.html", {"form": form}, status=422)
    email = form.cleaned_data["email"]
    try:
        resend.count(email, get_adapter(request).get_client_ip(request))
    except resend.AskedTooOften:
        return render(request, "recipient/closed.html", {"form": form, "too_often": True}, status=429)
    except resend.NotNow:
        return render(request, "recipient/closed.html", {"form": form, "not_now": True}, status=503)
    afterwards(request, lambda: resend.ask(token, email))
    return render(request, "recipient/sent_again.html")
