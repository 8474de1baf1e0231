"""立場: giving somebody a capacity, which is what an invitation does, and ending it."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from members import history
from members.history import Actor
from members.models import Account, Capacity, Organisation
from members.models.account import DUTIES, Role

DAY = dt.timedelta(days=1)


class AlreadyGiven(Exception):
    """The account has that capacity: `capacity`."""

    def __init__(self, capacity: Capacity) -> None:
        super().__init__(str(capacity))
        self.capacity = capacity


class Disabled(Exception):
    """The account is disabled: nobody can sign in to it."""


class LastAdministrator(Exception):
    """Somebody has to be left who looks after the accounts."""


class Oneself(Exception):
    """Nobody shuts out oneself."""


@transaction.atomic
def give(
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    actor: Actor,
    *,
    duties: Collection[str] = (),
    since: dt.datetime | None = None,
    asking: bool = False,
) -> Capacity:
    """The capacity for whoever has the address, with an account where there is none. Mailing it is invitations.send.

    `since` may be to come. With `asking`, an account that is known here already acts in it only when it has said yes.
    Raises AlreadyGiven and Disabled.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        account = Account.objects.create_account(email, name)
        asking = False  # whoever proves the address takes the invitation with it
    elif not account.is_active:
        raise Disabled
    standing = account.capacities.standing().filter(organisation=organisation, role=role).first()
    if standing and standing.ended_at is None:
        raise AlreadyGiven(standing)
    if standing:  # it was to end one day
        Capacity.objects.filter(pk=standing.pk).update(ended_at=None)
    made = standing or Capacity.objects.create(
        account=account,
        organisation=organisation,
        role=role,
        since=since or timezone.now(),
        invited_as=name if asking else "",
        **{duty: duty in duties for duty in DUTIES},
    )
    history.record("capacity.given", made, actor=actor, organisation=organisation, role=role, duties=sorted(duties))
    return made


@transaction.atomic
def end(key: int, actor: Actor) -> Capacity:
    """End it now; nothing happens where it has ended. Raises Oneself and LastAdministrator."""
    others = held_administrators()
    found = Capacity.objects.select_for_update(no_key=True, of=("self",)).select_related("account", "organisation")
    capacity = found.get(pk=key)
    if actor.account == capacity.account:
        raise Oneself
    if capacity.role == Role.ADMINISTRATOR and not others - {capacity.account_id}:
        raise LastAdministrator
    if Capacity.objects.standing().filter(pk=key).exists():
        _end(capacity, timezone.now(), actor)
    return capacity


def _invitation(account: Account, key: int) -> Capacity:
    """An invitation that the account has not answered, held. Raises Capacity.DoesNotExist."""
    found = account.capacities.unanswered().select_for_update(no_key=True, of=("self",))
    return found.select_related("account", "organisation").get(pk=key)


@transaction.atomic
def accept(account: Account, key: int, actor: Actor) -> Capacity:
    """The account takes an invitation. Raises Capacity.DoesNotExist where none is open."""
    capacity = _invitation(account, key)
    capacity.invited_as = ""
    capacity.save(update_fields=["invited_as"])
    history.record("capacity.accepted", capacity, actor=actor, organisation=capacity.organisation)
    return capacity


@transaction.atomic
def decline(account: Account, key: int, actor: Actor) -> Capacity:
    """The account does not take it. Raises Capacity.DoesNotExist where none is open."""
    capacity = _invitation(account, key)
    capacity.ended_at, capacity.invited_as = timezone.now(), ""
    capacity.save(update_fields=["ended_at", "invited_as"])
    history.record("capacity.declined", capacity, actor=actor, organisation=capacity.organisation)
    return capacity


def held_administrators() -> set[int]:
    """The accounts of those who look after the accounts, held until the end of the transaction."""
    standing = Capacity.objects.standing().filter(role=Role.ADMINISTRATOR).order_by("pk")
    held = list(standing.select_for_update(no_key=True).values_list("account", flat=True))
    return set(Account.objects.filter(pk__in=held, is_active=True).values_list("pk", flat=True))


def _end(capacity: Capacity, when: dt.datetime, actor: Actor) -> None:
    capacity.ended_at = when
    if when <= timezone.now():
        capacity.invited_as = ""
    capacity.save(update_fields=["ended_at", "invited_as"])
    history.record("capacity.ended", capacity, actor=actor, organisation=capacity.organisation, time=when.isoformat())


@transaction.atomic
def change_duties(key: int, duties: Collection[str], actor: Actor) -> Capacity:
    """What a member of the staff does with notices from now on."""
    capacity = Capacity.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=key)
    before = capacity.duties
    for duty in DUTIES:
        setattr(capacity, duty, duty in duties)
    if capacity.duties != before:
        capacity.save(update_fields=DUTIES)
        history.record(
            "capacity.duties_changed",
            capacity,
            actor=actor,
            organisation=capacity.organisation,
            changes={"duties": [before, capacity.duties]},
        )
    return capacity


# The chair's capacity follows the office -----------------------------------------------------------------------------


def midnight(day: dt.date) -> dt.datetime:
    """The beginning of the day in Asia/Tokyo."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def lengthen(district: Organisation, email: str, last: dt.date | None, actor: Actor) -> None:
    """A chair whose capacity ended, or was to end, with the term has it to the term's corrected last day."""
    when = midnight(last + DAY) if last else None
    held = Capacity.objects.filter(organisation=district, role=Role.CHAIR, account__email__iexact=email)
    held = held.select_for_update(no_key=True, of=("self",)).select_related("organisation").order_by("-since", "-pk")
    latest = held.exclude(ended_at=None).first()
    if latest and (when is None or latest.ended_at < when):
        latest.ended_at = when
        latest.save(update_fields=["ended_at"])
        history.record("capacity.given", latest, actor=actor, organisation=district, role=Role.CHAIR, duties=[])


def end_of_chairs(district: Organisation, last: dt.date, actor: Actor, *, but: str = "") -> int:
    """A district's chair's capacities end with the last day of a term, save at the address `but`; gives how many."""
    when = midnight(last + DAY)
    standing = district.capacities.standing().filter(role=Role.CHAIR).select_related("account", "organisation")
    standing = standing.select_for_update(no_key=True, of=("self",)).order_by("pk")
    ending = [
        one
        for one in standing
        if one.account.email.lower() != but.lower() and (one.ended_at is None or one.ended_at > when)
    ]
    for one in ending:
        _end(one, when, actor)
    return len(ending)
