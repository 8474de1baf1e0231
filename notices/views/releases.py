"""発出: how sending goes, whom it did not reach, and pausing, resuming, stopping it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from members import access, history
from members.sheets import Cell, Sheet
from members.views.download import saved, wanted
from notices import follow_ups
from notices.boards.progress import sent_by
from notices.distribution import by_hand as papers
from notices.distribution import earlier_papers, gateway, gathering, sending, steering, unreached
from notices.distribution.reminders import plans
from notices.distribution.steering import CannotSteer
from notices.filters.sending import UnreachedFilter
from notices.models import Receipt, Release
from notices.procedures import stop as stopping
from notices.tables.sending import ReleaseTable, UnreachedTable, reach_bar
from notices.views import records
from notices.views.doors import publishing, staff_only
from notices.views.succession import at_the_desk, replaced

PER_PAGE, PER_PAGE_BELOW = 50, 15
UNREACHED_HEADING = ("地区", "種類", "宛先", "電話", "FAX", "状態", "理由", "届け先", "どうすればよいか")
# How often the page asks for its figures anew, by the state in which it is shown; else never.
POLLED_SECONDS = {Release.State.SENDING: 3, Release.State.PAUSED: 15}
# Of what goes out the page tells the pace, of what was stopped when.
TELLS_LAST_SENT = {Release.State.SENT, Release.State.PAUSED}
HALTS = {
    Release.State.PAUSED: ["release.paused"],
    Release.State.STOPPED: ["release.stopped", "release.superseded"],
}
# What the page of a release tells beside its own.
BESIDE = ("notice", "letter", "released_by", "bound__file", "approval__decided_by")
WORDS = {"failed": "不達", "retrying": "再送待ち", "waiting": "送信待ち", "other": "別経路", "stopped": "中止"}


@staff_only
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Every release, the latest first, and above them what will release itself."""
    found = Release.objects.visible_to(request.capacity).select_related("notice").prefetch_related("notice__numbers")
    table = ReleaseTable(found.released())
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    scheduled = found.scheduled().select_related("scheduled_by")
    return render(request, "releases/releases.html", {"table": table, "scheduled": scheduled})


@staff_only
@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release; while it is being sent, the page asks for its progress anew. `format`: the list as a file."""
    chosen = _released(request, pk)
    if request.htmx:
        return _progress(request, chosen)
    goes_out, by_hand = unreached.goes_out(chosen), unreached.stopped_by_hand(chosen)
    narrowed = UnreachedFilter(request.GET, queryset=unreached.of(chosen), request=request, by_hand=by_hand)
    rows = narrowed.qs.order_by("reach", "district__position", "organisation__position", "pk")
    if kind := wanted(request):
        return saved(_sheet(chosen, rows, goes_out, by_hand), kind)
    table = UnreachedTable(rows, goes_out=goes_out, by_hand=by_hand, may_send=access.can_publish(request.capacity))
    RequestConfig(request, paginate={"per_page": PER_PAGE_BELOW}).configure(table)
    context = {
        **_figures(chosen),
        "filter": narrowed,
        "table": table,
        "goes_out": goes_out,
        "by_hand": by_hand,
        "retrying": sending.retrying(chosen),
        "known": chosen.receipts.known_all_the_same().count(),
        "without_way": unreached.without_way(chosen).count(),
        "papers_left": papers.left(chosen),
        "papers_instead": sum(earlier_papers.instead(chosen).values()),
        "superseded": at_the_desk(chosen.notice),
        "supersedes": replaced(chosen.notice, linked=True),
        "again": follow_ups.follow_up(chosen.notice_id),
        "repeated": follow_ups.repeated_by(chosen.notice),
        "records": records.of(chosen, chosen.notice),
        "gathered": gathering.first_of(chosen),
        **_reminders(chosen),
        **_halted(chosen),
    }
    return render(request, "releases/release.html", context)


def _released(request: HttpRequest, pk: int) -> Release:
    found = Release.objects.visible_to(request.capacity).released()
    return get_object_or_404(found.select_related(*BESIDE), pk=pk)


def _figures(chosen: Release) -> dict[str, object]:
    counted = sent_by(chosen)
    tally = counted.pharmacies
    return {
        "release": chosen,
        "notice": chosen.notice,
        "totals": counted,
        "tally": tally,
        "bar": reach_bar(tally),
        "pace": sending.pace(chosen) if chosen.state == Release.State.SENDING else None,
        "channels": sending.by_channel(chosen),
        "last_sent": sending.last_sent(chosen) if chosen.state in TELLS_LAST_SENT else None,
        # Told to who listens: not each figure, only every tenth of the way.
        "told": 10 * (10 * tally.sent // tally.recipients) if tally.recipients else 0,
        "seconds": POLLED_SECONDS.get(chosen.state),
        "now": timezone.now(),
    }


def _progress(request: HttpRequest, chosen: Release) -> HttpResponse:
    """The figures alone; the whole page anew once there is something else to see."""
    if chosen.state != request.GET.get("shown"):
        return HttpResponseClientRefresh()
    figures = _figures(chosen)
    figures["partial"], figures["tells"] = True, request.GET.get("told") != str(figures["told"])
    return render(request, "releases/progress.html", figures)


def _halted(chosen: Release) -> dict[str, object]:
    """When, by whom and why the release stands still or was stopped.

    `kind` is hand, server, gateway (no FAX goes out), refusals or successor.
    """
    if chosen.state not in HALTS:
        return {}
    event = history.of(chosen).filter(verb__in=HALTS[chosen.state]).first()
    by_hand = event is not None and event.account is not None
    if not chosen.paused_reason:
        kind = "hand"
    elif chosen.paused_reply:
        kind = "refusals"
    elif chosen.paused_reason == gateway.NO_GATEWAY:
        kind = "gateway"
    else:
        kind = "successor" if by_hand else "server"
    return {"halt": event, "kind": kind}


def _reminders(chosen: Release) -> dict[str, object]:
    """The plan of the reminders, and their next day."""
    plan = plans.of(chosen)
    return {
        "reminder_plan": plan,
        "reminds_instead": plans.taken_over_by(chosen) if plan else None,
        "next_reminder": plans.next_at(plan, timezone.now()) if plan else None,
    }


def _sheet(release: Release, receipts: Iterable[Receipt], goes_out: bool, by_hand: bool) -> Sheet:
    name, plain = f"{release.notice.number_text}_届かなかった宛先", f"notice-{release.notice_id}-unreached"
    return Sheet(name, plain, UNREACHED_HEADING, _rows(receipts, goes_out, by_hand))


def _rows(receipts: Iterable[Receipt], goes_out: bool, by_hand: bool) -> Iterator[list[Cell]]:
    for receipt in receipts:
        organisation, case = receipt.organisation, unreached.case(receipt, goes_out=goes_out, by_hand=by_hand)
        yield [
            receipt.district.label, receipt.get_audience_display(), organisation.name, organisation.telephone,
            organisation.fax, WORDS[case.state], case.reason, " ".join(case.addresses), case.advice,
        ]  # fmt: skip


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    return _steer(
        request,
        pk,
        steering.pause,
        "一時停止しました。まだ送っていない分は、そのまま残してあります。続きから送れます。",
    )


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """「続きから送る」, or with `blame` 「宛先の問題として続ける」."""
    if "blame" not in request.POST:
        return _steer(request, pk, steering.resume, "続きから送ります。送信は裏で進みます。")
    done = "続きから送ります。同じ理由で断られた宛先は不達になり、「名簿の確認」に入ります。"
    return _steer(request, pk, partial(steering.resume, blame=True), done)


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    """「まとめずに、いま送る」."""
    return _steer(request, pk, steering.send_now, "まとめずに、いま送ります。送信は裏で進みます。")


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """「未送信分を中止」: asks first."""
    if request.method == "POST":
        return _steer(request, pk, stopping.stop, "未送信分を中止しました。送った分と、その確認の記録は残っています。")
    chosen = _released(request, pk)
    if chosen.state not in (Release.State.SENDING, Release.State.PAUSED):
        raise Http404
    context = {**_figures(chosen), "supersedes": replaced(chosen.notice, linked=True)}
    return render(request, "releases/stop.html", context)


def _steer(request: HttpRequest, pk: int, step: Callable[..., Release], done: str) -> HttpResponse:
    chosen = _released(request, pk)
    if request.method != "POST":  # somebody comes back from the sign-in, or from a restored tab
        return redirect("notices:release", pk)
    try:
        step(chosen.pk, request.actor)
    except CannotSteer as refusal:
        messages.warning(request, f"何も変えていません。{refusal}")
    else:
        messages.success(request, done)
    return redirect("notices:release", pk)
