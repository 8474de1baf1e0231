"""The letter as PDF, for those who are signed in."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import tree
from members.views.doors import second_factor_first
from notices import access, pdf
from notices.letters import numbering
from notices.letters.letter import letter_pdf as make_pdf
from notices.models import Notice, Release

logger = logging.getLogger(__name__)


@login_required
@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """As fixed at the release, byte for byte; a draft's as it would be today, marked as a draft."""
    if request.withheld:
        return second_factor_first(request)
    notice = get_object_or_404(Notice.objects.visible_to(request.capacity), pk=pk)
    release = Release.objects.filter(notice=notice).select_related("letter").first()
    if release and release.letter:
        content = release.letter.content.open("rb")
        return FileResponse(content, filename=release.letter.name, content_type="application/pdf")
    if not access.can_see_draft(request.capacity, notice):
        raise Http404
    today = timezone.localdate()
    number = "" if notice.number_fixed else numbering.expected(tree.association(), today).text
    try:
        content = make_pdf(notice, number=number, date=today)
    except pdf.RenderFailed:
        logger.exception("The letter of draft %s could not be rendered.", notice.pk)
        return render(request, "letters/not_rendered.html", {"notice": notice}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="draft.pdf"'
    return response
