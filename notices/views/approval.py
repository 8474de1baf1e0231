"""決裁: a draft is asked for, decided on, taken back; all on the page that checks it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from members.afterwards import afterwards
from notices import access, filing
from notices.forms.approval import AskForm, DecideForm, PaperForm, ReturnForm
from notices.intake import waiting
from notices.models import Approval, Notice
from notices.procedures import approval_mail, approve, refusals
from notices.views.checking import show_check
from notices.views.doors import approving, drafting, recording_paper, staff_only
from notices.views.download import saved_file
from notices.views.drafts import draft_or_scheduled
from notices.views.letter import shown_sheet
from notices.views.typed import asks_again, keeps_typed, posted

NOT_YOURS = "取り下げられるのは、決裁に出した人です。決裁する人に、差し戻してもらうこともできます。"


@keeps_typed
@draft_or_scheduled
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「決裁に出す」; 「起案用紙」 beside it prints what was typed and records nothing."""
    typed = posted(request)
    if typed is None:
        return redirect("notices:check", notice.pk)
    form = AskForm(typed, notice=notice)
    if request.method == "POST" and form.is_valid():
        gist = form.cleaned_data["gist"]
        if request.POST.get("do") == "sheet":
            return shown_sheet(request, notice, form.chosen_day, gist)
        if _done(request, lambda: approve.ask(notice.pk, form.chosen_day, request.actor, gist)):
            _say_asked(request, notice.approvals.select_related("notice__release", "asked_by").latest("pk"))
        return redirect("notices:check", notice.pk)
    return show_check(request, notice, ask_form=form)


@draft_or_scheduled
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「取り下げる」."""
    if request.method == "POST":
        approval = _named(request, notice)
        if not access.can_take_back_request(request.capacity, approval):
            messages.error(request, f"取り下げていません。{NOT_YOURS}")
        elif _done(request, lambda: approve.take_back(approval.pk, request.actor)):
            messages.success(request, "決裁の依頼を取り下げました。また直せます。")
    return redirect("notices:check", notice.pk)


@keeps_typed
@draft_or_scheduled
@approving
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「決裁する」."""
    typed = posted(request)
    if typed is None:
        return redirect("notices:check", notice.pk)
    form = DecideForm(typed, notice=notice)
    if request.method == "POST" and form.is_valid():
        approval = _named(request, notice)
        if _done(request, lambda: approve.approve(approval.pk, form.chosen_day, request.actor)):
            number = Notice.objects.get(pk=notice.pk).number_text
            _tell_who_asked(request, approval)
            messages.success(request, f"{number or '番号なし'}で決裁しました。発出の担当の人が発出できます。")
        return redirect("notices:check", notice.pk)
    return show_check(request, notice, decide_form=form)


@keeps_typed
@draft_or_scheduled
@approving
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「差し戻す」."""
    typed = posted(request)
    if typed is None:
        return redirect("notices:check", notice.pk)
    form = ReturnForm(typed)
    if request.method == "POST" and form.is_valid():
        approval = _named(request, notice)
        if _done(request, lambda: approve.send_back(approval.pk, form.cleaned_data["remark"], request.actor)):
            messages.success(request, f"「{notice.subject}」を差し戻しました。決裁に出した人の画面に、理由が出ます。")
            _tell_who_asked(request, approval)
            return redirect("notices:today")
        return redirect("notices:check", notice.pk)
    return show_check(request, notice, return_form=form)


@draft_or_scheduled
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「決裁を取り消して直す」."""
    if request.method == "POST" and _done(request, lambda: approve.reopen(notice.pk, request.actor)):
        messages.success(request, "決裁を取り消しました。直したら、もう一度決裁に出してください。")
        return redirect("notices:compose", notice.pk)
    return redirect("notices:check", notice.pk)


@keeps_typed
@draft_or_scheduled
@recording_paper
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, notice: Notice) -> HttpResponse:
    """「紙の決裁を記録する」."""
    typed = posted(request)
    if typed is None:
        return redirect("notices:check", notice.pk)
    account = request.actor.account
    waits = waiting.given(typed.get("waiting", ""), account)
    form = PaperForm(typed, request.FILES, notice=notice, waits=waits)
    if request.method == "POST" and form.is_valid():
        if _done(request, lambda: _record(request, notice, form)):
            waiting.drop(waits)
            messages.success(request, "紙の決裁を記録しました。発出の担当の人が発出できます。")
        return redirect("notices:check", notice.pk)
    if request.method == "POST":
        form.wait(account)
    return show_check(request, notice, paper_form=form)


def _record(request: HttpRequest, notice: Notice, form: PaperForm) -> Approval:
    typed = form.cleaned_data
    scan = filing.keep(typed["scan"], request.actor)
    decision = approve.Paper(typed["paper_on"], typed["names"], scan)
    return approve.record_paper(notice.pk, decision, form.chosen_day, request.actor)


@staff_only
@require_safe
def scan(request: HttpRequest, pk: int) -> FileResponse:
    """The paper on which a draft was approved, to be saved."""
    visible = Approval.objects.filter(notice__in=Notice.objects.visible_to(request.capacity)).exclude(scan=None)
    return saved_file(get_object_or_404(visible.select_related("scan"), pk=pk).scan)


def _say_asked(request: HttpRequest, approval: Approval) -> None:
    words = "決裁に出しました。決裁されるまで、内容は変えられません。"
    accounts = approval_mail.asked_of(approval)
    if accounts and settings.EMAIL_URL:
        words += f"決裁の担当の人（{len(accounts):,} 人）に、メールでもお知らせします。"
    afterwards(request, lambda: approval_mail.knock(approval, accounts))
    messages.success(request, words)


def _tell_who_asked(request: HttpRequest, approval: Approval) -> None:
    decided = Approval.objects.select_related("notice", "asked_by", "decided_by").get(pk=approval.pk)
    afterwards(request, lambda: approval_mail.tell_who_asked(decided))


def _named(request: HttpRequest, notice: Notice) -> Approval:
    """The request that the page showed when its button was pressed."""
    number = request.POST.get("approval", "")
    return get_object_or_404(notice.approvals.select_related("notice"), pk=number if number.isdecimal() else 0)


def _done(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Whether it was done; where not, why is among the messages."""
    try:
        act()
    except refusals.REFUSALS as refusal:
        messages.error(request, f"何も変えていません。{refusals.words(refusal)}")
        return False
    return True
