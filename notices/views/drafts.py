"""The doors to a draft's pages: staff only, and only while it is a draft; it is changed by those who draft."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from notices import access
from notices.letters.composing import NotADraft, Scheduled, StandsFast
from notices.models import Notice
from notices.templatetags.screen import desk_time
from notices.views.doors import NOT_DRAFTING, staff_only

READING_ONLY = f"文面・手順・宛先を直すのは、{NOT_DRAFTING}ここでは、いまの内容を見られます。"

View = Callable[..., HttpResponse]


def draft_or_scheduled(view: View) -> View:
    """Gives the view the draft in place of its number. What was released meanwhile is shown as it is."""

    @staff_only
    @wraps(view)
    def inside(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        drafts = Notice.objects.visible_to(request.capacity).with_names().select_related("release__scheduled_by")
        drafts = drafts.prefetch_related("approvals")
        notice = get_object_or_404(drafts, pk=pk)
        if access.can_see_draft(request.capacity, notice):
            try:
                return view(request, notice, *args, **kwargs)
            except NotADraft:
                notice = drafts.get(pk=pk)
        if request.method == "POST":
            messages.warning(request, not_changed(notice))
        stays = notice.state == Notice.State.DRAFT and (is_scheduled(notice) or notice.stands_fast)
        return _to(request, "notices:check" if stays else "notices:notice", notice)

    return inside


def _to(request: HttpRequest, name: str, notice: Notice) -> HttpResponse:
    there = reverse(name, args=[notice.pk])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def draft_only(view: View) -> View:
    """The same for pages that change the draft. One that is scheduled, or in the hands of those who approve, is shown
    as it will go out; so is any draft to those who do not draft.
    """

    @wraps(view)
    def changing(request: HttpRequest, notice: Notice, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_scheduled(notice):
            raise Scheduled(notice)
        if notice.stands_fast:
            raise StandsFast(notice)
        if not access.can_change(request.capacity, notice):
            tell = messages.error if request.method == "POST" else messages.info
            tell(request, f"何も変えていません。{NOT_DRAFTING}" if request.method == "POST" else READING_ONLY)
            return _to(request, "notices:check", notice)
        return view(request, notice, *args, **kwargs)

    return draft_or_scheduled(changing)


def is_scheduled(notice: Notice) -> bool:
    """Whether the draft releases itself at a time."""
    return notice.state == Notice.State.DRAFT and bool(scheduled_at(notice))


def scheduled_at(notice: Notice) -> dt.datetime | None:
    """When; None also for a draft without a plan."""
    return notice.release.scheduled_at if hasattr(notice, "release") else None


def not_changed(notice: Notice) -> str:
    """Why what was pressed has changed nothing."""
    if notice.state == Notice.State.RELEASED:
        return "すでに発出されています。発出した文書は変えられないため、今の操作では何も変えていません。"
    if is_scheduled(notice):
        at = desk_time(scheduled_at(notice))
        return (
            f"{at} に発出する予約があるため、今の操作では何も変えていません。直すときは、先に予約を取り消してください。"
        )
    if notice.stands_fast:
        taken_back = "「決裁を取り消して直す」を押してください。"
        if notice.approval.is_waiting:
            taken_back = "決裁の依頼を取り下げるか、差し戻してもらってください。"
        word = notice.approval.get_state_display()
        return f"{word}のため、今の操作では何も変えていません。直すときは、{taken_back}"
    return "下書きではありません。今の操作では何も変えていません。"
