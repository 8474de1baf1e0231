"""薬局・名簿: who exists, and how each is reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access, tree
from members.filters import DirectoryFilter
from members.forms.addresses import AddressForm
from members.forms.organisation import OrganisationForm
from members.models import Organisation, Task
from members.models.organisation import Kind, OrganisationQuerySet
from members.roster import changes, editing, export
from members.tables.roster import DirectoryTable
from members.views.doors import only
from members.views.download import saved, wanted

PER_PAGE = 50
CHANGED_MEANWHILE = (
    "この画面を開いたあとに、ほかの人が登録を直しました。まだ何も変えていません。名簿を別の画面で開いて見比べてから、"
    "この画面を開き直して入れてください。"
)


def _visible(request: HttpRequest) -> OrganisationQuerySet:
    """The organisations that exist for whoever asks."""
    return access.organisations_visible_to(request.capacity).select_related("parent").prefetch_related("tags")


@only(access.can_see_directory)
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The roster: everybody for staff, the own district's pharmacies for a chair; by `format` as a file."""
    whole = access.is_staff(request.capacity)
    organisations = _visible(request)
    chosen = DirectoryFilter(request.GET, organisations, whole=whole, request=request)
    table = DirectoryTable(chosen.qs, whole=whole)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    if kind := wanted(request):
        with_mail = access.can_see_mail_addresses(request.capacity)
        return saved(export.sheet(table.data.data, _whose(request, chosen), with_mail=with_mail), kind)
    context = {
        "filter": chosen,
        "table": table,
        "whole": whole,
        "any": organisations.current().pharmacies().exists(),
        "can_edit": access.can_edit_roster(request.capacity),
    }
    return render(request, "members/directory.html", context)


def _whose(request: HttpRequest, chosen: DirectoryFilter) -> str:
    """Whose list it is, for its file's name, and whether it is only a part of it."""
    typed = chosen.form.cleaned_data if chosen.form.is_valid() else {}
    if not access.is_staff(request.capacity):
        whose = request.capacity.organisation.name
    elif district := typed.get("district"):
        whose = district.name
    else:
        whose = dict(DirectoryFilter.KINDS).get(typed.get("kind"), "全地区")
    return f"{whose}_絞り込み" if typed.get("q") or typed.get("tag") else whose


@only(access.can_see_directory)
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: addresses, people, tags; for a district its pharmacies."""
    found = get_object_or_404(_visible(request), pk=pk)
    today = timezone.localdate()
    context = {
        "organisation": found,
        "officers": found.officers.holding(today),
        "coming": found.officers.filter(since__gt=today),
        "former": found.officers.filter(until__lt=today),
        "mailboxes": found.mailboxes.all(),
        "reached_by_mail": any(mailbox.usable for mailbox in found.mailboxes.all()),
        "tasks": _open_tasks(request, found),
        "accounts": found.capacities.standing().select_related("account"),
        "shows_mail": access.can_see_mail_addresses(request.capacity),
        "changes": changes.lines(found) if access.can_see_history(request.capacity) else [],
        "can_invite": bool(access.roles_to_invite(request.capacity, found)),
        "can_edit": access.can_edit_roster(request.capacity),
        "can_report_closing": found.kind == Kind.PHARMACY
        and not found.left_on
        and access.can_report_closing(request.capacity),
        "pharmacy_count": tree.pharmacies_of(found).current().count() if found.kind == Kind.DISTRICT else None,
    }
    return render(request, "members/organisation.html", context)


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """「登録の内容を直す」: what the roster says of one organisation."""
    found = get_object_or_404(_visible(request), pk=pk)
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=found)
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        return redirect("organisation", pk)
    context = {"organisation": found, "form": form}
    return render(request, "members/organisation_edit.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, found: Organisation, form: OrganisationForm) -> bool:
    try:
        changed = editing.change(found.pk, form.values, form.cleaned_data["seen"], request.actor)
    except editing.ChangedMeanwhile:
        form.add_error(None, CHANGED_MEANWHILE)
        return False
    if not changed:
        messages.info(request, "登録の内容は、前と同じです。何も変えていません。")
        return True
    labels = "、".join(form.fields[name].label for name in changed)
    messages.success(request, f"{form.cleaned_data['name']}の登録を直しました（{labels}）。")
    for warning in form.warnings:
        messages.warning(request, warning)
    return True


def _open_tasks(request: HttpRequest, found: Organisation) -> list[tuple[Task, AddressForm | None]]:
    """What is to be found out about the organisation; a bad address, to staff, with the form that mends it."""
    tasks = access.tasks_visible_to(request.capacity).still_open().filter(organisation=found)
    tasks = tasks.select_related("organisation", "proposed_by__organisation")
    mends = access.can_see_mail_addresses(request.capacity)
    return [(task, _mending(task) if mends and task.state != "answered" else None) for task in tasks]


def _mending(task: Task) -> AddressForm | None:
    if task.kind != Task.Kind.BAD_ADDRESS:
        return None
    return AddressForm(channel=task.channel, auto_id=f"task_{task.pk}_%s")
