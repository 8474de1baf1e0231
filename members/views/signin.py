"""Pages of signing in, signing out and choosing a capacity."""

import time
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import signin
from members.accounts import factors, sessions
from members.forms.signin import RequestCodeForm
from members.models import Capacity
from members.views.doors import refused

# When a code was last sent again, by the clock of the system, and how long it may take to arrive.
SENT_AGAIN, SECONDS_TO_WAIT = "code_sent_again", 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class RequestCode(RequestLoginCodeView):
    """Asks for the address, also of whoever is asked for a code: to send it again, or to another one."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        """allauth would lead back to the page of the code, from which there would be no way then."""
        if stage.key == LoginByCodeStage.key:
            return None
        return super()._redirect_to_pending_stage(request, stage)

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        """Whoever has it sent again reads that this was done, be the address known or not.

        Of several codes only the newest is good: whoever presses twice in a minute is asked to wait for it.
        """
        now, sent = time.time(), self.request.session.get(SENT_AGAIN, 0)
        if "again" in self.request.POST:
            if now - sent < SECONDS_TO_WAIT:
                messages.info(self.request, "コードは、いま送ったばかりです。届くまで、1 分ほどお待ちください。")
                return redirect(self.get_success_url())
            self.request.session[SENT_AGAIN] = now
            messages.success(self.request, "コードをもう一度送りました。新しいほうのコードを入れてください。")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`has_code`: a code was sent before, which may still be entered."""
        stage = get_pending_stage(self.request)
        has_code = stage is not None and stage.key == LoginByCodeStage.key
        return super().get_context_data(**kwargs) | {"has_code": has_code}


class ConfirmCode(ConfirmLoginCodeView):
    """Asks for the code, and says how many more times it may be typed wrongly."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`tries_left`: what is said of them once it was typed wrongly; the error of the field says it itself."""
        context = super().get_context_data(**kwargs)
        form, failed = context["verify_form"], self._process.state["failed_attempts"]
        if not failed:
            return context
        tries = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS - failed
        told = f"あと {tries} 回まで入れられます。それでも合わないときは、新しいコードを送ってください。"
        if form.errors:
            form.add_error("code", told)
        return context | {"tries_left": "" if form.errors else told}


class SecondStep(AuthenticateView):
    """After the code of the mail, for accounts that have a second factor: it is asked for."""

    template_name = "account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth would begin a passkey's ceremony here; it begins when its button is pressed."""
        return {
            "form": self.auth_form,
            "passkey": self.webauthn_form,
            "kinds": factors.kinds(self.stage.login.user),
        }


class PasskeySignin(LoginWebAuthnView):
    """「パスキーでサインインする」, whose button stands on the sign-in page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def use_pass(request: HttpRequest, token: str) -> HttpResponse:
    """The operator's one-time address: GET shows a button, only its POST signs in."""
    if request.method != "POST":
        found = signin.find_pass(token)
        return render(request, "account/pass.html", {"found": found}, status=200 if found else 410)
    account = signin.use_pass(token)
    if account is None:
        return render(request, "account/pass.html", {"found": None}, status=410)
    login(request, account, backend=BACKEND)
    factors.note(request, account, "pass")
    sessions.note(request)
    return redirect("home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_capacity(request: HttpRequest) -> HttpResponse:
    """「どの立場で」: the account's capacities, one of them chosen by POST."""
    if request.method == "POST":
        try:
            chosen = signin.choose_capacity(request, request.user, int(request.POST.get("capacity", "")))
        except ValueError as error:
            raise Http404 from error
        except Capacity.DoesNotExist as error:
            raise refused(request) from error
        messages.success(request, f"{chosen} として操作します。")
        return redirect("home")
    context = {
        "capacities": request.user.capacities.current().select_related("organisation"),
        "invitations": request.user.capacities.unanswered().select_related("organisation"),
    }
    return render(request, "account/capacity.html", context)
