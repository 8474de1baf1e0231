"""The board of a released notice: the whole on one page, its pharmacies one by one, both as CSV."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from notices import succession
from notices.boards import advice, chain, halts, latest, progress, standing
from notices.boards.advice import Advice, Move
from notices.filters.board import PharmacyFilter
from notices.models import Notice, OnBehalf, Receipt, Release
from notices.tables.board import DistrictTable, PharmacyTable
from notices.tables.on_behalf import OnBehalfTable
from notices.tracking.diary import lines
from notices.views.doors import staff_only
from notices.views.download import csv_file
from notices.views.letter_parts import attached, linked, relations
from notices.views.succession import Banner, at_the_desk, replaced

PER_PAGE = 100
LATEST = 8


def board(request: HttpRequest, notice: Notice) -> HttpResponse:
    """How far a released notice has come, who is left, and what to do next."""
    release = notice.release
    totals, stops = progress.totals(release), chain.stops(notice)
    table = DistrictTable(progress.by_district(release), release, totals)
    RequestConfig(request, paginate=False).configure(table)
    superseded = at_the_desk(notice)
    first, *others = advice.next_moves(release, totals)
    context = {
        "notice": notice,
        "release": release,
        "now": timezone.now(),
        "totals": totals,
        "tally": totals.pharmacies,
        "stops": linked(stops),
        "summary": chain.summary(stops),
        "first_move": (first, _page_of(first, release, superseded)),
        "other_moves": [(other, _page_of(other, release, superseded)) for other in others],
        "halts": halts.of(release) if release.asks_set_up else [],
        "table": table,
        "attachments": attached(notice),
        "relations": relations(notice),
        "superseded": superseded,
        "supersedes": replaced(notice, linked=True),
        "lines": lines(latest.events(release, LATEST), request.capacity),
    }
    return render(request, "boards/board.html", context)


def _page_of(move: Advice, release: Release, superseded: Banner | None) -> str:
    """The page on which a move is made."""
    pharmacies = reverse("notices:notice_pharmacies", args=[release.notice_id])
    return {
        Move.RESUME: reverse("notices:release", args=[release.pk]),
        Move.WATCH: reverse("notices:release", args=[release.pk]),
        Move.ANSWER: reverse("notices:help_requests"),
        Move.CALL: f"{pharmacies}?reach=failed",
        Move.ASK: f"{pharmacies}?answer=unconfirmed",
        Move.FOLLOW: f"{pharmacies}?answer=under_way",
        Move.SUPERSEDED: superseded.url if superseded else "",
        Move.NOTHING: "",
    }[move.move]


def _released(request: HttpRequest, pk: int) -> Notice:
    notices = Notice.objects.visible_to(request.capacity).with_names().select_related("release")
    return get_object_or_404(notices.prefetch_related("steps"), pk=pk, state=Notice.State.RELEASED)


@staff_only
@require_safe
def pharmacies(request: HttpRequest, pk: int) -> HttpResponse:
    """The pharmacies of a release; filters and order stay in the address, `format=csv` gives the same as a file."""
    notice = _released(request, pk)
    release = notice.release
    receipts = Receipt.objects.visible_to(request.capacity).pharmacies().filter(release=release)
    chosen = PharmacyFilter(request.GET, release, queryset=standing.with_answer(receipts), request=request)
    found = chosen.qs.select_related("organisation", "district")
    is_open = succession.successor(notice.pk) is None
    table = PharmacyTable(found, release, is_open=is_open, here=request.get_full_path())
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    match request.GET.get("format", ""):
        case "csv":
            return csv_file(f"{notice.number_text}_薬局.csv", PHARMACY_HEADING, _pharmacy_rows(table.data.data))
        case "":
            context = {"notice": notice, "release": release, "filter": chosen, "table": table}
            return render(request, "boards/pharmacies.html", context)
    raise Http404


@staff_only
@require_safe
def on_behalf(request: HttpRequest, pk: int) -> HttpResponse:
    """代理の記録 of a notice, undone or not, the latest first."""
    notice = _released(request, pk)
    table = OnBehalfTable(OnBehalf.objects.visible_to(request.capacity).filter(receipt__release=notice.release))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "boards/on_behalf.html", {"notice": notice, "table": table})


@staff_only
@require_safe
def districts_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The board by district as a file, every figure in it."""
    notice = _released(request, pk)
    return csv_file(f"{notice.number_text}_地区.csv", DISTRICT_HEADING, _district_rows(notice.release))


DISTRICT_HEADING = (
    "地区", "薬局", "送信済", "送信待ち", "別経路", "不達", "中止", "確認", "確認（うち代理）", "確認率", "完了",
    "完了（うち代理）", "対象外", "対象外（うち代理）", "完了率", "未確認", "困っています", "会長の受領",
    "会員への周知",
)  # fmt: skip
PHARMACY_HEADING = (
    "地区", "薬局コード", "薬局", "電話", "FAX", "送信", "不達の理由", "確認", "確認の方法", "確認した人", "完了",
    "完了の方法", "対象外", "対象外の方法", "対象外の理由", "困っています",
)  # fmt: skip


def _district_rows(release: Release) -> Iterator[Sequence[object]]:
    for row in progress.by_district(release):
        tally = row.tally
        yield (
            row.name, tally.recipients, tally.sent, tally.waiting, tally.other_channel, tally.failed, tally.stopped,
            tally.confirmed, tally.on_behalf, _fraction(tally.confirmed_rate), tally.finished,
            tally.finished_on_behalf, tally.not_applicable, tally.not_applicable_on_behalf,
            _fraction(tally.finished_rate), tally.unconfirmed, tally.needs_help, _time(row.accepted_at),
            _time(row.passed_on_at),
        )  # fmt: skip


def _pharmacy_rows(receipts: Iterable[Receipt]) -> Iterator[Sequence[object]]:
    for receipt in receipts:
        organisation = receipt.organisation
        yield (
            receipt.district.label, organisation.code, organisation.name, organisation.telephone, organisation.fax,
            receipt.get_reach_display(), receipt.reach_reason, _time(receipt.confirmed_at),
            receipt.get_confirmed_via_display(), receipt.confirmed_name, _time(receipt.finished_at),
            receipt.get_finished_via_display(), _time(receipt.not_applicable_at),
            receipt.get_not_applicable_via_display(), receipt.not_applicable_reason,
            "はい" if receipt.needs_help else "",
        )  # fmt: skip


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _time(value: dt.datetime | None) -> str:
    """ISO date and clock in Asia/Tokyo, which spreadsheets know as a time."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""
