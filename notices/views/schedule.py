"""発出の予約: a draft's release is set to a time, and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from notices.forms.audience import ScheduleForm
from notices.models import Notice
from notices.procedures import refusals
from notices.procedures import schedule as schedules
from notices.templatetags.screen import desk_time
from notices.views.checking import show_check
from notices.views.doors import publishing
from notices.views.drafts import draft_or_scheduled
from notices.views.typed import asks_again, keeps_typed, posted


@keeps_typed
@draft_or_scheduled
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「日時を決めて発出する」, whose form stands on the page that checks a draft."""
    typed = posted(request)
    if typed is None:
        return redirect("notices:check", notice.pk)
    form = ScheduleForm(typed)
    if request.method == "POST" and form.is_valid() and _scheduled(request, notice, form):
        return redirect("notices:check", notice.pk)
    return show_check(request, notice, schedule_form=form)


def _scheduled(request: HttpRequest, notice: Notice, form: ScheduleForm) -> bool:
    """Schedule; False, with the reason in the form, when it is refused."""
    meant = form.cleaned_data["on_another_day"]
    try:
        plan = schedules.schedule(notice.pk, form.when, request.actor, on_another_day=meant)
    except (refusals.AlreadyReleased, refusals.AlreadyScheduled) as refusal:
        messages.info(request, f"予約していません。{refusal.words}")
        return True
    except refusals.TimeOver as refusal:
        form.is_over = True
        form.add_error("day", refusal.words)
    except refusals.ScheduledOnAnotherDay as refusal:
        form.asks_about_the_date = True
        form.add_error("on_another_day", f"{refusal.words}よければ、印を付けてください。")
    except refusals.REFUSALS as refusal:
        form.add_error("day", refusals.words(refusal))
    else:
        messages.success(request, f"{desk_time(plan.scheduled_at)} に発出する予約をしました。それまでは取り消せます。")
        return True
    return False


@draft_or_scheduled
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def unschedule(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「予約を取り消す」."""
    if request.method != "POST":
        return redirect("notices:check", notice.pk)
    try:
        undone = schedules.unschedule(notice.pk, request.actor)
    except refusals.AlreadyReleased as refusal:
        messages.warning(request, f"予約を取り消していません。{refusal.words}")
    else:
        words = "予約はありません。すでに取り消されています。"
        if undone:
            words = "予約を取り消しました。決裁はそのままです。直すときは、「決裁を取り消して直す」を押してください。"
        messages.success(request, words)
    return redirect("notices:check", notice.pk)
