"""The pharmacies on a chair's page of a notice: its rows, and one of them anew once something was noted of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from members.models import Account, Capacity
from notices import access
from notices.boards import comparison, desk, latest, progress, standing
from notices.boards.desk import Show, Tab
from notices.distribution import by_hand
from notices.distribution.reminders import members
from notices.models import Delivery, OnBehalf, Receipt
from notices.tracking import calling, on_behalf
from notices.views import succession
from notices.views.entrance import receipts


@dataclass(frozen=True)
class Row:
    """A pharmacy with what it answered, when it was told last in which way, and reminded last.

    `on_behalf`: how and by whom its answer was recorded for it. `is_ours`: the district still looks after it. `paper`:
    what was sent to it by FAX or post, by hand.
    """

    pharmacy: Receipt
    answer: str
    on_behalf: str
    calls: list[Any]
    is_ours: bool
    reminded_on: dt.date | None
    paper: Delivery | None


def rows(pharmacies: Iterable[Receipt], show: Show, capacity: Capacity, today: dt.date) -> list[Row]:
    """In the order in which a chair calls them."""
    found = list(pharmacies)
    calls, reminded, papers = calling.last_calls(found), latest.reminded_of(found), by_hand.sent(found)
    recorders = on_behalf.recorders(found)
    return [
        Row(
            each,
            standing.answer(each, each.release, today, asked_again=each.asked_again),
            _recorded(each, recorders.get(each.pk)),
            calls.get(each.pk, []),
            access.looks_after(capacity, each.organisation),
            reminded.get(each.pk),
            papers.get(each.pk),
        )
        for each in desk.uncalled_first(found, show, calls)
    ]


def _recorded(pharmacy: Receipt, recorder: Account | None) -> str:
    """代理（電話） and who recorded it; what came from another notice with its answer names nobody here."""
    how = standing.on_behalf(pharmacy)
    return f"{how}　{recorder}" if how and recorder else how


def undoable(own: Receipt, capacity: Capacity) -> list[tuple[OnBehalf, dt.datetime]]:
    """What this person has just recorded for pharmacies of the district and may still undo, and until when."""
    since = timezone.now() - dt.timedelta(minutes=settings.ON_BEHALF_UNDO_MINUTES)
    made = OnBehalf.objects.standing().filter(receipt__in=Receipt.objects.whole(own.release), at__gt=since)
    mine = made.filter(receipt__district=own.district, by=capacity.account_id).select_related("receipt__organisation")
    return [(one, access.undo_until(one)) for one in mine.order_by("-pk")]


def figures(own: Receipt, wanted: str | None, today: dt.date) -> dict[str, Any]:
    """How far the district has come with what it received, and its tabs with the one that is shown."""
    tally = progress.of_district(own.release, own.district)
    tabs = desk.tabs(own, tally, members.to_call(own, today).count())
    compared = comparison.of([own.release_id], own.district).get(own.release_id)
    show = desk.shown(tabs, wanted)
    return {"tally": tally, "compared": compared, "tabs": tabs, "show": show, "number": _number(tabs, show)}


def _number(tabs: list[Tab], show: str | None) -> int:
    """How many pharmacies stand under a tab; none where the last has just gone, and the tab with it."""
    return next((tab.number for tab in tabs if tab.show == show), 0)


def row_anew(request: HttpRequest, receipt: Receipt, back: str) -> HttpResponse:
    """The pharmacy's row of the page `back`, with what was done, and the figures anew; else that page."""
    passed, today = receipt.release.passes_on_id or receipt.release_id, timezone.localdate()
    mine = receipts().visible_to(request.capacity).districts()
    own = mine.filter(release=passed, organisation=receipt.district).first()
    if own is None:
        return HttpResponseClientRedirect(back)
    found = desk.pharmacies(own.release, own.district, Show.ALL, today).filter(pk=receipt.pk)
    wanted = QueryDict(urlsplit(back).query).get("show")
    found_now = figures(own, wanted, today)
    shown = wanted or found_now["show"]  # what is wanted stays, also where nobody is left under its tab
    context = {
        "row": rows(found, Show.ALL, request.capacity, today)[0],
        "receipt": own,
        "release": own.release,
        "superseded": succession.of_one(own),
        "back": back,
        "told": list(get_messages(request)),
        **found_now,
        "show": shown,
        "number": _number(found_now["tabs"], shown),
    }
    return render(request, "district/called.html", context)
