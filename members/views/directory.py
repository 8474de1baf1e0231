"""薬局・名簿: who exists, and how each is reached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access, tree
from members.filters import DirectoryFilter
from members.forms import AddressForm
from members.models import Organisation, Task
from members.models.organisation import Kind, OrganisationQuerySet
from members.tables import DirectoryTable
from members.views.doors import only

PER_PAGE = 50


def _visible(request: HttpRequest) -> OrganisationQuerySet:
    """The organisations that exist for whoever asks."""
    return access.organisations_visible_to(request.capacity).select_related("parent").prefetch_related("tags")


@only(access.can_see_directory)
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The roster: everybody for staff, the own district's pharmacies for a chair."""
    whole = access.is_staff(request.capacity)
    organisations = _visible(request).current()
    chosen = DirectoryFilter(request.GET, organisations, whole=whole, request=request)
    table = DirectoryTable(chosen.qs, whole=whole)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"filter": chosen, "table": table, "whole": whole, "any": organisations.pharmacies().exists()}
    return render(request, "members/directory.html", context)


@only(access.can_see_directory)
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: addresses, people, tags; for a district its pharmacies."""
    found = get_object_or_404(_visible(request), pk=pk)
    today = timezone.localdate()
    context = {
        "organisation": found,
        "officers": found.officers.holding(today),
        "former": found.officers.filter(until__lt=today),
        "mailboxes": found.mailboxes.all(),
        "tasks": _open_tasks(request, found),
        "accounts": found.capacities.current().select_related("account"),
        "shows_mail": access.can_see_mail_addresses(request.capacity),
        "pharmacy_count": tree.pharmacies_of(found).current().count() if found.kind == Kind.DISTRICT else None,
    }
    return render(request, "members/organisation.html", context)


def _open_tasks(request: HttpRequest, found: Organisation) -> list[tuple[Task, AddressForm]]:
    """What does not reach the organisation, each with the form that mends it."""
    tasks = access.tasks_visible_to(request.capacity).still_open().filter(organisation=found)
    return [(task, AddressForm(channel=task.channel, auto_id=f"task_{task.pk}_%s")) for task in tasks]
