"""返信の入力: a code is typed, what it names is shown, a box is chosen and recorded; then the next one.

The code stands in the page's address, and opens nothing: what it names is shown to whom its pharmacy is to answer for.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from notices import access, sheet_code, succession
from notices.boards import standing
from notices.forms.replies import CodeForm, ReplyForm
from notices.models import Receipt, Release
from notices.models.receipt import Via
from notices.succession import Successor
from notices.tracking import replies as sheets
from notices.tracking import steps
from notices.tracking.facts import NothingAsked, Refused
from notices.views.doors import only, refused
from notices.views.entrance import receipts
from notices.views.on_behalf import reading_and_writing, shown
from notices.views.typed import keeps_typed, posted

MISTYPED = "このコードは、打ち間違えています。用紙の「受付コード」の 8 文字を、もう一度入れてください。"
UNKNOWN = "このコードの用紙は見つかりません。コードと、その薬局の担当かどうかを確かめてください。"


@dataclass(frozen=True)
class Sheet:
    """The receipt that a code names, and what there is to know before something is recorded for it."""

    receipt: Receipt
    code: str
    answer: str
    successor: Successor | None

    @classmethod
    def of(cls, receipt: Receipt) -> "Sheet":
        answer = standing.answer(receipt, receipt.release, timezone.localdate())
        successor = succession.successor_of(receipt)
        return cls(receipt, sheet_code.of(receipt.pk), answer, successor)

    @property
    def takes_answers(self) -> bool:
        return self.receipt.takes_questions and self.successor is None

    @property
    def again(self) -> str:
        """The code of the same pharmacy's sheet of a 再周知, to which its answer belongs; empty where there is none."""
        newer = Receipt.objects.taking_over().filter(carried_from=self.receipt).first()
        return sheet_code.of(newer.pk) if newer else ""

    @property
    def is_answered(self) -> bool:
        return self.receipt.confirmed_at is not None

    @property
    def was_stopped(self) -> bool:
        return self.receipt.release.state == Release.State.STOPPED

    @property
    def nothing_asked(self) -> str:
        return "" if self.receipt.takes_questions else NothingAsked.sentence


@keeps_typed
@only(access.can_act_on_behalf)
@reading_and_writing
def replies(request: HttpRequest) -> HttpResponse:
    """The empty field; with `code` the sheet, which POST records, and back to the empty field."""
    if not (typed := request.GET.get("code", "").strip()):
        if request.method == "POST":
            raise Http404
        return _page(request)
    try:
        receipt = sheets.named(typed, request.actor, receipts())
    except sheet_code.Mistyped:
        return _page(request, trouble=MISTYPED, status=422)
    if receipt is None:
        refused(request)  # a POST to another's is recorded
        return _page(request, trouble=UNKNOWN, status=404)
    return _one(request, Sheet.of(receipt))


def _one(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    receipt, entered = sheet.receipt, sheets.latest(request.actor)
    via = Via(entered[0].via) if entered else Via.FAX
    form = ReplyForm(receipt, steps.work(receipt), posted(request), via=via)
    if request.method != "POST" or not form.is_valid():
        return _page(request, sheet=sheet, form=form, status=422 if form.errors else 200)
    try:
        made = sheets.enter(receipt.pk, form.answers, actor=request.actor)
    except Refused as refusal:
        return _page(request, sheet=sheet, form=form, refusal=str(refusal), status=409)
    name, what = receipt.organisation.name, form.said.what.label
    if made:
        messages.success(request, f"{name}の「{what}」を、{form.said.via.label}で記録しました。次の用紙をどうぞ。")
    else:
        words = f"{name}の「{what}」は、もう記録されています。前の記録を、そのまま残しています。"
        messages.info(request, f"何も記録していません。{words}")
    return redirect("notices:replies")


def _page(request: HttpRequest, *, status: int = 200, sheet: Sheet | None = None, **more: Any) -> HttpResponse:
    code_form = CodeForm(initial={"code": "" if sheet else request.GET.get("code", "")[:100]})
    if sheet and sheet.takes_answers:
        del code_form.fields["code"].widget.attrs["autofocus"]  # the boxes have it
    context = {
        "sheet": sheet,
        "code_form": code_form,
        "entered": shown(sheets.latest(request.actor), request.capacity),
        **more,
    }
    return render(request, "replies/page.html", context, status=status)
