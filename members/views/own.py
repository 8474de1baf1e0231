"""自分のアカウント: what a person is on the site, how they show it, and where they are signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members import access
from members.accounts import factors, sessions


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Name, address, capacities, second factors and sessions of whoever is signed in."""
    capacities = request.user.capacities.standing().select_related("organisation")
    shown = factors.of(request.user)
    context = {
        "capacities": capacities,
        "is_staff": any(access.is_staff(one) for one in capacities),
        "apps": [one for one in shown if one.type == factors.APP],
        "passkeys": [one for one in shown if one.type == factors.PASSKEY],
        "has_codes": any(one.type == factors.CODES for one in shown),
        "places": sessions.places(request.user, request),
    }
    return render(request, "account/own.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session of one's own (`session`), or all but this one."""
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        only = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else None
        here = request.session.session_key
        ended = sessions.end(request.user, request.actor, only=only, but=here) if only or not wanted else 0
        if ended:
            messages.success(
                request, f"ほかの端末 {ended} 台のサインインを終えました。その端末では、もう操作できません。"
            )
        else:
            messages.info(request, "終えるサインインは、ほかにありません。")
    return redirect("own_account")
