"""The chair's pages: the notices of the district, one of them with the pharmacies to look after, and its papers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access
from members.views.download import saved, wanted
from notices import access as notices_access
from notices import calendars, hops
from notices.boards import comparison, desk, progress, sheet
from notices.boards.progress import Tally
from notices.distribution import superseding
from notices.distribution.reminders import members
from notices.models import Receipt
from notices.models.receipt import Via
from notices.procedures import pass_on as passing_on
from notices.search.searching import Search, notices_for
from notices.tables.district import DistrictNoticeTable
from notices.tracking import confirming, setup
from notices.tracking.facts import Refused
from notices.views import call_rows
from notices.views.doors import chair_only, refused
from notices.views.entrance import Entrance, receipts
from notices.views.papers import attached
from notices.views.succession import behind, earlier, replaced

View = Callable[..., HttpResponse]
PER_PAGE = 30
# So many pharmacies stand open on the page of a notice, and with them these few more rather than a way to them.
MOST, FEW = 12, 3


def entered(view: View) -> View:
    """The district's own receipts, for its people. Any other is a 404; a POST there is recorded."""

    @wraps(view)
    def inside(request: HttpRequest, key: int, **places: Any) -> HttpResponse:
        receipt = receipts().visible_to(request.capacity).districts().filter(pk=key).first()
        if receipt is None:
            raise refused(request)
        entrance = Entrance(receipt, "district_receipt", key, "desk.html", actor=request.actor, via=Via.SIGNED_IN)
        return view(request, entrance, **places)

    return chair_only(inside)


@chair_only
@require_safe
def district(request: HttpRequest) -> HttpResponse:
    """通知: what waits for 受領確認 first, then the latest; `q` searches them with their papers."""
    own = request.capacity.organisation
    mine = desk.notices_of(own)
    query = request.GET.get("q", "").strip()
    search = Search(query, notices_for(request.capacity)) if query else None
    found = desk.found_in(mine, search.found.entries.values("notice")) if search else mine
    table = DistrictNoticeTable(found, district=own, search=search)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    due = hops.waiting(mine)
    # What is to be passed on is received by that: it stands once, with the step that does both.
    pending = desk.pending(mine).exclude(pk__in=due.order_by().values("pk"))
    pending = pending.order_by(F("deadline").asc(nulls_last=True), "-release__released_at", "-pk")
    asked = desk.asked(access.tasks_visible_to(request.capacity))
    context = {"table": table, "query": query, "any": bool(query) or table.rows, "due": due}
    context |= {"has_deadlines": calendars.still_open(mine).exists()}
    context |= {"compared": comparison.of_this_year(mine, own, timezone.localdate())}
    context |= {"pending": pending[:3], "pending_count": pending.count(), "asked": asked}
    return render(request, "district/notices.html", context)


@entered
@require_safe
def receipt(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """One notice: what the chair still has to do, and the district's pharmacies; by `format` these as a file.

    Only the first of many pharmacies, unless the `whole` list is wanted: on a phone each is as high as a hand.
    """
    own, release = entrance.receipt, entrance.receipt.release
    today = timezone.localdate()
    figures = call_rows.figures(own, request.GET.get("show"), today)
    show = figures["show"]
    found = desk.pharmacies(release, own.district, show, today, members.to_call(own, today))
    if kind := wanted(request):
        return saved(sheet.members(release, own.district, found), kind)
    rows = call_rows.rows(found, show, request.capacity, today)
    wants_whole = "whole" in request.GET
    shown = rows if wants_whole or len(rows) <= MOST + FEW else rows[:MOST]
    context = {
        "receipt": own,
        "release": release,
        "notice": release.notice,
        **figures,
        "here": f"{request.path}?show={show}{'&whole=1' if wants_whole else ''}",
        "rows": shown,
        "undo_minutes": settings.ON_BEHALF_UNDO_MINUTES,
        "rest": len(rows) - len(shown),
        "may_write": entrance.successor is None and _may_write(request, own, figures["tally"]),
        "waiting_words": own.chair_messages.waiting().first(),
        "today": today,
        "superseded": behind(entrance),
        "supersedes": replaced(release.notice),
        "earlier": earlier(entrance),
        **_way_on(own),
        "unheard": superseding.is_unheard(own),
        "others_pending": _others_pending(own),
        "undoable": call_rows.undoable(own, request.capacity),
    }
    return render(request, "district/notice.html", context)


def _others_pending(own: Receipt) -> list[Receipt]:
    """What else waits for 受領確認, the earliest deadline first; what is to be passed on is received by that."""
    mine = desk.notices_of(own.district)
    waiting = desk.pending(mine).exclude(pk=own.pk).exclude(pk__in=hops.waiting(mine).order_by().values("pk"))
    return list(waiting.order_by(F("deadline").asc(nulls_last=True), "-release__released_at", "-pk"))


def _may_write(request: HttpRequest, own: Receipt, tally: Tally) -> bool:
    """Whether there are members to whom the chair may write because they have not answered."""
    if not own.release.asks_confirmation:
        return False
    left = tally.unconfirmed + (tally.under_way if own.release.asks_set_up else 0)
    return bool(left) and notices_access.can_write_to_members(request.capacity, own)


def _way_on(receipt: Receipt) -> dict[str, object]:
    """Of a notice that goes through the districts: what became of it here."""
    if not receipt.release.through_districts:
        return {}
    out, obstacle = hops.letter(receipt), passing_on.obstacle(receipt)
    return {
        "out": out,
        "out_tally": progress.sent_by(out).pharmacies if out else None,
        "is_due": hops.is_due(receipt),
        "is_told": hops.is_told(receipt),
        "obstacle": obstacle.words if obstacle else "",
    }


@entered
@require_safe
def letter(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """文面と別添: the letter, the covering text to the chairs, the attachments."""
    release = entrance.receipt.release
    context = {
        "entrance": entrance,
        "receipt": entrance.receipt,
        "release": release,
        "notice": release.notice,
        "papers": attached(entrance, release.notice),
        "superseded": behind(entrance),
        "supersedes": replaced(release.notice),
    }
    return render(request, "district/letter.html", context)


def _acting(declare: Callable[..., Receipt], words: str) -> View:
    """A button of the chair: what it declares, and what the next page says about it."""

    @entered
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, entrance: Entrance) -> HttpResponse:
        # Otherwise somebody comes back from the sign-in, or from a restored tab.
        if request.method == "POST":
            try:
                declare(entrance.receipt.pk, actor=entrance.actor, via=entrance.via)
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, words)
        return redirect("notices:district_receipt", entrance.key)

    return view


accept = _acting(confirming.confirm, "受領を確認しました。県薬剤師会に伝わりました。")
pass_on = _acting(confirming.pass_on, "会員への周知を記録しました。県薬剤師会に伝わりました。")
take_back = _acting(setup.reopen, "会員への周知を取り消しました。受領の確認は残っています。")
