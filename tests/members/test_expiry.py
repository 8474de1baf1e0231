"""Names of people who left are kept for five years; what they did stays, by reference."""

import datetime as dt
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import expiry, history, tasks
from members.history import Actor
from members.models import Account, Capacity, Event, Officer, RosterLoad, Task
from members.models.account import Role
from members.models.officer import Office
from tests.cast import Cast

SINCE = dt.date(2021, 11, 27)
DAY = dt.timedelta(days=1)


def moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def cleared() -> list[dict]:
    return list(Event.objects.filter(verb="names.cleared").values_list("detail", flat=True))


def test_names_are_kept_for_five_years(settings: Settings):
    assert settings.NAMES_YEARS == 5
    assert expiry.names_kept_since(dt.date(2026, 11, 27)) == SINCE
    assert expiry.names_kept_since(dt.date(2028, 2, 29)) == dt.date(2023, 2, 28)


@pytest.mark.parametrize(("until", "name"), [(SINCE - DAY, ""), (SINCE, "濵﨑 航"), (None, "濵﨑 航")])
def test_an_officer_who_left_before_has_no_name_any_more(cast: Cast, until: dt.date | None, name: str):
    officer = cast.association.officers.get()
    Officer.objects.update(since=dt.date(2018, 6, 1), email="somebody@office.example")
    Officer.objects.filter(pk=officer.pk).update(until=until)
    expiry.forget_names(SINCE)
    officer.refresh_from_db()
    assert (officer.name, officer.email) == (name, "somebody@office.example" if name else "")
    assert officer.until == until, "that the office was held, and when, stays"


def left(cast: Cast, ended: dt.date | None, **account: object) -> Account:
    """An account that joined long ago, with an ended (or current) capacity."""
    made = Account.objects.create_account("left@shuchi.example", "﨑村 薫")
    Account.objects.filter(pk=made.pk).update(**{"joined_at": moment(SINCE - 900 * DAY), "is_active": False} | account)
    EmailAddress.objects.create(user=made, email="left@shuchi.example", primary=True)
    Capacity.objects.create(
        account=made,
        organisation=cast.pharmacies[0],
        role=Role.PHARMACY,
        since=moment(SINCE - 900 * DAY),
        ended_at=moment(ended) if ended else None,
    )
    return made


def test_an_account_that_is_disabled_and_left_before_has_neither_name_nor_address(cast: Cast):
    account = left(cast, SINCE - DAY)
    event = history.record("receipt.confirmed", cast.pharmacies[0], actor=Actor(account))
    expiry.forget_names(SINCE)
    account.refresh_from_db()
    assert account.name == "" and "left" not in account.email and not EmailAddress.objects.exists()
    event.refresh_from_db()
    assert event.account == account and str(event.account) == "氏名を消去した人"


@pytest.mark.parametrize(
    ("ended", "account"),
    [
        (SINCE, {}),
        (None, {}),
        (SINCE - DAY, {"is_active": True}),
        (SINCE - DAY, {"joined_at": moment(SINCE)}),
        (SINCE - DAY, {"last_login": moment(SINCE)}),
    ],
    ids=["left later", "still acts", "not disabled", "joined later", "signed in later"],
)
def test_every_other_account_keeps_its_name(cast: Cast, ended: dt.date | None, account: dict[str, object]):
    kept = left(cast, ended, **account)
    expiry.forget_names(SINCE)
    kept.refresh_from_db()
    assert (kept.name, kept.email) == ("﨑村 薫", "left@shuchi.example")


def test_one_event_tells_how_many_and_the_next_night_there_is_nothing_to_tell(cast: Cast):
    left(cast, SINCE - DAY)
    Officer.objects.create(
        organisation=cast.takaodai, office=Office.CHAIR, name="前 任", since=SINCE - 9 * DAY, until=SINCE - DAY
    )
    expiry.forget_names(SINCE)
    expiry.forget_names(SINCE)
    assert cleared() == [{"officers": 1, "accounts": 1, "tasks": 0, "loads": 0}]


def test_the_nightly_task_forgets_by_todays_date(cast: Cast):
    left(cast, timezone.localdate() - dt.timedelta(days=6 * 366))
    tasks.clear_expired()
    assert cleared() == [{"officers": 0, "accounts": 1, "tasks": 0, "loads": 0}]


def test_sessions_that_ended_are_gone_too(cast: Cast):
    client: Client = cast.client("staff")
    Session.objects.update(expire_date=timezone.now() - DAY)
    tasks.clear_expired()
    assert not Session.objects.exists()
    assert client.get("/history/").status_code == 302


def test_what_districts_answered_and_loads_changed_of_people_is_emptied(cast: Cast, clerk_load: RosterLoad):
    task = Task.objects.create(
        organisation=cast.shirasagi,
        kind=Task.Kind.VACANT,
        office=Office.CHAIR,
        reason="会長の不在",
        says=Task.Says.HOLDER,
        value="髙木 亮",
        value_email="takagi@mail.example",
        remark="本人から聞いた",
        proposed_at=moment(SINCE - DAY),
        proposed_by=cast.capacities["chair"],
        closed_at=moment(SINCE - DAY),
    )
    place = Path(clerk_load.content.path)
    expiry.forget_names(SINCE)
    expiry.forget_names(SINCE)
    task.refresh_from_db()
    clerk_load.refresh_from_db()
    assert (task.value, task.value_email, task.remark, task.says) == ("", "", "", "holder")
    assert clerk_load.changes.get().after == {"telephone": "092-000-0001"}
    assert (clerk_load.content.name, place.exists()) == ("", False)
    assert cleared() == [{"officers": 0, "accounts": 0, "tasks": 1, "loads": 1}]


@pytest.fixture
def clerk_load(cast: Cast) -> RosterLoad:
    """A load of long ago that changed a manager, an address and a telephone number."""
    by = cast.capacities["staff"]
    load = RosterLoad(name="名簿.csv", sha256="0" * 64, made_by=by.account, capacity=by, made_at=moment(SINCE - DAY))
    load.state, load.applied_at, load.applied_by = RosterLoad.State.APPLIED, moment(SINCE - DAY), by.account
    load.content.save("old.roster", ContentFile(b"..."), save=True)
    after = {"manager": "井上 隆", "mails": ["new@mail.example"], "telephone": "092-000-0001"}
    load.changes.create(organisation=cast.pharmacies[0], kind="changed", before={}, after=after)
    return load
