"""The letter as PDF, alone and bound with its enclosures, for those who are signed in, and 起案用紙 for staff."""

import datetime as dt
import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members.views.doors import second_factor_first
from notices import access, pdf
from notices.distribution import recipients
from notices.letters import binding, composing, numbering
from notices.letters.draft_sheet import draft_sheet_pdf
from notices.letters.letter import letter_pdf as make_pdf
from notices.models import Notice, Release
from notices.procedures import bind
from notices.views.doors import publishing, staff_only
from notices.views.download import called, shown_pdf

logger = logging.getLogger(__name__)


@login_required
@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """As fixed at the release, byte for byte; a draft's as it will be, marked as a draft."""
    if request.withheld:
        return second_factor_first(request)
    notice = get_object_or_404(Notice.objects.visible_to(request.capacity), pk=pk)
    release = Release.objects.filter(notice=notice).select_related("letter").first()
    if release and release.letter:
        content = release.letter.content.open("rb")
        return FileResponse(content, filename=release.letter.name, content_type="application/pdf")
    if not access.can_see_draft(request.capacity, notice):
        raise Http404
    day = numbering.expected_day(notice)
    try:
        content = make_pdf(notice, number=numbering.expected_for(notice, day), date=day)
    except pdf.RenderFailed:
        return not_rendered(request, notice)
    return draft_pdf(content, notice)


@login_required
@require_safe
def bound_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter bound with its enclosures: as it was made for everybody, of a draft as it would be today."""
    if request.withheld:
        return second_factor_first(request)
    notice = get_object_or_404(Notice.objects.visible_to(request.capacity), pk=pk)
    release = Release.objects.filter(notice=notice).select_related("bound__file").first()
    if release and release.is_bound:
        return bound_file(release)
    if not access.can_see_draft(request.capacity, notice):
        raise Http404
    try:
        return draft_pdf(bind.preview(notice), notice)
    except binding.FAILURES:
        return not_rendered(request, notice)


def bound_file(release: Release) -> FileResponse:
    """What everybody gets, byte for byte. Its pages were put on new sheets, without anything that acts."""
    file = release.bound.file
    return FileResponse(file.content.open("rb"), filename=file.name, content_type=file.media_type)


@staff_only
@publishing
@require_http_methods(["GET", "HEAD", "POST"])
def bind_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the packet of a release made that nobody promised, or that was given up."""
    released = Release.objects.visible_to(request.capacity).released()
    release = get_object_or_404(released.select_related("notice"), notice=pk)
    if request.method == "POST":
        try:
            bind.again(release, request.actor)
        except bind.NothingToBind:
            messages.info(request, "この通知には、まとめる別添がありません。公文書の PDF だけで足ります。")
        else:
            messages.success(request, "まとめた PDF を作ります。1 分ほどで、この画面から開けるようになります。")
    return redirect("notices:release", release.pk)


def draft_pdf(content: bytes, notice: Notice) -> HttpResponse:
    """A draft as PDF, to be shown."""
    return shown_pdf(content, notice.subject, "下書き")


@staff_only
@require_safe
def draft_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """起案用紙 of a draft, and of what was released from it."""
    notices = Notice.objects.visible_to(request.capacity).select_related("release", "drafted_by")
    notice = get_object_or_404(notices.exclude(state=Notice.State.RECEIVED).of_association(), pk=pk)
    return shown_sheet(request, notice, numbering.expected_day(notice))


def shown_sheet(request: HttpRequest, notice: Notice, day: dt.date, gist: str = "") -> HttpResponse:
    """The sheet with the date that the letter has or gets, and what is to be said to whoever decides."""
    plan = composing.plan_of(notice)
    count = f"（{recipients.in_words(plan)}）"
    try:
        content = draft_sheet_pdf(notice, plan, count, numbering.expected_for(notice, day), day, gist)
    except pdf.RenderFailed:
        return not_rendered(request, notice)
    return shown_pdf(content, called(notice), "起案用紙")


def not_rendered(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The page that says so; the failure is logged with its cause."""
    logger.exception("A PDF of draft %s could not be made.", notice.pk)
    return render(request, "letters/not_rendered.html", {"notice": notice}, status=503)
