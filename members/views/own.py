"""自分のアカウント: what a person is on the site, how they show it, and where they are signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members import access
from members.accounts import capacities, factors, sessions
from members.models import Capacity
from members.views.doors import refused

ANSWERS = {"accept": capacities.accept, "decline": capacities.decline}


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Name, address, capacities, second factors and sessions of whoever is signed in."""
    standing = request.user.capacities.standing().filter(invited_as="").select_related("organisation")
    shown = factors.of(request.user)
    context = {
        "capacities": standing,
        "invitations": request.user.capacities.unanswered().count(),
        "is_staff": any(access.is_staff(one) for one in standing),
        "apps": [one for one in shown if one.type == factors.APP],
        "passkeys": [one for one in shown if one.type == factors.PASSKEY],
        "has_codes": any(one.type == factors.CODES for one in shown),
        "places": sessions.places(request.user, request),
    }
    return render(request, "account/own.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """「受ける」 or 「断る」, of an invitation to somebody who had an account already."""
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        get_object_or_404(request.user.capacities.unanswered(), pk=pk)
        return redirect("capacity")
    try:
        answered = answer(request.user, pk, request.actor)
    except Capacity.DoesNotExist as error:
        raise refused(request) from error
    if answered.ended_at is None:
        messages.success(request, f"招待を受けました。{answered} として操作するときは、下で選んでください。")
    else:
        messages.success(request, f"{answered} としての招待を断りました。")
    return redirect("capacity")


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
