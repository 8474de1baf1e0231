"""A signed-in pharmacy's notices: what is still to do first; the pages of each are those of the personal address."""

import datetime as dt
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import access
from notices import calendars
from notices.models import Receipt
from notices.models.receipt import Turn, Via
from notices.search.searching import Search, notices_for
from notices.succession import successors_of
from notices.tables.places import place_url
from notices.tracking.diary import lines
from notices.tracking.steps import with_progress, words
from notices.views.doors import pharmacy_only, refused
from notices.views.entrance import Entrance, View, receipts
from notices.views.typed import keeps_typed

A_PAGE = 20


def entered(view: View) -> View:
    """The recipient's own pages, for its signed-in people. Another's are a 404, and a POST to them is recorded."""

    @wraps(view)
    def inside(request: HttpRequest, key: int, **places: Any) -> HttpResponse:
        receipt = receipts().visible_to(request.capacity).filter(pk=key).first()
        if receipt is None:
            raise refused(request)
        entrance = Entrance(receipt, "own_receipt", key, "phone.html", actor=request.actor, via=Via.SIGNED_IN)
        return view(request, entrance, **places)

    return keeps_typed(pharmacy_only(inside))


@pharmacy_only
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What calls another off, then the unread by deadline, what is under way, what is done or superseded, by page.

    `q` searches all of it, with its papers, as far as the pharmacy got it.
    """
    query = request.GET.get("q", "").strip()
    everything = receipts().visible_to(request.capacity)
    search = Search(query, notices_for(request.capacity)) if query else None
    if search:
        everything = everything.filter(release__notice__in=search.found.entries.values("notice"))
    ordered = everything.to_do_first()
    calling_off = list(ordered.filter(turn=Turn.CALLS_OFF))
    unread = list(ordered.filter(turn=Turn.UNREAD))
    under_way = list(with_progress(ordered.filter(turn=Turn.UNDER_WAY)))
    settled = Paginator(ordered.filter(turn=Turn.SETTLED), A_PAGE).get_page(request.GET.get("page"))
    found = successors_of(settled)
    for receipt in settled:
        receipt.successor = found.get(receipt.pk)
        receipt.finished_at_once = _same_day(receipt.confirmed_at, receipt.finished_at)
    for receipt in under_way:
        receipt.steps_words = words(receipt.steps_done, receipt.steps_total)
    if search:
        _show_places(search, [*calling_off, *unread, *under_way, *settled])
    context = {
        "query": query,
        "calling_off": calling_off,
        "unread": unread,
        "under_way": under_way,
        "settled": settled,
        "addresses": [mailbox.address for mailbox in request.capacity.organisation.mailboxes.all()],
        "has_deadlines": calendars.still_open(Receipt.objects.visible_to(request.capacity)).exists(),
        "has_any": Receipt.objects.visible_to(request.capacity).exists(),
    }
    return render(request, "own/list.html", context)


def _same_day(confirmed_at: dt.datetime | None, finished_at: dt.datetime | None) -> bool:
    return bool(finished_at) and timezone.localdate(confirmed_at) == timezone.localdate(finished_at)


def _show_places(search: Search, shown: list[Receipt]) -> None:
    """Where in each notice the words stand."""
    found = search.hits_in(receipt.release.notice_id for receipt in shown)
    for receipt in shown:
        receipt.hit = found.get(receipt.release.notice_id)
        receipt.place_url = place_url(receipt.hit, "own_receipt", receipt.pk) if receipt.hit else ""


@pharmacy_only
@require_safe
def own_history(request: HttpRequest) -> HttpResponse:
    """What is recorded of the pharmacy, latest first."""
    events = access.events_visible_to(request.capacity).filter(subject_kind="receipt")
    events = events.select_related("account", "capacity__organisation")
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    return render(request, "own/history.html", {"page": page, "lines": lines(page.object_list, request.capacity)})
