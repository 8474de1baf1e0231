"""What people print to work with on paper: the chair's 電話連絡表 and the pharmacy's 薬局内回覧."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notices import pdf
from notices.boards import call_list, desk, progress
from notices.distribution.reminders import members
from notices.tracking import calling
from notices.tracking.circulation import circulation_html
from notices.views import district, own
from notices.views.download import called, shown_pdf
from notices.views.entrance import Entrance

logger = logging.getLogger(__name__)


@district.entered
@require_safe
def calls(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """電話連絡表 of the pharmacies that the desk shows (`show`), in its order."""
    mine, now = entrance.receipt, timezone.now()
    to_call = members.to_call(mine, timezone.localdate(now))
    tabs = desk.tabs(mine, progress.of_district(mine.release, mine.district), to_call.count())
    show = desk.shown(tabs, request.GET.get("show"))
    pharmacies = desk.pharmacies(mine.release, mine.district, show, timezone.localdate(now), to_call)
    told = calling.last_calls(pharmacies)
    html = call_list.call_list_html(mine, desk.uncalled_first(pharmacies, show, told), show, now, told)
    return _printed(request, entrance, html, "電話連絡表", mine.district.label)


@own.entered
@require_safe
def circulation(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """薬局内回覧 of one notice."""
    return _printed(request, entrance, circulation_html(entrance.receipt, timezone.now()), "薬局内回覧")


def _printed(request: HttpRequest, entrance: Entrance, html: str, *names: str) -> HttpResponse:
    try:
        content = pdf.render(html)
    except pdf.RenderFailed:
        logger.exception("%s of receipt %s could not be made.", names[0], entrance.receipt.pk)
        return render(request, "prints/not_rendered.html", {"entrance": entrance}, status=503)
    return shown_pdf(content, called(entrance.receipt.release.notice), *names)
