"""報告書 of a notice and of a 年度, as pages, PDF, Excel and CSV, and 実施証明 of what one pharmacy did."""

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from members import access, wareki
from members.models import Organisation
from members.models.organisation import Kind as OrganisationKind
from members.sheets import Kind, Sheet
from members.views.download import saved
from notices import pdf
from notices.boards.reports import certificate, charts, document, sheet
from notices.boards.reports.certificate import Certificate
from notices.forms.reports import MomentForm, YearForm
from notices.models import Notice, Receipt
from notices.models.receipt import Audience
from notices.procedures import report as reporting
from notices.views.doors import pharmacy_only, staff_only
from notices.views.download import called, file_name, shown_pdf
from notices.views.entrance import Entrance, receipts

logger = logging.getLogger(__name__)

PDF = "pdf"
# Who the report is for, as the address says: the association above, or the board of directors.
ABOVE = "above"


def _released(request: HttpRequest, pk: int) -> Notice:
    notices = Notice.objects.visible_to(request.capacity).with_names().select_related("release")
    return get_object_or_404(notices, pk=pk, state=Notice.State.RELEASED)


@staff_only
@require_safe
def notice(request: HttpRequest, pk: int, kind: Kind | str = "") -> HttpResponse:
    """The report of one notice as of a moment: its figures on the page, or as a file of that kind."""
    found = _released(request, pk)
    form = MomentForm(request.GET, since=found.release.released_at)
    if not form.is_valid():
        return render(request, "reports/notice.html", {"notice": found, "form": form}, status=422)
    report = reporting.of_notice(found.release, form.moment)
    if kind == PDF:
        for_above = request.GET.get("to") == ABOVE
        make = partial(document.notice_pdf, report, _author(request), for_above=for_above)
        return _pdf(request, make, called(found), *_report_names(for_above, form.moment))
    if kind:
        return saved(sheet.of_notice(report), kind)
    context = {
        "notice": found,
        "release": found.release,
        "form": form,
        "figures": report,
        "bars": charts.bars(report, charts.SCREEN_WIDTH) if found.release.asks_confirmation else None,
        "curve": charts.curve(report.course, charts.SCREEN_WIDTH),
        "most_names": document.MOST_NAMES,
        **_proof(form, sheet.of_notice(report)),
    }
    return render(request, "reports/notice.html", context)


@staff_only
@require_safe
def of_year(request: HttpRequest, kind: Kind | str = "") -> HttpResponse:
    """The report of a 年度 as of a moment, likewise."""
    form = YearForm(request.GET)
    if not form.is_valid():
        return render(request, "reports/year.html", {"form": form}, status=422)
    report = reporting.of_year(form.chosen_year, form.moment)
    if kind == PDF:
        for_above = request.GET.get("to") == ABOVE
        make = partial(document.year_pdf, report, _author(request), for_above=for_above)
        return _pdf(request, make, wareki.fiscal_year_label(report.year), *_report_names(for_above, form.moment))
    if kind:
        return saved(sheet.of_year(report), kind)
    context = {"form": form, "figures": report, **_proof(form, sheet.of_year(report), year=report.year)}
    return render(request, "reports/year.html", context)


def _proof(form: MomentForm, listed: Sheet, **more: int) -> dict[str, str]:
    """照合値, and what in an address makes the same report again."""
    stamp = sheet.stamp(form.moment)
    return {"digest": sheet.digest(listed), "stamp": stamp, "same": urlencode({**more, "at": stamp})}


def _report_names(for_above: bool, moment: dt.datetime) -> tuple[str, str, str]:
    return "周知状況報告書", "上部団体への報告" if for_above else "理事会資料", timezone.localdate(moment).isoformat()


def _author(request: HttpRequest) -> str:
    return f"{request.capacity.organisation.label}　{request.user}"


# 実施証明 -------------------------------------------------------------------------------------------------------------


@staff_only
@require_safe
def of_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What one pharmacy did with one notice, for staff."""
    return _of_receipt(request, get_object_or_404(receipts().visible_to(request.capacity), pk=pk))


@require_safe
def own_receipt(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The same for the pharmacy itself, signed in."""
    return _of_receipt(request, entrance.receipt)


def _of_receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    if receipt.audience != Audience.PHARMACY:
        raise Http404
    form = MomentForm(request.GET, since=receipt.release.released_at)
    if not form.is_valid():
        raise Http404
    return _certificate(request, certificate.of_receipt(receipt, form.moment))


@staff_only
@require_safe
def of_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """What one pharmacy did in a 年度, for staff."""
    pharmacies = access.organisations_visible_to(request.capacity).filter(kind=OrganisationKind.PHARMACY)
    return _of_year(request, get_object_or_404(pharmacies, pk=pk))


@pharmacy_only
@require_safe
def own_year(request: HttpRequest) -> HttpResponse:
    """The same for the pharmacy itself."""
    return _of_year(request, request.capacity.organisation)


def _of_year(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = YearForm(request.GET)
    if not form.is_valid():
        raise Http404
    return _certificate(request, certificate.of_year(organisation, form.chosen_year, form.moment))


def _certificate(request: HttpRequest, found: Certificate) -> HttpResponse:
    about = found.year_label or called(found.entries[0].notice)
    day = timezone.localdate(found.moment).isoformat()
    return _pdf(request, partial(document.certificate_pdf, found), about, "実施証明", found.organisation.name, day)


def _pdf(request: HttpRequest, make: Callable[[], bytes], *names: str) -> HttpResponse:
    if request.method == "HEAD":  # nothing is made that nobody gets
        return HttpResponse(content_type="application/pdf")
    try:
        content = make()
    except pdf.RenderFailed:
        logger.exception("%s could not be made.", file_name(*names))
        return render(request, "reports/not_rendered.html", status=503)
    return shown_pdf(content, *names)
