"""Addresses of the stage tracking: a receipt's pages behind each of their doors, and what staff see of them."""

from collections.abc import Callable

from django.urls import URLPattern, path

from notices.tracking.calling import Way
from notices.views import (
    calendars,
    calling,
    help_requests,
    on_behalf,
    own,
    papers,
    personal,
    prints,
    receipts,
    recipient,
    replies,
    step_notes,
)
from notices.views.entrance import PAGES, PAPERS, View

VIEWS = {
    "": recipient.page,
    "confirm": recipient.confirm,
    "name": recipient.name,
    "steps": recipient.work,
    "device": recipient.device,
    "finish": recipient.finish,
    "reopen": recipient.reopen,
    "not_applicable": recipient.not_applicable,
    "applicable": recipient.applicable,
    "help": recipient.ask,
    "help_close": recipient.close_help,
    "letter": papers.letter,
    "bound": papers.bound,
    "picture": recipient.picture,
    "attachment": papers.attachment,
    "file": papers.file,
}


def behind(door: Callable[[View], View], prefix: str, name: str, pages: dict[str, str]) -> list[URLPattern]:
    """The pages below the prefix, each entered by the door."""
    views = VIEWS if pages is PAGES else VIEWS | {"": personal.forwarded_page}
    return [
        path(f"{prefix}{place}", door(views[page]), name=f"{name}{page and '_'}{page}") for page, place in pages.items()
    ]


urlpatterns = [
    path("n/", personal.bare, name="personal_bare"),
    *behind(personal.entered, "n/<str:token>/", "personal", PAGES),
    path("n/<str:token>/<str:rest>", personal.trailing, name="personal_trailing"),
    *behind(personal.forwarded, "f/<str:token>/", "forwarded", PAPERS),
    path("own/", own.own, name="own"),
    path("own/history/", own.own_history, name="own_history"),
    path("own/deadlines.ics", calendars.own_all, name="own_calendar"),
    path("own/<int:key>/deadline.ics", calendars.own_one, name="own_receipt_calendar"),
    path("own/<int:key>/circulation.pdf", prints.circulation, name="own_circulation"),
    *behind(own.entered, "own/<int:key>/", "own_receipt", PAGES),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/revoke/", receipts.revoke, name="receipt_revoke"),
    path("receipts/<int:pk>/again/", receipts.again, name="receipt_again"),
    path("receipts/<int:pk>/on-behalf/", on_behalf.sheet, name="on_behalf"),
    path("receipts/<int:pk>/called/", calling.told(Way.TELEPHONE), name="receipt_called"),
    path("receipts/<int:pk>/called/undo/", calling.taken_back(Way.TELEPHONE), name="receipt_called_undo"),
    path("receipts/<int:pk>/faxed/", calling.told(Way.FAX), name="receipt_faxed"),
    path("receipts/<int:pk>/faxed/undo/", calling.taken_back(Way.FAX), name="receipt_faxed_undo"),
    path("receipts/<int:pk>/confirmed/", calling.confirmed, name="receipt_confirmed"),
    path("replies/", replies.replies, name="replies"),
    path("on-behalf/<int:pk>/undo/", on_behalf.undo, name="on_behalf_undo"),
    path("help-requests/", help_requests.help_requests, name="help_requests"),
    path("steps/<int:pk>/note/", step_notes.step_note, name="step_note"),
    path("help-requests/<int:pk>/", help_requests.help_request, name="help_request"),
]
