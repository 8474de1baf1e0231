"""Closing a packet of which members are told nothing, and opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from members import access
from members.history import Actor
from notices.forms.packets import TopForm
from notices.intake import closing
from notices.models import Packet
from notices.views.doors import NOT_DRAFTING, staff_only
from notices.views.packet_tops import letter_url

DONE = {
    "file": "会員へは伝えないことにしました。「今日の仕事」から外れます。文書は台帳に残ります。",
    "double": "重複として閉じました。「今日の仕事」から外れます。受領文書は残ります。",
    "set_aside": "受領を取りやめました。受領文書と理由は残ります。同じファイルを、あらためて受領できます。",
    "reopen": "もう一度開きました。「今日の仕事」に戻ります。",
}


@staff_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """会員へは伝えない, 重複として閉じる, 受領を取りやめる, and taking that back; of one letter as `top` says."""
    packet = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    do, form = request.POST.get("do", ""), TopForm(request.POST)
    if do not in DONE:
        return redirect(packet)
    if not access.can_draft(request.capacity):
        messages.error(request, f"何も変えていません。{NOT_DRAFTING}")
    elif not form.is_valid():
        wrong = "。".join(error for errors in form.errors.values() for error in errors)
        messages.error(request, f"何も変えていません。{wrong}。")
    else:
        try:
            _close(packet, request.actor, do, form)
        except closing.CannotClose as error:
            messages.warning(request, f"何も変えていません。{error}")
        else:
            messages.success(request, DONE[do])
    top = form.cleaned_data.get("top")
    return redirect(packet if top is None else letter_url(packet, top))


def _close(packet: Packet, actor: Actor, do: str, form: TopForm) -> None:
    top = form.cleaned_data["top"]
    if do == "file":
        closing.file(packet, actor, top, form.cleaned_data["because"])
    elif do == "set_aside":
        closing.set_aside(packet, actor, form.cleaned_data["because"])
    elif do == "reopen":
        closing.reopen(packet, actor, top)
    else:
        closing.close_double(packet, actor)
