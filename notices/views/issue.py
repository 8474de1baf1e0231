"""宛先を選ぶ、確かめて発出する."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notices import follow_ups, pdf
from notices.distribution import audience
from notices.distribution.reminders import days, plans
from notices.forms.audience import AudienceForm, ReleaseForm
from notices.letters import addressing, composing
from notices.models import Notice, Release
from notices.procedures import issue, refusals
from notices.procedures.approval_needed import are_many
from notices.views.checking import show_check
from notices.views.doors import publishing
from notices.views.drafts import draft_only, draft_or_scheduled
from notices.views.succession import Replaced, replaced
from notices.views.typed import asks_again, given_back, keeps_typed, posted

logger = logging.getLogger(__name__)

LEADS_TO = {"next": "notices:check", "back": "notices:compose"}


@keeps_typed
@draft_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Whom the draft is for, and by which way each is reached. A partial request counts what is ticked."""
    if supersedes := replaced(notice, linked=True):
        return _given(request, notice, supersedes)
    choice, follows_up = audience.choice_of(composing.plan_of(notice)), follow_ups.followed_up(notice)
    typed = request.POST if request.method == "POST" else given_back(request)
    form = AudienceForm(typed, choice=choice, follows_up=follows_up is not None)
    if request.method == "POST" and form.is_valid() and not request.htmx:
        addressing.address(notice.pk, request.actor, **form.cleaned_data)
        if form.narrowed:
            messages.info(request, "外した地区があるので、対象を「地区を選ぶ」にしました。")
        return redirect(LEADS_TO.get(request.POST.get("do"), "notices:recipients"), notice.pk)
    choice = form.choice()
    overview = audience.overview(**choice, follows=notice)
    context: dict[str, Any] = {"notice": notice, "form": form, "overview": overview, "follows_up": follows_up, **choice}
    context["asks_another"] = are_many(overview.pharmacies.total + overview.districts.total)
    if request.htmx:
        return render(request, "letters/reach.html", context)
    context |= _reminders(notice.release)
    context["tag_counts"] = [(tag, audience.pharmacies_with(tag)) for tag in form.fields["tags"].queryset]
    return render(request, "letters/recipients.html", context)


def _reminders(release: Release) -> dict[str, Any]:
    """The days, and the hour, at which whoever has not answered would be reminded."""
    if not release.asks_confirmation:
        return {"reminders": []}
    chosen = plans.chosen(release)
    return {"reminders": days.planned(release, chosen.days), "reminder_hour": chosen.hour}


def _given(request: HttpRequest, notice: Notice, supersedes: Replaced) -> HttpResponse:
    """Whom a correction or a withdrawal is for: there is nothing to choose."""
    if request.method == "POST":
        return redirect(LEADS_TO.get(request.POST.get("do"), "notices:recipients"), notice.pk)
    overview = audience.planned(composing.plan_of(notice))
    context = {"notice": notice, "supersedes": supersedes, "overview": overview}
    return render(request, "letters/recipients_given.html", context)


@keeps_typed
@draft_or_scheduled
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Everything on one page; its button releases."""
    form = ReleaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        answer = _release(request, notice)
        if answer is not None:
            return answer
    return show_check(request, notice, form=form)


def _release(request: HttpRequest, notice: Notice) -> HttpResponse | None:
    """Release; None, with the reason among the messages, when nothing could be done."""
    try:
        plan = issue.release(notice.pk, request.actor)
    except issue.AlreadyReleased as error:
        at = timezone.localtime(error.release.released_at)
        messages.info(
            request,
            f"すでに発出されています。{at:%H:%M} に発出されたもので、二重には送っていません。結果はこの画面です。",
        )
    except issue.REFUSALS as refusal:
        if isinstance(refusal, pdf.RenderFailed):
            logger.exception("The letter of notice %s could not be rendered; it was not released.", notice.pk)
        messages.error(request, f"発出していません。{refusals.words(refusal)}")
        return None
    else:
        number = plan.notice.number_text
        how = "メールは、ほかのお知らせとまとめて送ります。" if plan.is_gathered else "送信は順に進みます。"
        messages.success(request, f"{number or '通知'}を発出しました。{how}")
    return redirect("notices:notice", notice.pk)
