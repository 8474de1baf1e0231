"""役職の不在: an office of one person that nobody holds becomes a task, until somebody takes it.

Every district has its 会長. A pharmacy is asked for its 管理薬剤師 only after one who was registered has left: a roster
without managers asks nothing.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from members import tasking
from members.history import NOBODY, Actor
from members.models import Officer, Organisation, Task
from members.models.officer import Office
from members.models.organisation import Kind, OrganisationQuerySet
from members.models.task import TaskQuerySet

WATCHED = {Kind.DISTRICT: Office.CHAIR, Kind.PHARMACY: Office.MANAGER}
FILLED = "次の人が登録されました"


def sweep(today: dt.date | None = None) -> None:
    """Raise what is vacant since a term ended, close what somebody holds again. Any number may sweep at once."""
    today = today or timezone.localdate()
    for kind, office in WATCHED.items():
        raised = Exists(_open(office).filter(organisation=OuterRef("pk")))
        for key in vacant(kind, today).exclude(raised).values_list("pk", flat=True):
            follow(key, office, NOBODY, today)
        asked = _open(office).filter(organisation__kind=kind)
        for key in asked.exclude(organisation__in=vacant(kind, today)).values_list("organisation", flat=True):
            follow(key, office, NOBODY, today)


def vacant(kind: Kind, today: dt.date) -> OrganisationQuerySet:
    """The organisations of this kind whose watched office nobody holds, today or from a later day on."""
    holders = Officer.objects.filter(organisation=OuterRef("pk"), office=WATCHED[kind]).order_by()
    to_come = holders.filter(Q(until=None) | Q(until__gte=today))
    found = Organisation.objects.current().filter(~Exists(to_come), kind=kind)
    return found.filter(Exists(holders)) if kind == Kind.PHARMACY else found


@transaction.atomic
def follow(organisation_id: int, office: Office, actor: Actor, today: dt.date | None = None) -> Task | None:
    """Let the task about this office say what the roster says: open while it is vacant, closed when it is held."""
    organisation = tasking.hold(organisation_id)
    if WATCHED.get(Kind(organisation.kind)) != office:
        return None
    task = _open(office).filter(organisation=organisation).first()
    is_vacant = vacant(Kind(organisation.kind), today or timezone.localdate()).filter(pk=organisation.pk).exists()
    if task and not is_vacant:
        return tasking.close(task, tasking.LEFT if organisation.left_on else FILLED, actor)
    if not task and is_vacant:
        reason = f"任期が終わり、次の{office.label}の登録がありません"
        if not organisation.officers.filter(office=office).exists():
            reason = f"{office.label}の登録がありません"
        return tasking.open_(
            Task(organisation=organisation, kind=Task.Kind.VACANT, office=office, reason=reason), actor
        )
    return task


def _open(office: Office) -> TaskQuerySet:
    return Task.objects.still_open().filter(kind=Task.Kind.VACANT, office=office)
