"""One receipt at the desk: its facts, messages, questions and history; taking its personal addresses back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members import history
from notices.distribution.reminders import due, plans
from notices.forms.tracking import AddressChoiceForm
from notices.models import Receipt, Unreminded
from notices.procedures import remind, resend
from notices.tracking import addresses, helping, on_behalf, steps
from notices.tracking.diary import lines
from notices.views.doors import staff_only
from notices.views.entrance import receipts
from notices.views.on_behalf import shown
from notices.views.succession import of_one
from notices.views.typed import posted

WHO = ("confirmed_by", "finished_by", "not_applicable_by")


@staff_only
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = _receipt(request, pk)
    context = {
        "receipt": chosen,
        "release": chosen.release,
        "notice": chosen.release.notice,
        "work": steps.work(chosen),
        "deliveries": chosen.deliveries.order_by("-pk"),
        "help_requests": helping.of(chosen),
        "lines": lines(history.of(chosen)[:200], request.capacity),
        "records": shown(on_behalf.of(chosen), request.capacity),
        "addresses": resend.registered(chosen.organisation),
        "superseded": of_one(chosen),
        **_reminders(chosen),
    }
    return render(request, "receipts/one.html", context)


def _reminders(chosen: Receipt) -> dict[str, object]:
    """The plan that holds for it, what it was reminded of, and why it is not now, if it waits for an answer."""
    plan = plans.of(chosen.release.passes_on or chosen.release)
    own = Receipt.objects.filter(pk=chosen.pk)
    looked = due.look(own, timezone.localdate(), plan.most) if plan else []
    return {
        "plan": plan,
        "reminders": remind.reminders_of(chosen),
        "unreminded": Unreminded.objects.filter(receipt=chosen).select_related("stopped_by").first(),
        "not_reminded": looked[0].words if looked else "",
    }


def _receipt(request: HttpRequest, pk: int) -> Receipt:
    return get_object_or_404(receipts().select_related(*WHO).visible_to(request.capacity), pk=pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """「個人用URLを無効にする」: asks first."""
    chosen = _receipt(request, pk)
    if request.method == "POST":
        addresses.revoke(chosen.pk, actor=request.actor)
        messages.success(
            request,
            "これまでに送った個人用URLを無効にしました。確認や手順の記録は残っています。必要なら、新しいURLを送ってください。",
        )
        return redirect("notices:receipt", pk)
    return render(request, "receipts/revoke.html", {"receipt": chosen, "notice": chosen.release.notice})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """「新しいURLを送る」, to one of the recipient's registered addresses."""
    chosen = _receipt(request, pk)
    form = AddressChoiceForm(resend.registered(chosen.organisation), posted(request))
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        return _sent_again(request, chosen, address)
    context = {"receipt": chosen, "notice": chosen.release.notice, "form": form}
    return render(request, "receipts/again.html", context, status=422 if form.errors else 200)


def _sent_again(request: HttpRequest, chosen: Receipt, address: str) -> HttpResponse:
    """The page of the receipt whose address was mailed: the one of the correction, where the notice has one."""
    try:
        sent = resend.send(chosen, address, actor=request.actor).receipt
    except resend.Superseded as refusal:
        number = refusal.by.number_text or refusal.by.subject
        messages.warning(
            request,
            f"何も送っていません。この通知は {number} で廃止または訂正されています。"
            f"{chosen.organisation.name}は、その宛先ではありません。",
        )
        return redirect("notices:receipt", chosen.pk)
    if sent.pk != chosen.pk:
        number = sent.release.notice.number_text or sent.release.notice.subject
        messages.info(request, f"この通知の代わりになった {number} の個人用URLを送ります。前の通知はもう送りません。")
    messages.success(request, f"{address} に個人用URLを送る手配をしました。送信の様子は下の「配信」に出ます。")
    return redirect("notices:receipt", sent.pk)
