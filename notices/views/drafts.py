"""The door to a draft's pages: staff only, and only while it is a draft."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from notices import access
from notices.letters.composing import NotADraft
from notices.models import Notice
from notices.views.doors import staff_only


def draft_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the draft in place of its number. What was released meanwhile is shown as it is."""

    @staff_only
    @wraps(view)
    def inside(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = get_object_or_404(Notice.objects.visible_to(request.capacity).with_names(), pk=pk)
        if access.can_change(request.capacity, notice):
            try:
                return view(request, notice, *args, **kwargs)
            except NotADraft:
                notice.refresh_from_db()
        if request.method == "POST":
            messages.warning(request, not_changed(notice))
        return redirect("notices:notice", notice.pk)

    return inside


def not_changed(notice: Notice) -> str:
    """Why what was pressed has changed nothing."""
    if notice.state == Notice.State.RELEASED:
        return "すでに発出されています。発出した文書は変えられないため、今の操作では何も変えていません。"
    return "下書きではありません。今の操作では何も変えていません。"
