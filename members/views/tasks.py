"""届かない宛先: what the roster needs somebody to look after, and what staff make of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access, addresses
from members.filters import TaskFilter
from members.forms.addresses import AddressForm
from members.history import Actor
from members.models import Organisation, Task
from members.models.task import TaskQuerySet
from members.tables.roster import TaskTable
from members.views.back import came_from
from members.views.doors import only

PER_PAGE = 50
ALREADY_THERE = "この薬局・団体に、もう登録されているアドレスです"
NOT_IN_ROSTER = "名簿が変わり、届かなかった宛先はもう登録されていません。「使わない」を押すと、この確認は終わります"


def _visible(request: HttpRequest) -> TaskQuerySet:
    found = access.tasks_visible_to(request.capacity)
    return found.select_related("organisation__parent", "closed_by", "mailbox", "officer")


@only(access.can_see_directory)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Addresses at which nobody is reached: everybody's for staff, the own district's for a chair."""
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


@only(access.can_see_mail_addresses)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: mend it, use it as it is, or use it no more; taken back where that was wrong."""
    found = get_object_or_404(_visible(request), pk=pk)
    step = STEPS.get(request.POST.get("do", "correct")) if request.method == "POST" else None
    form = AddressForm(request.POST if step is _correct else None, channel=found.channel, old=found.address)
    if step:
        try:
            return step(request, found, form)
        except addresses.NotOpen as refusal:
            messages.warning(request, f"何も変えていません。{refusal}")
            return redirect("task", pk)
        except Invalid:
            pass
    return render(request, "members/task.html", {"task": found, "form": form}, status=422 if form.errors else 200)


class Invalid(Exception):
    """The form says why."""


def _correct(request: HttpRequest, found: Task, form: AddressForm) -> HttpResponse:
    """Raises Invalid when the address is none, or is in the roster already."""
    if not form.is_valid():
        raise Invalid
    try:
        addresses.correct(found.pk, form.cleaned_data["address"], request.actor)
    except addresses.AlreadyThere as error:
        form.add_error("address", f"{ALREADY_THERE}。届かなかったほうは「使わない」を選べます")
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
        messages.warning(request, "何も変えていません。同じ宛先に、あとからの確認があります。そちらを見てください。")
    else:
        messages.success(request, "確認待ちに戻しました。名簿も、届かなかったときのとおりに戻しました。")
    return redirect("task", found.pk)


Step = Callable[[HttpRequest, Task, AddressForm], HttpResponse]
STEPS: dict[str, Step] = {"correct": _correct, "keep": _keep, "drop": _drop, "reopen": _reopen}


@only(access.can_see_mail_addresses)
@require_http_methods(["GET", "HEAD", "POST"])
def add_mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """「メールアドレスを加える」, to an organisation of the roster; then back to `next`, a page of this site."""
    found = get_object_or_404(access.organisations_visible_to(request.capacity), pk=pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(found, form, request.actor):
        messages.success(request, f"{found.name}のアドレスを加えました。これからの通知は、このアドレスにも届きます。")
        if form.warning:
            messages.warning(request, form.warning)
        return redirect(came_from(request) or resolve_url("organisation", pk))
    context = {"organisation": found, "form": form, "back": came_from(request)}
    return render(request, "members/mailbox.html", context, status=422 if form.errors else 200)


def _added(found: Organisation, form: AddressForm, actor: Actor) -> bool:
    try:
        addresses.add(found.pk, form.cleaned_data["address"], actor)
    except addresses.AlreadyThere:
        form.add_error("address", ALREADY_THERE)
        return False
    return True
