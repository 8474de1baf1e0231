"""再通知: the plan of a release with its days, who would get what, stopping it, and reminding now."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members import workdays
from notices import access
from notices.distribution.message import Mail, ReminderWording
from notices.distribution.reminders import days, due, plans
from notices.distribution.reminders.days import Planned
from notices.distribution.reminders.due import Digest, Looked
from notices.distribution.reminders.letter import sample
from notices.forms.reminders import PlanForm
from notices.models import Mention, Receipt, Release, ReminderPlan
from notices.models.receipt import Audience
from notices.procedures import remind
from notices.views.doors import NOT_PUBLISHING, publishing, staff_only
from notices.views.outbox import MAIL_POLICY
from notices.views.typed import asks_again, given_back, keeps_typed, posted

# Recipients shown by name; the heading says how many there are.
MOST = 200
# So far ahead, and back, a day can be looked at.
AHEAD = dt.timedelta(days=400)


@dataclass(frozen=True)
class Line:
    """One day of the calendar: how many were reminded on it, or, while it is to come, would be."""

    planned: Planned
    reminded: int
    is_over: bool


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan and its days; its form changes it."""
    release = _release(request, pk)
    chosen, choice = plans.of(release), plans.chosen(release)
    form = PlanForm(posted(request), choice=choice, from_deadline=days.counts_from_deadline(release))
    may_change = access.can_plan_reminders(request.capacity, release)
    if request.method == "POST" and not may_change:
        messages.error(request, f"何も変えていません。{NOT_PUBLISHING}")
        return redirect("notices:release_reminders", pk)
    if request.method == "POST" and form.is_valid():
        return _changed(request, release, form)
    context = {
        **_shown(release, chosen, choice),
        "form": form,
        "may_change": may_change,
    }
    return render(request, "reminders/plan.html", context, status=422 if form.errors else 200)


def _release(request: HttpRequest, pk: int) -> Release:
    """The association's; what districts send on follows its plan."""
    found = Release.objects.visible_to(request.capacity).own().select_related("notice", "released_by")
    return get_object_or_404(found.prefetch_related("notice__numbers"), pk=pk)


def _changed(request: HttpRequest, release: Release, form: PlanForm) -> HttpResponse:
    try:
        plans.change(release.pk, form.choice(), request.actor)
    except plans.CannotPlan as refusal:
        messages.warning(request, f"何も変えていません。{refusal}")
    else:
        messages.success(request, "再通知の予定を保存しました。")
    return redirect("notices:release_reminders", release.pk)


def _shown(release: Release, chosen: ReminderPlan | None, choice: plans.Choice) -> dict[str, object]:
    today, instead = timezone.localdate(), plans.taken_over_by(release)
    asks = release.asks_confirmation and not release.is_superseded and not instead
    waiting = due.waiting(release, today) if chosen and asks and release.released_at else []
    left_out = Counter(each.left_out for each in waiting if each.left_out)
    return {
        "release": release,
        "notice": release.notice,
        "plan": chosen,
        "choice": choice,
        "asks": asks,
        "instead": instead,
        "from_deadline": days.counts_from_deadline(release),
        "base": release.counted_from,
        "lines": _calendar(release, choice, today) if asks else [],
        "chairs_day": _day(release, choice.chairs_on),
        "staff_day": _day(release, choice.staff_on),
        "today": today,
        "going": sum(not each.left_out for each in waiting),
        "going_later": sum(each.left_out in ("", due.TODAY, due.UNDER_WAY) for each in waiting),
        "waiting": len(waiting),
        "left_out": [(due.WHY[why], left_out[why]) for why in due.WHY if left_out[why]],
    }


def _calendar(release: Release, choice: plans.Choice, today: dt.date) -> list[Line]:
    named = Mention.objects.said().filter(receipt__in=Receipt.objects.whole(release), what=Mention.What.ANSWER)
    counted = named.order_by().values_list("offset").annotate(number=Count("pk"))
    reminded: Counter[int | None] = Counter(dict(counted))
    return [
        Line(planned, reminded[planned.offset], planned.day < today or bool(reminded[planned.offset]))
        for planned in days.planned(release, choice.days)
    ]


def _day(release: Release, offset: int | None) -> dt.date | None:
    return None if offset is None else days.on(release, offset)


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """「再通知を止める」, for everybody."""
    return _steer(request, pk, plans.stop, "再通知を止めました。もう誰にも再通知しません。")


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """「再通知を再開する」."""
    return _steer(request, pk, plans.resume, "再通知を再開しました。次の予定の日から送ります。")


def _steer(request: HttpRequest, pk: int, step: Callable[..., None], done: str) -> HttpResponse:
    release = _release(request, pk)
    if request.method == "POST":
        try:
            step(release.pk, request.actor)
        except plans.CannotPlan as refusal:
            messages.warning(request, f"何も変えていません。{refusal}")
        else:
            messages.success(request, done)
    return redirect("notices:release_reminders", pk)


@staff_only
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """「誰に何が届くか」 on one day: who, over which addresses, who not and why, and a mail as it would look."""
    release, day = _released(request, pk), _day_of(request)
    going = _going(release, day)
    context = {
        "release": release,
        "notice": release.notice,
        "day": day,
        "why_not": workdays.why_not(day),
        "going": going[:MOST],
        "going_count": len(going),
        "messages_count": sum(len(each.ways) for each in going),
        **_left_out(release, day),
        "mails": [(each, _mail(each, day)) for each in _one_of_each_kind(going)],
    }
    return render(request, "reminders/preview.html", context)


@staff_only
@require_safe
def mail(request: HttpRequest, pk: int, receipt: int) -> HttpResponse:
    """The HTML of one recipient's mail as it would look on that day."""
    release, day = _released(request, pk), _day_of(request)
    for digest in _going(release, day):
        if any(item.receipt.pk == receipt for item in digest.items):
            [alternative] = _mail(digest, day).alternatives
            return HttpResponse(alternative.content, headers={"Content-Security-Policy": MAIL_POLICY})
    raise Http404


def _released(request: HttpRequest, pk: int) -> Release:
    release = _release(request, pk)
    if release.state == Release.State.PREPARED:
        raise Http404
    return release


def _day_of(request: HttpRequest) -> dt.date:
    """The day that is asked for; today where none is, or none about which anything is known."""
    today = timezone.localdate()
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if abs(day - today) < AHEAD else today


def _going(release: Release, day: dt.date) -> list[Digest]:
    """The digests of that day by the plans that name this release, or one of the letters that pass it on."""
    own = set(Release.objects.whole(release).values_list("pk", flat=True))
    return [each for each in due.on(day) if any(item.receipt.release_id in own for item in each.items)]


def _left_out(release: Release, day: dt.date) -> dict[str, list[Looked] | int]:
    """For the template: who is left out, and how many they are."""
    found = [each for each in due.waiting(release, day) if each.left_out]
    return {"left_out": found[:MOST], "left_out_count": len(found)}


def _mail(digest: Digest, day: dt.date) -> Mail:
    wording = ReminderWording(sample(digest, day), digest.items[0].receipt)
    return wording.sample(digest.ways[0].address)


def _one_of_each_kind(going: list[Digest]) -> list[Digest]:
    """One to a pharmacy and one to a chair, of those that are the longest."""
    found = []
    for audience in (Audience.PHARMACY, Audience.DISTRICT):
        mails = [each for each in going if each.items[0].receipt.audience == audience]
        found += sorted(mails, key=lambda each: -len(each.items))[:1]
    return found


@staff_only
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """「いま再通知する」: says first to how many, and to whom not and why."""
    release = _released(request, pk)
    if request.method == "POST":
        try:
            count = remind.remind_now(release.pk, request.actor)
        except remind.CannotRemind as refusal:
            messages.warning(request, f"何も送っていません。{refusal}")
        else:
            messages.success(request, f"{count:,} か所に再通知する手配をしました。送信は裏で進みます。")
        return redirect("notices:release_reminders", pk)
    given_back(request)
    moment = timezone.now()
    going = due.by_hand(release, moment)
    context = {
        "release": release,
        "notice": release.notice,
        "obstacle": remind.obstacle(release, moment),
        "going": going[:MOST],
        "going_count": len(going),
        "messages_count": sum(len(each.ways) for each in going),
        **_left_out(release, timezone.localdate(moment)),
    }
    return render(request, "reminders/now.html", context)


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """「この宛先への再通知を止める」 and 「再開する」 (`do` is stop or resume) on the page of a receipt."""
    receipt = get_object_or_404(Receipt.objects.visible_to(request.capacity).select_related("organisation"), pk=pk)
    match request.POST.get("do"):
        case "stop":
            plans.stop_for(receipt, request.actor)
            messages.success(request, f"{receipt.organisation.name}には、この通知をもう再通知しません。")
        case "resume":
            plans.resume_for(receipt, request.actor)
            messages.success(request, f"{receipt.organisation.name}にも、予定の日に再通知します。")
    return redirect("notices:receipt", pk)
