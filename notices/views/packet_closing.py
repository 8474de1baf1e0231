"""Closing a packet of which members are told nothing, and opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from members import access
from notices.intake import closing
from notices.models import Packet
from notices.views.doors import NOT_DRAFTING, staff_only

STEPS = {
    "file": (closing.file, "会員へは伝えないことにしました。「今日の仕事」から外れます。文書は台帳に残ります。"),
    "double": (closing.close_double, "重複として閉じました。「今日の仕事」から外れます。受領文書は残ります。"),
    "reopen": (closing.reopen, "もう一度開きました。「今日の仕事」に戻ります。"),
}


@staff_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """会員へは伝えない, 重複として閉じる, and taking either back."""
    packet = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    step, done = STEPS.get(request.POST.get("do", ""), (None, ""))
    if step and not access.can_draft(request.capacity):
        messages.error(request, f"何も変えていません。{NOT_DRAFTING}")
    elif step:
        try:
            step(packet, request.actor)
        except closing.CannotClose as error:
            messages.warning(request, f"何も変えていません。{error}画面を開いたあとに、状態が変わりました。")
        else:
            messages.success(request, done)
    return redirect(packet)
