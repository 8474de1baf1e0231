"""2つ目の確認: setting one up, ending it, and showing it again."""

from typing import Any

import segno
from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from members.accounts import factors
from members.accounts.factors import APP, CODES, PASSKEY
from members.forms.factors import AppForm, PasskeyAgainForm, PasskeyForm, SecondFactorForm
from members.views.back import came_from
from members.views.doors import by_way_of, on, proven, refused

PAGE = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(["GET", "HEAD"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """「事務局の操作には、2つ目の確認が必要です」: shown where there is one, set up where there is none."""
    if factors.is_shown(request):
        return on(request)
    if factors.kinds(request.user):
        return by_way_of("prove", came_from(request))
    return render(request, "account/second_factor.html", {"back": came_from(request)})


@login_required
@require_http_methods(PAGE)
def prove(request: HttpRequest) -> HttpResponse:
    """The second factor once more: a code, or a passkey; then on to `next`."""
    form = SecondFactorForm(user=request.user)
    passkey = PasskeyAgainForm(user=request.user)
    kinds = factors.kinds(request.user)
    if request.method == "POST" and kinds:
        if "code" in request.POST:
            used = form = SecondFactorForm(request.POST, user=request.user)
        else:
            used = passkey = PasskeyAgainForm(request.POST, user=request.user)
        if used.is_valid():
            used.save()
            return on(request)
    context = {"form": form, "passkey": passkey, "kinds": kinds, "back": came_from(request)}
    return render(request, "account/prove.html", context, status=422 if request.method == "POST" else 200)


@proven
@require_http_methods(PAGE)
def app(request: HttpRequest) -> HttpResponse:
    """認証アプリ: a QR code for the app, and its first code."""
    form = AppForm(request.POST if request.method == "POST" else None, account=request.user)
    if request.method == "POST" and form.is_valid():
        return _set_up(request, factors.add_app(request.user, form.secret, request.actor))
    secret, sealed = factors.new_secret(request.user)
    if form.is_bound and form.secret:
        secret, sealed = form.secret, form.data["sealed"]
    address = factors.Adapter().build_totp_url(request.user, secret)
    context = {
        "form": form,
        "sealed": sealed,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": segno.make(address, error="m").png_data_uri(scale=6, border=4),
        "address": address,
        "replaces": APP in factors.kinds(request.user),
        "back": came_from(request),
    }
    return render(request, "account/app.html", context, status=422 if form.errors else 200)


def _set_up(request: HttpRequest, made: Authenticator) -> HttpResponse:
    """The browser has just shown what was set up. Then the recovery codes are to be written down."""
    factors.note(request, request.user, type=made.type)
    messages.success(request, f"{factors.NAMES[made.type]}を登録しました。次に、回復コードを紙に控えてください。")
    return by_way_of("recovery_codes", came_from(request))


@proven
@require_http_methods(PAGE)
def passkey(request: HttpRequest) -> HttpResponse:
    """パスキー: made by the browser, with the fingerprint, face or PIN that opens the machine."""
    form = PasskeyForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = factors.add_passkey(request.user, typed["name"], typed["credential"], request.actor)
        return _set_up(request, made)
    context = {"form": form, "back": came_from(request)}
    return render(request, "account/passkey.html", context, status=422 if form.errors else 200)


@proven
@require_http_methods(PAGE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an app or a passkey: asks first."""
    found = Authenticator.objects.exclude(type=CODES).filter(user=request.user, pk=pk).first()
    if found is None:
        raise refused(request)
    if request.method == "POST":
        factors.remove(request.user, found.pk, request.actor)
        messages.success(request, f"{factors.NAMES[found.type]}を外しました。もうサインインには使えません。")
        return redirect("own_account")
    others = Authenticator.objects.filter(user=request.user).exclude(type=CODES).exclude(pk=pk)
    context = {"name": _name(found), "is_last": not others.exists()}
    return render(request, "account/factor_end.html", context)


def _name(found: Authenticator) -> str:
    return f"{factors.NAMES[PASSKEY]}「{found.wrap().name}」" if found.type == PASSKEY else factors.NAMES[found.type]


@proven
@require_http_methods(PAGE)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """回復コード, to be kept on paper; POST makes others."""
    if CODES not in factors.kinds(request.user):
        raise refused(request)
    if request.method == "POST":
        factors.renew_recovery_codes(request.user, request.actor)
        messages.success(request, "回復コードを新しくしました。前の控えは使えません。捨ててください。")
        return redirect("recovery_codes")
    context: dict[str, Any] = {"back": came_from(request)}
    try:
        context["codes"] = factors.recovery_codes(request.user)
    except factors.Unreadable as error:
        context["unreadable"] = error.message
    return render(request, "account/recovery_codes.html", context)


# What a browser asks for before it makes or shows a passkey (W3C, Web Authentication). A POST, since the challenge is
# kept in the session.


@proven
@require_POST
def passkey_creation(request: HttpRequest) -> HttpResponse:
    return JsonResponse(webauthn.begin_registration(request.user, True))


@require_POST
def passkey_request(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in, whoever has typed the code of a mail, or, without naming an account, for a stranger."""
    account = request.user if request.user.is_authenticated else None
    stage = get_pending_stage(request)
    if isinstance(stage, AuthenticateStage):
        account = stage.login.user
    return JsonResponse(webauthn.begin_authentication(account))
