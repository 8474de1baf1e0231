"""「困っています」 at the desk: who waits, and the answer."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from notices.boards import questions
from notices.distribution import recipients
from notices.filters.tracking import HelpRequestFilter
from notices.forms.tracking import AnswerForm
from notices.models import HelpRequest, StepNote
from notices.models.receipt import Via
from notices.procedures import answer as answering
from notices.tables.tracking import HelpRequestTable, state_of
from notices.tracking import helping
from notices.views.doors import staff_only
from notices.views.succession import of_one
from notices.views.typed import keeps_typed, posted

NO_MAIL = (
    "この薬局には使えるメールアドレスがないので、メールは送っていません。電話などで、回答が出たことをお伝えください。"
)
SETTLED = (
    "この相談は、ちょうど解決済になりました。回答は出していません。書いた文は、ここに残っています。"
    "お伝えすることがあれば、電話でお話しになり、その内容として残してください。"
)
WITH_ALL = ("receipt__organisation", "receipt__district", "receipt__release__notice")
WHO = ("asked_by", "answered_by", "closed_by", "on_behalf__by", "on_behalf__capacity__organisation")


@staff_only
@require_safe
def help_requests(request: HttpRequest) -> HttpResponse:
    """Open questions first, the longest waiting on top."""
    everything = HelpRequest.objects.visible_to(request.capacity).select_related(*WITH_ALL).with_about()
    # Open and unanswered, open and answered, closed.
    in_order = everything.order_by(
        F("closed_at").asc(nulls_first=True), F("answered_at").asc(nulls_first=True), "asked_at"
    )
    chosen = HelpRequestFilter(request.GET, in_order, request=request)
    table = HelpRequestTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    waiting = everything.filter(closed_at=None, answered_at=None).count()
    context = {"filter": chosen, "table": table, "waiting": waiting, "steps": questions.by_step()}
    return render(request, "help_requests/list.html", context)


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def help_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its answer: in writing, by telephone, or settled without."""
    try:
        return _one(request, pk)
    except HelpRequest.DoesNotExist as error:
        if request.method != "POST":
            raise Http404 from error
        messages.warning(
            request,
            "この相談は、もうありません。代理の記録が取り消されました。今の回答は残していません。"
            "お伝えすることがあれば、薬局に電話してください。",
        )
        return redirect("notices:help_requests")


def _one(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises HelpRequest.DoesNotExist, also where it is undone at this very moment."""
    asked = HelpRequest.objects.visible_to(request.capacity).with_about().select_related(*WITH_ALL, *WHO).get(pk=pk)
    form = AnswerForm(posted(request), initial={"answer": asked.answer})
    if request.method == "POST" and "close" in request.POST:
        helping.close(asked.pk, actor=request.actor, via=Via.SIGNED_IN)
        messages.success(request, "解決済にしました。やりとりはこの画面に残ります。")
        return redirect("notices:help_requests")
    if request.method == "POST" and form.is_valid() and _answer(request, asked, form):
        return redirect("notices:help_requests")
    note = StepNote.objects.beside([asked.step]).get(asked.step_id) if asked.step else None
    context = {"asked": asked, "note": note, "state": state_of(asked), "form": form}
    context["mailable"] = recipients.mailable(asked.receipt.organisation)
    context["superseded"] = of_one(asked.receipt)
    context["asked_of"] = helping.asked_of(asked)
    return render(request, "help_requests/one.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, asked: HelpRequest, form: AnswerForm) -> bool:
    """In writing, of which a mail tells the pharmacy; or the call is noted. False where the question is settled."""
    text = form.cleaned_data["answer"]
    try:
        if "telephone" in request.POST:
            helping.answer(asked.pk, text, actor=request.actor, by_telephone=True)
            messages.success(request, "電話の内容を残し、解決済にしました。メールは送っていません。")
        elif answering.answer(asked.pk, text, actor=request.actor):
            messages.success(request, "回答を薬局の画面に出しました。出たことを、メールで薬局にお知らせします。")
        else:
            messages.warning(request, f"回答を薬局の画面に出しました。{NO_MAIL}")
    except helping.AnsweredSo:
        messages.info(request, "同じ回答がもう出ています。何も変えず、メールも送っていません。")
    except helping.Settled:
        asked.refresh_from_db(fields=["closed_at", "closed_by"])
        form.add_error("answer", SETTLED)
        return False
    return True
