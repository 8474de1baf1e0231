"""The receipt number of a packet that is being checked, to be corrected."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from notices.forms.packets import ReceiptNumberForm
from notices.intake.receipt_numbers import ReceiptNumberTaken
from notices.intake.receiving import AlreadyRegistered
from notices.models import Packet
from notices.procedures import take_in
from notices.views.doors import staff_only
from notices.views.typed import keeps_typed, posted


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the receipt number; that of a registered packet stays."""
    packet = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    if packet.state != Packet.State.DOUBTFUL:
        return _stays(request, packet)
    form = ReceiptNumberForm(posted(request), initial={"receipt_number": packet.receipt_number})
    if request.method == "POST" and form.is_valid():
        try:
            packet = take_in.renumber(packet, form.cleaned_data["receipt_number"], request.actor)
        except ReceiptNumberTaken as error:
            form.add_error("receipt_number", str(error))
        except AlreadyRegistered:
            return _stays(request, packet)
        else:
            messages.success(request, f"収受番号は {packet.receipt_number} です。")
            return redirect(packet)
    context = {"packet": packet, "form": form}
    return render(request, "packets/number.html", context, status=422 if form.errors else 200)


def _stays(request: HttpRequest, packet: Packet) -> HttpResponse:
    if request.method == "POST":  # a message is kept, and looking keeps nothing
        messages.info(
            request, "この受領文書は閉じてあるか登録済みのため、収受番号は変えられません。何も変えていません。"
        )
    return redirect(packet)
