"""メールの仕上がり: the mails of a draft, to look at and to try out on oneself."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices import pdf
from notices.models import Notice
from notices.models.receipt import Audience
from notices.procedures import rehearse
from notices.views.drafts import draft_or_scheduled
from notices.views.outbox import MAIL_POLICY

logger = logging.getLogger(__name__)

KEPT = "このサイトはメールサーバーにつながっていないため、送っていません。メールの仕上がりは、この画面で見られます。"
UNSENT = "試しのメールを送れませんでした。"
WHAT_TO_DO = (
    "下書きはそのままです。少し待って、もう一度お試しください。続くときは、システムの管理者にお知らせください。"
)


@draft_or_scheduled
@require_safe
def mails(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Headers and text of the mails to pharmacies and to chairs, as they would be today."""
    shown = [(audience, rehearse.mail(notice, audience, request.user.email)) for audience in rehearse.AUDIENCES]
    context = {"notice": notice, "mails": shown, "is_mailing": bool(settings.EMAIL_URL)}
    return render(request, "letters/mails.html", context)


@draft_or_scheduled
@require_safe
def mail_html(request: HttpRequest, notice: Notice, audience: str) -> HttpResponse:
    """The HTML of one of them as a mail program shows it."""
    [alternative] = rehearse.mail(notice, Audience(audience), request.user.email).alternatives
    return HttpResponse(alternative.content, headers={"Content-Security-Policy": MAIL_POLICY})


@draft_or_scheduled
@require_POST
def try_out(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Send the mails to whoever is signed in."""
    if not settings.EMAIL_URL:
        messages.info(request, KEPT)
        return redirect("notices:mails", notice.pk)
    try:
        sent = rehearse.send(notice, request.user)
    except rehearse.NotSent as fault:
        before = f"{fault.sent} 通目までは送りました。" if fault.sent else ""
        messages.error(request, f"{UNSENT}{fault}{before}{WHAT_TO_DO}")
    except pdf.RenderFailed:
        logger.exception("The letter of draft %s could not be rendered.", notice.pk)
        messages.error(request, f"{UNSENT}公文書の PDF を作れませんでした。{WHAT_TO_DO}")
    else:
        messages.success(
            request,
            f"試しのメール {sent} 通を {request.user.email} に送りました。"
            "届かないときは、迷惑メールのフォルダーも見てください。",
        )
    return redirect("notices:check", notice.pk)
