"""Who holds which office, by term: what was is never overwritten, so that it stays known who held an office when."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from members import history
from members.history import Actor
from members.models import Officer, Organisation
from members.models.officer import Office

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


@transaction.atomic
def take(key: int, office: Office, name: str, email: str, since: dt.date, actor: Actor) -> Officer:
    """A person takes an office of the organisation; in an office of one, the term before ends the day before.

    Raises TermsOverlap where somebody began on that day or later: then it is not clear who holds it.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=key)
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
    return taken


@transaction.atomic
def leave(key: int, until: dt.date, actor: Actor) -> Officer:
    """The person's last day in the office. Raises BeforeTheTerm."""
    officer = Officer.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=key)
    if officer.since and until < officer.since:
        raise BeforeTheTerm
    _end(officer, until, actor)
    return officer


def _end(officer: Officer, until: dt.date, actor: Actor) -> None:
    officer.until = until
    officer.save(update_fields=["until"])
    history.record("office.left", officer, actor=actor, organisation=officer.organisation, until=until.isoformat())
