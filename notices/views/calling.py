"""The buttons beside a telephone number: 電話済, FAX済, and 代理確認 where the pharmacy said so on the telephone."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from notices.models import Receipt
from notices.models.receipt import Via
from notices.tracking import calling
from notices.tracking import on_behalf as recording
from notices.tracking.calling import Way
from notices.tracking.facts import Refused
from notices.tracking.on_behalf import UNNAMED, Said, What
from notices.views import call_rows, on_behalf


def _pressed(act: Callable[[HttpRequest, Receipt, str], None]) -> Callable[..., HttpResponse]:
    """A button on the desk, which leads back to its row, where that still stands; with a script only that comes back.

    Who comes back to its address from the sign-in does nothing.
    """

    @on_behalf.entered
    @on_behalf.reading_and_writing
    @wraps(act)
    def view(request: HttpRequest, receipt: Receipt) -> HttpResponse:
        back = on_behalf.way_back(request, receipt)
        if request.method == "POST":
            try:
                act(request, receipt, back)
            except Refused as refusal:
                messages.warning(request, str(refusal))
        if request.htmx:
            return call_rows.row_anew(request, receipt, back)
        # Without a script the row has moved down, perhaps below those that stand open.
        whole = "&whole=1" if "?" in back and "whole=" not in back else ""
        return redirect(f"{back}{whole}#call-{receipt.pk}")

    return view


DONE = {Way.TELEPHONE: "電話した", Way.FAX: " FAX を送った"}


def told(way: Way) -> Callable[..., HttpResponse]:
    """電話済, FAX済: the day stands beside the pharmacy, and nothing counts otherwise than before."""

    def act(request: HttpRequest, receipt: Receipt, back: str) -> None:
        calling.note_call(receipt.pk, way, actor=request.actor)
        messages.success(request, f"{receipt.organisation.name}に{DONE[way]}ことを残しました。確認の数には入りません。")

    return _pressed(act)


def taken_back(way: Way) -> Callable[..., HttpResponse]:
    """電話済 or FAX済 that was pressed by mistake; both remain in the history."""

    def act(request: HttpRequest, receipt: Receipt, back: str) -> None:
        calling.take_back(receipt.pk, way, actor=request.actor)
        messages.success(request, f"{receipt.organisation.name}の「{way.label}」を取り消しました。")

    return _pressed(act)


@_pressed
def confirmed(request: HttpRequest, receipt: Receipt, back: str) -> None:
    """代理確認: confirmed by telephone, without a name; whoever has one uses the sheet."""
    made = recording.record(receipt.pk, Said(What.CONFIRMED, Via.TELEPHONE, UNNAMED), actor=request.actor)
    on_behalf.tell(request, receipt, What.CONFIRMED, made, f"{back}#call-{receipt.pk}")
