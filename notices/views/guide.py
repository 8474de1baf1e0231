"""設定手順を書く: as lines, then each in its row with its picture; and the 操作方法 that is made of them."""

import logging

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notices import pdf
from notices.forms.guide import StepLinesForm, rows_of
from notices.letters import guide
from notices.letters import manual as paper
from notices.models import Notice
from notices.views.doors import staff_only
from notices.views.download import called, shown_pdf, shown_picture
from notices.views.drafts import draft_only, draft_or_scheduled
from notices.views.typed import given_back, keeps_typed

logger = logging.getLogger(__name__)


@keeps_typed
@draft_only
@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The draft's steps; saving adds the new lines behind those that are there.

    What is pressed for 「操作方法」 saves them too.
    """
    typed = request.POST if request.method == "POST" else given_back(request)
    lines = StepLinesForm(typed)
    rows = rows_of(notice, typed, request.FILES or None)
    if request.method == "POST" and all([lines.is_valid(), rows.is_valid()]):
        kept = [row for row in rows if not row.cleaned_data["remove"]]
        kept.sort(key=lambda row: row.cleaned_data["order"])
        if (wanted := len(kept) + len(lines.lines())) <= guide.MOST:
            guide.arrange(notice.pk, [*(row.line() for row in kept), *lines.lines()], request.actor)
            if request.POST.get("do") == "back":
                return redirect("notices:compose", notice.pk)
            messages.success(request, "設定手順を保存しました。")
            if which := request.POST.get("manual"):
                _make_manual(request, notice, which)
            return redirect("notices:steps", notice.pk)
        lines.add_error(None, f"手順は {guide.MOST} までです。今は {wanted} あります")
    context = {
        "notice": notice,
        "lines": lines,
        "rows": rows,
        "enclosure": paper.attachment_of(notice),
        "may_become": paper.may_become(notice),
        "manual_title": paper.title(),
    }
    return render(request, "letters/steps.html", context)


def _make_manual(request: HttpRequest, notice: Notice, which: str) -> None:
    """「操作方法」 as enclosure: `which` names the one whose file it becomes, "new" adds one, "none" leaves it out."""
    if which == "none":
        paper.leave_out(notice.pk, request.actor)
        messages.success(request, "操作方法の PDF を作るのをやめました。")
    elif chosen := paper.enclose(notice.pk, int(which) if which.isdecimal() else None, request.actor):
        messages.success(request, f"{chosen.label}の PDF を、発出のときに、この手順から作ります。")
    else:
        messages.warning(request, "別添は変えていません。その別添は、もうありません。")


@draft_or_scheduled
@require_safe
def manual_pdf(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「操作方法」 as it would be today."""
    try:
        content = paper.manual_pdf(notice)
    except paper.NothingToTick:
        messages.info(request, "手順がまだありません。手順を書くと、操作方法の PDF を作れます。")
        return redirect("notices:steps", notice.pk)
    except pdf.RenderFailed:
        logger.exception("The steps of draft %s could not be rendered.", notice.pk)
        return render(request, "letters/not_rendered.html", {"notice": notice}, status=503)
    return shown_pdf(content, called(notice), paper.title())


@staff_only
@require_safe
def picture(request: HttpRequest, pk: int, step: int) -> FileResponse:
    """The picture of a step."""
    notice = get_object_or_404(Notice.objects.visible_to(request.capacity), pk=pk)
    return shown_picture(get_object_or_404(notice.steps.exclude(picture=None), pk=step).picture)
