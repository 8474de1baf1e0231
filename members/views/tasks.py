"""名簿の確認: what the roster needs somebody to find out, and what staff make of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access, addresses, answers, diary, tasking
from members.filters import TaskFilter
from members.forms.addresses import AddressForm
from members.forms.answers import ReturnForm
from members.models import Task
from members.models.task import TaskQuerySet
from members.roster import closing, reporting
from members.tables.roster import TaskTable
from members.views.doors import only

PER_PAGE = 50
ALREADY_THERE = "この薬局・団体に、もう登録されているアドレスです。届かなかったほうは「使わない」を選べます"
CHANGED_SINCE = (
    "何も変えていません。この宛先には、あとからの確認があるか、済ませたあとに名簿が変わっています。名簿を見てください。"
)
NOT_IN_ROSTER = "名簿が変わり、届かなかった宛先はもう登録されていません。「使わない」を押すと、この確認は終わります"


def _visible(request: HttpRequest) -> TaskQuerySet:
    found = access.tasks_visible_to(request.capacity)
    related = ("organisation__parent", "closed_by", "mailbox", "officer", "returned_by")
    return found.select_related(*related, "proposed_by__account", "proposed_by__organisation").with_turn()


@only(access.can_see_directory)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What is to be found out: everybody's for staff, answered ones first; the own district's for a chair."""
    whole = access.can_see_mail_addresses(request.capacity)
    found = _visible(request)
    chosen = TaskFilter(request.GET, found, whole=whole, request=request)
    closed = chosen.form.is_valid() and chosen.form.cleaned_data.get("state") == TaskFilter.CLOSED
    table = TaskTable(chosen.qs, whole=whole, closed=closed)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    shown = found if whole else found.still_open()
    return render(
        request, "members/tasks.html", {"filter": chosen, "table": table, "whole": whole, "any": shown.exists()}
    )


@only(access.can_decide_tasks)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: its answer, and what staff may do without one. Of an address: mend it, keep it, or give it up."""
    found = get_object_or_404(_visible(request), pk=pk)
    step = STEPS[Task.Kind(found.kind)].get(request.POST.get("do", "correct")) if request.method == "POST" else None
    form = AddressForm(request.POST if step is _correct else None, channel=found.channel, old=found.address)
    if step:
        try:
            return step(request, found, form)
        except tasking.NotOpen as refusal:
            messages.warning(request, f"何も変えていません。{refusal}")
            return redirect("task", pk)
        except Invalid:
            pass
    return show(request, found, form)


def show(
    request: HttpRequest, found: Task, form: AddressForm | None = None, return_form: ReturnForm | None = None
) -> HttpResponse:
    """The task's page for staff, with what was typed into one of its forms."""
    form = form or AddressForm(channel=found.channel, old=found.address)
    return_form = return_form or ReturnForm()
    context = {
        "task": found,
        "form": form,
        "return_form": return_form,
        "sign": answers.sign(found),
        "former": found.organisation.officers.filter(office=found.office).order_by("-until", "-pk").first(),
        "records": diary.lines(found),
    }
    return render(request, "members/task.html", context, status=422 if form.errors or return_form.errors else 200)


class Invalid(Exception):
    """The form says why."""


def _correct(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    """Raises Invalid when the address is none, or is in the roster already."""
    if not form.is_valid():
        raise Invalid
    try:
        addresses.correct(found.pk, form.cleaned_data["address"], request.actor)
    except addresses.AlreadyThere as error:
        form.add_error("address", ALREADY_THERE)
        raise Invalid from error
    except addresses.NotInRoster as error:
        form.add_error(None, NOT_IN_ROSTER)
        raise Invalid from error
    messages.success(request, f"{found.organisation.name}の宛先を直しました。これからの通知は、新しい宛先に届きます。")
    if form.warning:
        messages.warning(request, form.warning)
    return redirect("notices:task_notices", found.pk)


def _keep(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    addresses.keep(found.pk, request.actor)
    messages.success(request, f"{found.organisation.name}の宛先を、このまま使います。これからの通知は、また送ります。")
    return redirect("notices:task_notices", found.pk)


def _drop(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    addresses.drop(found.pk, request.actor)
    messages.success(
        request,
        f"{found.organisation.name}のこの宛先には、もう送りません。別の宛先があれば、名簿に加えてください。",
    )
    return redirect("task", found.pk)


def _reopen(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    try:
        addresses.reopen(found.pk, request.actor)
    except addresses.NotTheLatest:
        messages.warning(request, CHANGED_SINCE)
    else:
        messages.success(request, "確認待ちに戻しました。名簿も、届かなかったときのとおりに戻しました。")
    return redirect("task", found.pk)


def _dismiss(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    closing.dismiss(found.pk, request.actor)
    messages.success(request, f"{found.organisation.name}は、閉局していないことにしました。名簿は変えていません。")
    return redirect("task", found.pk)


def _settle(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    reporting.settle(found.pk, request.actor)
    messages.success(request, f"{found.organisation.name}からの知らせを、済みにしました。")
    return redirect("task", found.pk)


Step = Callable[[HttpRequest, Task, AddressForm], HttpResponse]
STEPS: dict[Task.Kind, dict[str, Step]] = {
    Task.Kind.BAD_ADDRESS: {"correct": _correct, "keep": _keep, "drop": _drop, "reopen": _reopen},
    Task.Kind.CLOSED: {"dismiss": _dismiss},
    Task.Kind.VACANT: {},
    Task.Kind.CHANGED: {"settle": _settle},
}
