"""Deadlines as calendar files, for those who are signed in; what is saved does not follow later changes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from notices import calendars
from notices.models.receipt import ReceiptQuerySet
from notices.views import district, own
from notices.views.doors import chair_only, pharmacy_only
from notices.views.download import saved_calendar
from notices.views.entrance import Entrance, receipts


@pharmacy_only
@require_safe
def own_all(request: HttpRequest) -> HttpResponse:
    """The deadlines of all that a pharmacy has still to do."""
    return _saved(receipts().visible_to(request.capacity), "notices:own")


@chair_only
@require_safe
def district_all(request: HttpRequest) -> HttpResponse:
    """The deadlines of all that a district has still to look after."""
    return _saved(receipts().visible_to(request.capacity).districts(), "notices:district")


def _saved(mine: ReceiptQuerySet, otherwise: str) -> HttpResponse:
    found = list(calendars.still_open(mine))
    return saved_calendar(calendars.calendar(found), "deadlines.ics") if found else redirect(otherwise)


def _one(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    if entrance.receipt.deadline is None:
        raise Http404
    return saved_calendar(calendars.calendar([entrance.receipt]), "deadline.ics")


own_one = own.entered(require_safe(_one))
district_one = district.entered(require_safe(_one))
