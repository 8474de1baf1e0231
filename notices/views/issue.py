"""宛先を選ぶ、確かめて発出する."""

import datetime as dt
import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members import tree
from notices import pdf
from notices.distribution import audience
from notices.distribution.audience import Overview
from notices.forms.audience import AudienceForm, ReleaseForm, ScheduleForm
from notices.letters import composing, numbering
from notices.letters.letter import letter_of
from notices.models import Notice, Release
from notices.procedures import issue, refusals
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
    choice = audience.choice_of(composing.plan_of(notice))
    typed = request.POST if request.method == "POST" else given_back(request)
    form = AudienceForm(typed, choice=choice)
    if request.method == "POST" and form.is_valid() and not request.htmx:
        composing.address(notice.pk, request.actor, **form.cleaned_data)
        if form.narrowed:
            messages.info(request, "外した地区があるので、対象を「地区を選ぶ」にしました。")
        return redirect(LEADS_TO.get(request.POST.get("do"), "notices:recipients"), notice.pk)
    choice = form.choice()
    context: dict[str, Any] = {"notice": notice, "form": form, "overview": audience.overview(**choice), **choice}
    if request.htmx:
        return render(request, "letters/reach.html", context)
    context["tag_counts"] = [(tag, audience.pharmacies_with(tag)) for tag in form.fields["tags"].queryset]
    return render(request, "letters/recipients.html", context)


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


def show_check(
    request: HttpRequest, notice: Notice, *, form: ReleaseForm | None = None, schedule_form: ScheduleForm | None = None
) -> HttpResponse:
    """The page that checks a draft, with what was typed into one of its forms; a scheduled one as of its day."""
    plan = composing.plan_of(notice)
    day = timezone.localdate(plan.scheduled_at)
    expected = numbering.expected(tree.association(), day).text
    choice = audience.choice_of(plan)
    supersedes = replaced(notice, linked=True)
    overview = audience.planned(plan) if supersedes else audience.overview(**choice)
    context = {
        "notice": notice,
        "supersedes": supersedes,
        "plan": plan,
        "form": form or ReleaseForm(),
        "schedule_form": schedule_form or ScheduleForm(),
        "letter": letter_of(notice, number=expected, date=day),
        "overview": overview,
        "chosen": [*choice["districts"], *choice["tags"]],
        "obstacle": _obstacle(plan, day),
        "doubts": _doubts(notice, plan, overview),
        "attachments": notice.attachments.select_related("file", "enclosed"),
        "steps": notice.steps.all(),
    }
    return render(request, "letters/check.html", context)


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
        messages.success(request, f"{number or '通知'}を発出しました。送信は順に進みます。")
    return redirect("notices:notice", notice.pk)


def _obstacle(plan: Release, day: dt.date) -> str:
    """Why the release would be refused as things stand; empty when nothing stands in the way."""
    try:
        issue.check(plan, day)
    except issue.CannotRelease as error:
        return refusals.words(error)
    return ""


def _doubts(notice: Notice, plan: Release, overview: Overview) -> list[str]:
    """What to look at once more; nothing of it stands in the way."""
    attachments = notice.attachments.filter(file=None, enclosed=None, url="", text="", from_steps=False)
    found = [
        (not overview.pharmacies.total, "宛先に薬局がありません。地区にだけ届きます。"),
        (plan.asks_confirmation and not plan.deadline, "確認期限がありません。"),
        (
            not plan.asks_set_up and notice.steps.exists(),
            "設定手順がありますが、お願いの種類が「確認＋設定」ではありません。",
        ),
        (not plan.covering_pharmacies.strip(), "薬局への添え書きがありません。"),
        (not plan.covering_chairs.strip(), "地区会長への添え書きがありません。"),
        (notice.number_fixed and not notice.date, "届いた文書に日付がありません。今日の日付で発出します。"),
        (notice.number_fixed and not notice.number_text, "届いた文書に番号がありません。番号なしで発出します。"),
    ]
    found += [(True, f"{attachment.label}「{attachment.title}」の中身がありません。") for attachment in attachments]
    return [words for doubtful, words in found if doubtful]
