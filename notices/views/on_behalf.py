"""代理: the sheet on which staff and chairs record what a pharmacy answered, and the button that undoes it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from members.access import is_staff
from members.models import Capacity
from members.views.back import came_from
from notices import access, succession
from notices.boards import desk, standing
from notices.forms.on_behalf import OnBehalfForm
from notices.models import OnBehalf, Receipt
from notices.tracking import on_behalf, steps
from notices.tracking.facts import Refused
from notices.tracking.on_behalf import What
from notices.views import call_rows
from notices.views.doors import only, refused
from notices.views.entrance import receipts
from notices.views.typed import keeps_typed, posted

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Shown:
    """A record, and what who looks at it may do; `until` tells its author how long."""

    record: OnBehalf
    is_readable: bool
    can_undo: bool
    until: dt.datetime | None


def shown(records: Iterable[OnBehalf], capacity: Capacity | None) -> list[Shown]:
    """Records for who acts in this capacity: who answered and the remark are not for everybody."""
    return [
        Shown(
            record,
            is_readable=access.can_read_on_behalf(capacity, record),
            can_undo=record.undone_at is None and access.can_undo(capacity, record),
            until=None if is_staff(capacity) else access.undo_until(record),
        )
        for record in records
        if access.can_know_of(capacity, record)
    ]


def entered(view: Callable[[HttpRequest, Receipt], HttpResponse]) -> Callable[..., HttpResponse]:
    """A pharmacy's receipt, for staff and its district's people. Any other is a 404; a POST there is recorded."""

    @wraps(view)
    def inside(request: HttpRequest, pk: int) -> HttpResponse:
        receipt = receipts().filter(pk=pk).first()
        if receipt is None or not access.looks_after(request.capacity, receipt.organisation):
            raise refused(request)
        if not receipt.takes_questions:
            raise Http404
        return view(request, receipt)

    return keeps_typed(only(access.can_act_on_behalf)(inside))


@entered
@reading_and_writing
def sheet(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """What the pharmacy answered, how, and who it was, on one sheet; then back to where one came from."""
    back = way_back(request, receipt)
    if request.method != "POST" and succession.successor_of(receipt):
        return redirect(back)
    form = OnBehalfForm(receipt, steps.work(receipt), posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = on_behalf.record(receipt.pk, form.said, actor=request.actor)
        except Refused as refusal:
            return _sheet(request, receipt, form, back, status=409, refusal=str(refusal))
        tell(request, receipt, form.said.what, made, back)
        return redirect(back)
    return _sheet(request, receipt, form, back, status=422 if form.errors else 200)


def _sheet(
    request: HttpRequest, receipt: Receipt, form: OnBehalfForm, back: str, *, status: int, refusal: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "receipt": receipt,
        "release": receipt.release,
        "notice": receipt.release.notice,
        "answer": standing.answer(receipt, receipt.release, today),
        "managers": desk.managers(today).filter(organisation=receipt.organisation),
        "records": shown(on_behalf.of(receipt), request.capacity),
        "form": form,
        "refusal": refusal,
        "place": _place(request, receipt),
        "back": back,
    }
    return render(request, "on_behalf/sheet.html", context, status=status)


def way_back(request: HttpRequest, receipt: Receipt) -> str:
    """The page from which the receipt was reached, else the one below which its sheet lies."""
    return came_from(request) or _place(request, receipt)


def _place(request: HttpRequest, receipt: Receipt) -> str:
    """The page below which the sheet lies: staff's page of the receipt, the chair's page of the notice."""
    if is_staff(request.capacity):
        return reverse("notices:receipt", args=[receipt.pk])
    passed = receipt.release.passes_on_id or receipt.release_id
    own = Receipt.objects.districts().filter(release=passed, organisation=receipt.district).first()
    return reverse("notices:district_receipt", args=[own.pk]) if own else reverse("notices:district")


def tell(request: HttpRequest, receipt: Receipt, what: What, made: OnBehalf | None, back: str) -> None:
    """What was recorded, with the way to undo it; or that it was there already."""
    name = receipt.organisation.name
    if made is None:
        messages.info(
            request,
            f"何も記録していません。{name}の「{what.label}」は、もう記録されています。前の記録を、そのまま残しています。",
        )
        return
    kept = "" if made.confirms or what == What.HELP else "薬局が前にした確認は、そのまま残しています。"
    undoing = access.can_undo(request.capacity, made)
    limit = ""
    if undoing and not is_staff(request.capacity):
        limit = f"間違えたときは、{settings.ON_BEHALF_UNDO_MINUTES} 分以内なら取り消せます。"
    messages.success(
        request,
        f"{name}の「{what.label}」を、代理で記録しました。{kept}薬局の画面にも、代理の記録として出ます。{limit}",
        extra_tags=_undoing(made, back) if undoing else "",
    )


def _undoing(made: OnBehalf, back: str) -> str:
    """The address of the button that undoes it, which leads back to the page."""
    return f"{reverse('notices:on_behalf_undo', args=[made.pk])}?{urlencode({'next': back})}"


@only(access.can_act_on_behalf)
@reading_and_writing
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """「取り消す」: for its author for some minutes, for staff at any time."""
    made = OnBehalf.objects.visible_to(request.capacity).select_related("receipt__organisation").filter(pk=pk).first()
    if made is None:
        raise refused(request)
    back = came_from(request) or reverse("notices:on_behalf", args=[made.receipt_id])
    if request.method == "POST":
        what = f"{made.receipt.organisation.name}の「{made.get_what_display()}」の代理の記録"
        try:
            undone = on_behalf.undo(made.pk, actor=request.actor)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{what}を取り消しました。" if undone else f"{what}は、もう取り消されています。")
    return call_rows.row_anew(request, made.receipt, back) if request.htmx else redirect(back)
