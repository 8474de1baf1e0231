"""What an account may do in its capacity: one named predicate each, used by views and templates alike."""

from django.db.models import Q, QuerySet

from members.models import Account, Capacity, Event, Organisation, Task
from members.models.account import STAFF_ROLES, Role
from members.models.organisation import Kind, OrganisationQuerySet
from members.models.task import TaskQuerySet

DISTRICT_ROLES = {Role.CHAIR, Role.DISTRICT_OFFICE}


def is_staff(capacity: Capacity | None) -> bool:
    """Association staff: receives packets, composes, releases, sees everything."""
    return capacity is not None and capacity.role in STAFF_ROLES


def can_draft(capacity: Capacity | None) -> bool:
    """起案: makes notices of what was received, writes and changes drafts."""
    return is_staff(capacity) and capacity.drafts


def can_approve(capacity: Capacity | None) -> bool:
    """決裁: decides that a draft may go out."""
    return is_staff(capacity) and capacity.approves


def can_publish(capacity: Capacity | None) -> bool:
    """発出: releases, schedules, pauses, stops and sends again."""
    return is_staff(capacity) and capacity.publishes


def is_chair(capacity: Capacity | None) -> bool:
    """Acts for a district: confirms receipt, looks after its pharmacies."""
    return capacity is not None and capacity.role in DISTRICT_ROLES


def is_pharmacy(capacity: Capacity | None) -> bool:
    """Acts for one pharmacy."""
    return capacity is not None and capacity.role == Role.PHARMACY


def organisations_visible_to(capacity: Capacity | None) -> OrganisationQuerySet:
    """Which organisations exist for whoever acts in this capacity."""
    everything = Organisation.objects.all()
    if capacity is None:
        return everything.none()
    if is_staff(capacity):
        return everything
    own = everything.filter(pk=capacity.organisation_id)
    if is_chair(capacity):
        return own | everything.filter(parent_id=capacity.organisation_id)
    return own


def tasks_visible_to(capacity: Capacity | None) -> TaskQuerySet:
    """Staff see every task of the roster, a district its own and its pharmacies'; what these tell is for staff."""
    if is_staff(capacity):
        return Task.objects.all()
    if is_chair(capacity):
        own = Q(organisation=capacity.organisation_id) | Q(organisation__parent=capacity.organisation_id)
        return Task.objects.filter(own).exclude(kind=Task.Kind.CHANGED)
    return Task.objects.none()


def events_visible_to(capacity: Capacity | None) -> QuerySet[Event]:
    """Staff see the whole history, a pharmacy what is recorded of it; a district sees states, not who did what."""
    if is_staff(capacity):
        return Event.objects.all()
    if is_pharmacy(capacity):
        return Event.objects.filter(organisation=capacity.organisation_id)
    return Event.objects.none()


def can_see_directory(capacity: Capacity | None) -> bool:
    """The roster of those who are visible: staff see everybody, a chair the own district."""
    return is_staff(capacity) or is_chair(capacity)


def can_see_mail_addresses(capacity: Capacity | None) -> bool:
    """E-mail addresses of organisations and officers; a chair knows its members by telephone."""
    return is_staff(capacity)


def can_edit_roster(capacity: Capacity | None) -> bool:
    """What the roster says of an organisation."""
    return is_staff(capacity)


def can_answer_tasks(capacity: Capacity | None) -> bool:
    """What a district finds out about its roster."""
    return is_chair(capacity)


def can_decide_tasks(capacity: Capacity | None) -> bool:
    """What becomes of a district's answer."""
    return is_staff(capacity)


def can_report_closing(capacity: Capacity | None) -> bool:
    """That a pharmacy has closed: staff, and the district that it belongs to."""
    return is_staff(capacity) or is_chair(capacity)


def can_see_history(capacity: Capacity | None) -> bool:
    """記録 of everybody."""
    return is_staff(capacity)


def can_see_traces(capacity: Capacity | None) -> bool:
    """IP address and user agent of an event."""
    return capacity is not None and capacity.role == Role.ADMINISTRATOR


def can_change_usual_reminders(capacity: Capacity | None) -> bool:
    """いつもの再通知の予定, by which every new notice reminds."""
    return capacity is not None and capacity.role == Role.ADMINISTRATOR


def can_read_codes(capacity: Capacity | None) -> bool:
    """Codes mailed to others, on a site that keeps its mails: whoever reads one can sign in as that person."""
    return capacity is not None and capacity.role == Role.ADMINISTRATOR


def administrators() -> QuerySet[Account]:
    """Everybody who may act as an administrator now."""
    current = Capacity.objects.current().filter(role=Role.ADMINISTRATOR)
    return Account.objects.filter(is_active=True, pk__in=current.values("account")).order_by("pk")


# Accounts ------------------------------------------------------------------------------------------------------------


def can_manage_accounts(capacity: Capacity | None) -> bool:
    """All accounts and the duties of staff."""
    return capacity is not None and capacity.role == Role.ADMINISTRATOR


def can_see_own_accounts(capacity: Capacity | None) -> bool:
    """Who else acts for the own district or pharmacy; staff see that on the page of an organisation."""
    return is_chair(capacity) or is_pharmacy(capacity)


def roles_to_invite(capacity: Capacity | None, organisation: Organisation) -> list[Role]:
    """The roles to which whoever acts in this capacity may invite somebody for the organisation, and end there."""
    if is_staff(capacity):
        of_association = [Role.STAFF, Role.ADMINISTRATOR] if can_manage_accounts(capacity) else []
        by_kind = {
            Kind.ASSOCIATION: of_association,
            Kind.DISTRICT: [Role.CHAIR, Role.DISTRICT_OFFICE],
            Kind.PHARMACY: [Role.PHARMACY],
        }
        return by_kind.get(organisation.kind, [])
    if capacity is None or capacity.organisation_id != organisation.pk:
        return []
    return {Role.CHAIR: [Role.DISTRICT_OFFICE], Role.PHARMACY: [Role.PHARMACY]}.get(capacity.role, [])


def can_invite(capacity: Capacity | None, organisation: Organisation, role: str) -> bool:
    """Whether whoever acts in this capacity gives and ends this role at the organisation."""
    return role in roles_to_invite(capacity, organisation)
