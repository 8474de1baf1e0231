"""地区の回答: the district answers what the roster needs to know, staff approve the answer or send it back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import access, answers, tasking
from members.forms.answers import AnswerForm, ClosingForm, ReturnForm
from members.models import Organisation, Task
from members.models.organisation import Kind
from members.roster import closing
from members.views.doors import only, refused
from members.views.tasks import show

ANSWERED_ANEW = (
    "何も変えていません。この画面を開いたあとに、回答が変わりました。いまの回答を見て、もう一度押してください。"
)


def _task(request: HttpRequest, pk: int) -> Task:
    related = ("organisation__parent", "officer", "proposed_by__account", "proposed_by__organisation")
    found = access.tasks_visible_to(request.capacity).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise refused(request)
    return found


@only(access.can_answer_tasks)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One task as its district sees it: what is asked, and the answer, which may be changed until staff decide."""
    found = _task(request, pk)
    own = found.proposed_by is not None and found.proposed_by.organisation_id == request.capacity.organisation_id
    form = AnswerForm(request.POST if request.method == "POST" and not found.closed_at else None, task=found, shows=own)
    if request.method == "POST" and (found.closed_at or form.is_valid()):
        _propose(request, found, form)
        return redirect("task_answer", pk)
    context = {"task": found, "form": form, "own": own}
    return render(request, "members/task_answer.html", context, status=422 if form.errors else 200)


def _propose(request: HttpRequest, found: Task, form: AnswerForm) -> None:
    try:
        if found.closed_at:
            raise tasking.NotOpen(found)
        answers.propose(found.pk, form.answer, request.actor)
    except tasking.NotOpen as refusal:
        messages.warning(request, f"何も変えていません。{refusal}")
    else:
        messages.success(request, "回答を事務局に伝えました。事務局が確かめて名簿を直すまで、書き直せます。")


@only(access.can_decide_tasks)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """「この内容で直す」 or 「差し戻す」, of the answer that was on the page."""
    found = _task(request, pk)
    step = STEPS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if step is None:
        return redirect("task", pk)
    try:
        return step(request, found)
    except tasking.NotOpen as refusal:
        messages.warning(request, f"何も変えていません。{refusal}")
    except answers.AnsweredAnew:
        messages.warning(request, ANSWERED_ANEW)
    except answers.CannotApply as refusal:
        messages.warning(request, f"何も変えていません。{refusal}")
    return redirect("task", pk)


def _approve(request: HttpRequest, found: Task) -> HttpResponse:
    task = answers.approve(found.pk, request.POST.get("seen", ""), request.actor)
    messages.success(request, f"{found.organisation.name}の名簿を、回答のとおりに直しました。{task.answer}。")
    return redirect("notices:task_notices" if task.says == Task.Says.ADDRESS else "task", found.pk)


def _send_back(request: HttpRequest, found: Task) -> HttpResponse:
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return show(request, found, return_form=form)
    answers.send_back(found.pk, request.POST.get("seen", ""), form.cleaned_data["reason"], request.actor)
    messages.success(request, "地区に差し戻しました。理由は、地区の会長の画面に出ます。")
    return redirect("task", found.pk)


STEPS: dict[str, Callable[[HttpRequest, Task], HttpResponse]] = {"approve": _approve, "return": _send_back}


@only(access.can_report_closing)
@require_http_methods(["GET", "HEAD", "POST"])
def closed(request: HttpRequest, pk: int) -> HttpResponse:
    """「閉局した」: a pharmacy has closed or left; staff register it."""
    visible = access.organisations_visible_to(request.capacity)
    found = visible.filter(kind=Kind.PHARMACY, pk=pk).select_related("parent").first()
    if found is None:
        raise refused(request)
    form = ClosingForm(request.POST if request.method == "POST" else None, organisation=found)
    if request.method == "POST" and form.is_valid():
        return _reported(request, found, form)
    context = {"organisation": found, "form": form}
    return render(request, "members/closing.html", context, status=422 if form.errors else 200)


def _settled(request: HttpRequest, found: Organisation, task: Task) -> HttpResponse:
    """Staff who are sure register it at once; who are not, leave what they heard to be checked."""
    if request.POST.get("do") != "register":
        messages.success(
            request, "閉局の知らせを入れました。まだ退会にはしていません。確かめてから退会にしてください。"
        )
        return redirect("task", task.pk)
    try:
        answers.approve(task.pk, answers.sign(task), request.actor)
    except (tasking.NotOpen, answers.AnsweredAnew, answers.CannotApply) as refusal:
        messages.warning(request, f"まだ退会にはしていません。知らせは入れました。{refusal}")
        return redirect("task", task.pk)
    messages.success(request, f"{found.name}を退会にしました。これからの発出の宛先になりません。")
    return redirect("organisation", found.pk)


def _reported(request: HttpRequest, found: Organisation, form: ClosingForm) -> HttpResponse:
    try:
        task = closing.report(found.pk, form.cleaned_data["value_on"], form.cleaned_data["remark"], request.actor)
    except closing.AlreadyLeft:
        messages.info(request, "何も変えていません。退会は、もう登録されています。")
        return redirect("organisation", found.pk)
    if access.can_decide_tasks(request.capacity):
        return _settled(request, found, task)
    messages.success(request, "閉局したことを事務局に伝えました。事務局が確かめて、退会を登録します。")
    return redirect("task_answer", task.pk)
