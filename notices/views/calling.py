"""The two buttons beside a telephone number: 電話済, and 代理確認 where the pharmacy said so on the telephone."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from notices.models import Receipt
from notices.models.receipt import Via
from notices.tracking import calling
from notices.tracking import on_behalf as recording
from notices.tracking.facts import Refused
from notices.tracking.on_behalf import UNNAMED, Said, What
from notices.views import on_behalf


def _pressed(act: Callable[[HttpRequest, Receipt, str], None]) -> Callable[..., HttpResponse]:
    """A button on the desk, which leads back there. Who comes back to its address from the sign-in does nothing."""

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
        return redirect(back)

    return view


@_pressed
def called(request: HttpRequest, receipt: Receipt, back: str) -> None:
    """電話済: the day stands beside the pharmacy, and nothing counts otherwise than before."""
    calling.note_call(receipt.pk, actor=request.actor)
    messages.success(request, f"{receipt.organisation.name}に電話したことを残しました。確認の数には入りません。")


@_pressed
def confirmed(request: HttpRequest, receipt: Receipt, back: str) -> None:
    """代理確認: confirmed by telephone, without a name; whoever has one uses the sheet."""
    made = recording.record(receipt.pk, Said(What.CONFIRMED, Via.TELEPHONE, UNNAMED), actor=request.actor)
    on_behalf.tell(request, receipt, What.CONFIRMED, made, back)
