"""名簿の取込: reading a file, seeing what it would change, applying it, taking it back."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access, tree
from members.forms.loads import ColumnsForm, LoadForm
from members.models import RosterLoad
from members.roster.loading import lines, loads, refused, undoing
from members.roster.loading.loads import Preview, State
from members.roster.loading.sheets import NotReadable
from members.tables.loads import LineTable, LoadTable
from members.views.doors import only
from members.views.download import attachment

PER_PAGE = 50
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHANGED = (
    "名簿か、取り込みかたが、この画面を開いたあとに変わりました。まだ何も取り込んでいません。"
    "もう一度、内容を確かめてください。"
)
ASKED = (
    "名簿の半分以上が退会になるため、もう1人の確認が要ります。まだ何も変えていません。"
    "ほかの事務局の人に、この画面を開いて取り込んでもらってください。"
)
BUILT_UPON = (
    "何も戻していません。取り込んだあとに直されたか、通知の宛先などになった薬局があります：{names}。"
    "1件ずつ直してください。"
)
NOT_WAITING = "この取込は、ほかの人が先に進めました（{state}）。いま押したことでは、何も変えていません。"


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_loads(request: HttpRequest) -> HttpResponse:
    """What was read in so far, and a file to read."""
    form = LoadForm(request.POST, request.FILES) if request.method == "POST" else LoadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            load = loads.receive(file.read(), file.name, request.actor)
        except NotReadable as error:
            form.add_error("file", str(error))
        else:
            return redirect("roster_load", load.pk)
    table = LoadTable(RosterLoad.objects.select_related("made_by"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "members/loads.html", {"form": form, "table": table}, status=422 if form.errors else 200)


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_load(request: HttpRequest, pk: int) -> HttpResponse:
    """One load: its columns to agree to, its preview to apply, or what it did."""
    load = get_object_or_404(RosterLoad.objects.select_related("made_by", "asked_by", "applied_by", "undone_by"), pk=pk)
    step = STEPS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if step:
        try:
            return step(request, load)
        except loads.NotWaiting as error:
            messages.warning(request, NOT_WAITING.format(state=error.load.get_state_display()))
            return redirect("roster_load", pk)
    if load.state != State.WAITING:
        return _result(request, load)
    try:
        seen = loads.preview_of(load, timezone.localdate())
    except NotReadable as error:
        return render(request, "members/load_unreadable.html", {"load": load, "why": str(error)})
    if seen.plan is None or not load.columns_agreed or "columns" in request.GET:
        form = ColumnsForm(load=load, layout=seen.layout, samples=seen.samples)
        return _columns(request, load, form, seen.problems)
    return _preview(request, load, seen)


@only(access.can_edit_roster)
@require_safe
def roster_load_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that are not taken, to mend in Excel and to read in again."""
    load = get_object_or_404(RosterLoad, pk=pk, state=State.WAITING)
    seen = loads.preview_of(load, timezone.localdate())
    content = refused.workbook(seen.layout, seen.plan.refused if seen.plan else [])
    ending = f"_{timezone.localdate().isoformat()}.xlsx"
    name = f"取り込めなかった行_{PurePath(load.name).stem}{ending}"
    disposition = attachment(name, f"refused-{load.pk}{ending}")
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": disposition})


def _columns(request: HttpRequest, load: RosterLoad, form: ColumnsForm, problems: list[str]) -> HttpResponse:
    context = {"load": load, "form": form, "problems": problems}
    return render(request, "members/load_columns.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, load: RosterLoad, seen: Preview) -> HttpResponse:
    districts, counts = tree.Districts(), lines.counts(seen.plan)
    chosen = request.GET.get("show", "")
    if chosen not in lines.LISTS:
        chosen = next((name for name in lines.LISTS if counts[name] and name != lines.ABSENT), lines.ABSENT)
    searched = request.GET.get("q", "")
    table = LineTable(lines.of(seen.plan, chosen, districts, searched), shown=SHOWN.get(chosen, ()))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "load": load,
        "plan": seen.plan,
        "table": table,
        "tabs": [(name, label, counts[name], name == chosen) for name, label in lines.LISTS.items()],
        "chosen": chosen,
        "searched": searched,
        "mine": load.asked_by_id == request.user.pk,
    }
    return render(request, "members/load_preview.html", context)


def _result(request: HttpRequest, load: RosterLoad) -> HttpResponse:
    kinds = [(name, label) for name, label in lines.LISTS.items() if load.counts.get(name) and name in DONE]
    chosen = request.GET.get("show", "")
    if chosen not in dict(kinds):
        chosen = kinds[0][0] if kinds else ""
    table = LineTable(
        lines.done(load, chosen, tree.Districts()) if chosen else [], shown=("name", "district", "code", "what")
    )
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    tabs = [(name, label, load.counts[name], name == chosen) for name, label in kinds]
    return render(request, "members/load_result.html", {"load": load, "table": table, "tabs": tabs})


# What can be pressed --------------------------------------------------------------------------------------------------


def _agree(request: HttpRequest, load: RosterLoad) -> HttpResponse:
    layout, samples = loads.columns_of(load)
    form = ColumnsForm(request.POST, load=load, layout=layout, samples=samples)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            loads.agree(load.pk, form.columns, typed["removal"], typed["clears"])
        except loads.ColumnsUnclear as error:
            for problem in error.problems:
                form.add_error(None, problem)
        else:
            return redirect("roster_load", load.pk)
    return _columns(request, load, form, [])


def _apply(request: HttpRequest, load: RosterLoad) -> HttpResponse:
    try:
        applied = loads.apply(load.pk, request.POST.get("seen", ""), request.actor, timezone.localdate())
    except (loads.PlanChanged, loads.ColumnsUnclear):
        messages.warning(request, CHANGED)
    except loads.SecondPersonNeeded:
        messages.warning(request, ASKED)
    else:
        told = LoadTable([]).render_counts(applied)
        messages.success(request, f"名簿を取り込みました（{told}）。間違いに気づいたら、この画面で元に戻せます。")
    return redirect("roster_load", load.pk)


def _discard(request: HttpRequest, load: RosterLoad) -> HttpResponse:
    loads.discard(load.pk, request.actor)
    messages.success(request, f"「{load.name}」の取込を取りやめました。名簿は何も変わっていません。")
    return redirect("roster_loads")


def _undo(request: HttpRequest, load: RosterLoad) -> HttpResponse:
    try:
        loads.undo(load.pk, request.actor, timezone.localdate())
    except undoing.BuiltUpon as error:
        messages.error(request, BUILT_UPON.format(names=error))
    else:
        messages.success(request, "名簿を、取り込む前に戻しました。")
    return redirect("roster_load", load.pk)


Step = Callable[[HttpRequest, RosterLoad], HttpResponse]
STEPS: dict[str, Step] = {"agree": _agree, "apply": _apply, "discard": _discard, "undo": _undo}
SHOWN: dict[str, tuple[str, ...]] = {
    lines.ABSENT: ("name", "district", "code"),
    lines.REMARKS: ("where", "what"),
    lines.REFUSED: ("where", "what", "name"),
}
DONE: dict[str, Any] = {kind: label for kind, label in lines.LISTS.items() if kind in lines.Kind.values}
