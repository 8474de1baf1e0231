"""Who holds which office, by term: who follows overwrites nobody, so that it stays known who held an office when.

A district's chair signs in as such for the term: with its end the capacity ends, too.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import history, tasking
from members.accounts import capacities
from members.history import Actor
from members.models import Capacity, Officer
from members.models.account import Role
from members.models.officer import Office
from members.models.organisation import Kind
from members.roster import vacancies

# Offices that one person holds at a time: whoever takes one follows the one before.
OF_ONE = {Office.CHAIR, Office.MANAGER}
DAY = dt.timedelta(days=1)


class TermsOverlap(Exception):
    """Somebody holds the office from that day or later on: `officer`."""

    def __init__(self, officer: Officer) -> None:
        super().__init__(f"{officer} since {officer.since}")
        self.officer = officer


class BeforeTheTerm(Exception):
    """A term cannot end before it began."""


class CorrectedMeanwhile(Exception):
    """Somebody has corrected the officer since the form was opened."""


@transaction.atomic
def take(key: int, office: Office, name: str, email: str, since: dt.date, actor: Actor) -> Officer:
    """A person takes an office of the organisation; in an office of one, the term before ends the day before.

    Raises TermsOverlap where somebody began on that day or later: then it is not clear who holds it.
    """
    organisation = tasking.hold(key)
    before = Officer.objects.none()
    if office in OF_ONE:
        holding = organisation.officers.filter(Q(until=None) | Q(until__gte=since), office=office)
        if later := holding.filter(since__gte=since).first():
            raise TermsOverlap(later)
        before = holding
    for each in before:
        _end(each, since - DAY, actor)
    taken = Officer.objects.create(organisation=organisation, office=office, name=name, email=email, since=since)
    history.record("office.taken", taken, actor=actor, organisation=organisation, office=office)
    vacancies.follow(key, office, actor)
    if is_chair_of_district(taken):
        capacities.end_of_chairs(organisation, since - DAY, actor, but=email)
    return taken


@transaction.atomic
def let_sign_in(officer: Officer, actor: Actor) -> Capacity:
    """A district's chair signs in as such from the first day of the term. Raises AlreadyGiven and Disabled."""
    since = max(timezone.now(), capacities.midnight(officer.since))
    return capacities.give(officer.email, officer.name, officer.organisation, Role.CHAIR, actor, since=since)


@transaction.atomic
def leave(key: int, until: dt.date, actor: Actor) -> Officer:
    """The person's last day in the office. Raises BeforeTheTerm, or TermsOverlap where another has begun."""
    officer = _held(key)
    if officer.since and until < officer.since:
        raise BeforeTheTerm
    officer.until = until
    if other := _overlapping(officer):
        raise TermsOverlap(other)
    _end(officer, until, actor)
    vacancies.follow(officer.organisation_id, Office(officer.office), actor)
    if is_chair_of_district(officer) and not _followed(officer, until):
        capacities.end_of_chairs(officer.organisation, until, actor)
    return officer


@transaction.atomic
def correct(key: int, values: Mapping[str, Any], seen: Mapping[str, str], actor: Actor) -> list[str]:
    """What was registered wrongly: name, email, since, until as they should have been; gives what was otherwise.

    `seen` are the same values as the person saw them, in the words of `told`. Raises CorrectedMeanwhile,
    BeforeTheTerm, or TermsOverlap where new dates reach into the term of somebody else in an office of one.
    """
    officer = _held(key)
    before = {name: told(getattr(officer, name)) for name in values}
    if before != seen:
        raise CorrectedMeanwhile
    for name, value in values.items():
        setattr(officer, name, value)
    changes = {name: [before[name], told(value)] for name, value in values.items() if told(value) != before[name]}
    if officer.since and officer.until and officer.until < officer.since:
        raise BeforeTheTerm
    if changes.keys() & {"since", "until"} and (other := _overlapping(officer)):
        raise TermsOverlap(other)
    if changes:
        officer.save()
        # Names and private addresses are forgotten one day, which nothing of the history is.
        days = {name: change for name, change in changes.items() if name in ("since", "until")}
        fields = [name for name in changes if name not in days]
        about = {"actor": actor, "organisation": officer.organisation}
        history.record("officer.corrected", officer, **about, changes=days, fields=fields)
        vacancies.follow(officer.organisation_id, Office(officer.office), actor)
    if "until" in changes and is_chair_of_district(officer):
        _follow_the_term(officer, actor)
    if "email" in changes:
        tasking.close_those(Q(officer=officer), officer.organisation, tasking.CORRECTED, actor)
    return list(changes)


def _follow_the_term(officer: Officer, actor: Actor) -> None:
    """The chair signs in to the end of the term as it is now, be it sooner or later than it was."""
    if officer.until is None or officer.until >= timezone.localdate():
        capacities.lengthen(officer.organisation, officer.email, officer.until, actor)
    if officer.until and not _followed(officer, officer.until):
        capacities.end_of_chairs(officer.organisation, officer.until, actor)


def _held(key: int) -> Officer:
    """The officer as it is now, the organisation's row held."""
    tasking.hold(Officer.objects.values_list("organisation", flat=True).get(pk=key))
    return Officer.objects.select_related("organisation").get(pk=key)


def _overlapping(officer: Officer) -> Officer | None:
    """Somebody else in the same office of one, for a day of this term."""
    if officer.office not in OF_ONE:
        return None
    others = Officer.objects.filter(organisation=officer.organisation_id, office=officer.office).exclude(pk=officer.pk)
    if officer.since:
        others = others.filter(Q(until=None) | Q(until__gte=officer.since))
    if officer.until:
        others = others.filter(Q(since=None) | Q(since__lte=officer.until))
    return others.first()


def told(value: Any) -> str:
    """A value as the history keeps it."""
    return "" if value is None else str(value)


def is_chair_of_district(officer: Officer) -> bool:
    """Whose capacity to sign in follows the term."""
    return officer.office == Office.CHAIR and officer.organisation.kind == Kind.DISTRICT


def _followed(officer: Officer, until: dt.date) -> bool:
    """Whether somebody else holds the office after that day: then the capacity that stands is theirs."""
    others = officer.organisation.officers.filter(office=officer.office).exclude(pk=officer.pk)
    return others.holding(until + DAY).exists()


def _end(officer: Officer, until: dt.date, actor: Actor) -> None:
    officer.until = until
    officer.save(update_fields=["until"])
    history.record("office.left", officer, actor=actor, organisation=officer.organisation, until=until.isoformat())
