"""もう一度送る: to one recipient, to all that failed, and to an address that was mended."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from members import access
from members.history import Actor
from members.models.organisation import Channel
from notices.distribution import unreached
from notices.models import Receipt, Release
from notices.procedures import repeat
from notices.views.doors import publishing, staff_only
from notices.views.typed import asks_again, given_back


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """The button of a row: over the channel that it names, else as the organisation is reached."""
    receipt = get_object_or_404(Receipt.objects.visible_to(request.capacity).select_related("organisation"), pk=pk)
    channel = request.POST.get("channel", "")
    if request.method == "POST" and channel in ("", *Channel.values):
        try:
            repeat.send_again(receipt.pk, request.actor, channel)
        except repeat.CannotRepeat as refusal:
            messages.warning(request, f"送っていません。{receipt.organisation.name}：{refusal}")
        else:
            messages.success(request, _done(receipt, channel))
    back, query = reverse("notices:release", args=[receipt.release_id]), request.POST.get("query", "")
    return redirect(f"{back}?{query}" if query else back)


def _done(receipt: Receipt, channel: str) -> str:
    name = receipt.organisation.name
    by_hand = receipt.deliveries.latest("pk").state == repeat.State.OTHER
    if not by_hand:
        return f"{name}に、もう一度送る手配をしました。送信は裏で進みます。"
    return format_html(
        "{}を「{}で送る」に移しました。<b>まだ何も送っていません。</b>"
        '<a href="{}">郵送・FAX の紙</a>から印刷して送り、「送ったと記録する」を押してください。',
        name,
        Channel(channel).label,
        reverse("notices:release_papers", args=[receipt.release_id]),
    )


@staff_only
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def release_again(request: HttpRequest, pk: int) -> HttpResponse:
    """「届かなかった全員にもう一度送る」: says first to how many, and to whom not."""
    release = _released(request, pk)
    if request.method == "POST":
        return _sent(request, pk, repeat.send_again_to_failed, "{:,} か所に、もう一度送る手配をしました。")
    given_back(request)
    going = {"again": repeat.plan(release), "goes_out": unreached.goes_out(release)}
    return render(request, "releases/again.html", {"release": release, "notice": release.notice, **going})


@staff_only
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def release_stopped(request: HttpRequest, pk: int) -> HttpResponse:
    """「中止した宛先に送る」: says first to how many, and to whom not."""
    release = _released(request, pk)
    if request.method == "POST":
        return _sent(request, pk, repeat.send_to_stopped, "中止した {:,} か所に送る手配をしました。")
    given_back(request)
    goes_out = unreached.goes_out(release) or unreached.stopped_by_hand(release)
    going = {"again": repeat.plan_for_stopped(release), "goes_out": goes_out}
    return render(request, "releases/again_stopped.html", {"release": release, "notice": release.notice, **going})


def _released(request: HttpRequest, pk: int) -> Release:
    found = Release.objects.visible_to(request.capacity).released()
    return get_object_or_404(found.select_related("notice", "released_by"), pk=pk)


def _sent(request: HttpRequest, pk: int, send: Callable[[int, Actor], int], done: str) -> HttpResponse:
    """Back on the release's page, which says what was done, or why nothing was."""
    try:
        count = send(pk, request.actor)
    except repeat.CannotRepeat as refusal:
        messages.warning(request, f"何も送っていません。{refusal}")
    else:
        messages.success(request, f"{done.format(count)}送信は裏で進みます。")
    return redirect("notices:release", pk)


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def task_notices(request: HttpRequest, pk: int) -> HttpResponse:
    """「いまの通知をこのアドレスに送る」: what failed at an address that staff have looked after since."""
    task = get_object_or_404(access.tasks_visible_to(request.capacity).select_related("organisation"), pk=pk)
    receipts = repeat.failed_at(task)
    if request.method == "POST":
        _send_each(request, receipts)
        return redirect("notices:task_notices", pk)
    return render(request, "releases/after_mending.html", {"task": task, "receipts": receipts})


def _send_each(request: HttpRequest, receipts: list[Receipt]) -> None:
    """Each by itself: what can go, goes."""
    sent = 0
    for receipt in receipts:
        try:
            repeat.send_again(receipt.pk, request.actor)
        except repeat.CannotRepeat as refusal:
            messages.warning(request, f"{receipt.release.notice} は送っていません。{refusal}")
        else:
            sent += 1
    if sent:
        messages.success(request, f"通知 {sent} 件を送る手配をしました。送信は裏で進みます。")
