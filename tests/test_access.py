"""Who may come in: every address of the site answers every role as the table says, to looking and to pressing."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from members.models import Event, Organisation, Trace
from tests.access_table import SIGNIN, TABLE, Answer, Row, sends
from tests.cast import Cast
from tests.page_faults import faults, is_page, openings
from tests.rows import changed, everything
from tests.scene import CHAIRS, PHARMACIES, ROLES, STAFF, Scene
from tests.sizes import WHOLE

SIGNIN_PATH = "/signin/"


@pytest.fixture
def cast(scene: Scene) -> Cast:
    return scene.cast


def addresses(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, int]]:
    """Name and number of arguments of everything the site answers to."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", len(pattern.pattern.converters)


def test_every_address_of_the_site_has_a_row_and_every_row_an_address():
    there, known = set(addresses(get_resolver().url_patterns)), {(row.name, len(row.keys)) for row in TABLE}
    assert there - known == set()
    assert known - there == set()


def answer(response: HttpResponse) -> Answer:
    if response.status_code == 302 and response["Location"].partition("?")[0] == SIGNIN_PATH:
        return SIGNIN
    return response.status_code


def opened(scene: Scene, client: Client, method: str, rows: Iterable[Row]) -> Iterator[tuple[Row, HttpResponse]]:
    """The rows with what they are answered. Nothing that is pressed stays done."""
    client.raise_request_exception = False
    cookies = deepcopy(client.cookies)
    for row in rows:
        with transaction.atomic():
            data = row.data(scene) if method == "POST" else None
            response = getattr(client, method.lower())(scene.url(row.name, *row.keys), data)
            transaction.set_rollback(method == "POST")
        client.cookies = deepcopy(cookies)
        yield row, response


def unexpected(row: Row, role: str, method: str, response: HttpResponse) -> str:
    """How a row is answered otherwise than the table says; nothing where it is not."""
    got, expected = answer(response), row.expected(role, method)
    return "" if got in expected else f"{row}: {got} instead of {expected}"


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_the_table_says(scene: Scene, role: str):
    # Where there is nothing to press, one of those who may look there stands for the others, and who may do nothing.
    everywhere = WHOLE or role in ("administrator", "anonymous")
    rows = [row for row in TABLE if everywhere or row.post != 405 or role == min(row.who, default="")]
    answered = opened(scene, scene.browser(role), "POST", rows)
    found = [unexpected(row, role, "POST", response) for row, response in answered]
    assert not any(found), "\n".join(filter(None, found))


def unreadable(scene: Scene, role: str) -> list[str]:
    """What this role may read on none of its pages."""
    if role in STAFF:
        return []
    cast, written = scene.cast, ["で確認した人", "の相談", "staff が聞いた人", "staff の備考"]
    everybody = [*cast.districts, *cast.pharmacies]
    if role in CHAIRS:
        own = cast.capacities[role].organisation
        members = [one for one in cast.pharmacies if one.parent == own]
        others = [one for one in everybody if one != own and one not in members]
        strange = [] if role == "chair" else ["chair が聞いた人", "chair の備考"]
        return [*written, *strange, *words_of(others), *mailboxes_of(members)]
    if role in PHARMACIES | {"holder"}:
        own = cast.capacities["pharmacy" if role == "holder" else role].organisation
        return words_of([one for one in everybody if one not in (own, own.parent)])
    return [*written, *words_of(everybody)]


def words_of(organisations: list[Organisation]) -> list[str]:
    return [word for one in organisations for word in (one.name, one.telephone)] + mailboxes_of(organisations)


def mailboxes_of(organisations: list[Organisation]) -> list[str]:
    return [mailbox.address for one in organisations for mailbox in one.mailboxes.all()]


@dataclass
class Look:
    """What a role was answered at every address, which tables were others afterwards, and what was mailed."""

    answers: list[tuple[Row, HttpResponse]]
    changed: set[str]
    mails: list[mail.EmailMessage]


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    """By role, for all tests of the module."""
    return {}


@pytest.fixture
def look(looks: dict[str, Look], scene: Scene, role: str) -> Look:
    if role not in looks:
        client, before = scene.browser(role), everything()
        answers = list(opened(scene, client, "GET", TABLE))
        looks[role] = Look(answers, changed(before), list(mail.outbox))
    return looks[role]


@pytest.mark.parametrize("role", ROLES)
def test_looking_shows_what_the_table_says_and_nothing_of_anothers_and_changes_not_a_row(
    scene: Scene, look: Look, role: str
):
    hidden, held = unreadable(scene, role), {"holder": "own token", "forward_holder": "forward token"}.get(role)
    shown = []
    for row, response in look.answers:
        tokens = {key for key in row.keys if key.endswith("token")}
        if response.status_code == 200 and tokens <= {held} and response["Content-Type"].startswith("text/html"):
            text = response.content.decode()
            shown += [(str(row), word) for word in hidden if word in text]
    found = [unexpected(row, role, "GET", response) for row, response in look.answers]
    assert not any(found), "\n".join(filter(None, found))
    assert shown == []
    assert look.changed == set()
    assert look.mails == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_complete_and_every_answer_private(look: Look, role: str):
    found = {}
    for row, response in look.answers:
        wrong = openings(row, response)
        wrong += faults(response.content.decode()) if is_page(row, response) else []
        found |= {str(row): wrong} if wrong else {}
    assert found == {}


def test_nothing_is_taken_from_a_form_without_its_token(scene: Scene):
    for row in TABLE:
        role = min(row.who, default="anonymous")
        if row.post in (404, 405):
            continue
        client = scene.browser(role)
        client.handler.enforce_csrf_checks = True
        assert client.post(scene.url(row.name, *row.keys), row.data(scene)).status_code == 403, row


# What belongs to others -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "pharmacy"])
def test_pressing_what_is_anothers_is_recorded(scene: Scene, role: str):
    client, capacity = scene.browser(role), scene.cast.capacities[role]
    for row in TABLE:
        if row.post in (404, 405) or row.expected(role, "POST") != {404}:
            continue
        address = scene.url(row.name, *row.keys)
        with transaction.atomic():
            client.post(address, row.data(scene))
            events = list(Event.objects.filter(verb="access.refused"))
            transaction.set_rollback(True)
        assert [(one.account, one.capacity, one.detail) for one in events] == [
            (capacity.account, capacity, {"path": address})
        ]


@pytest.mark.parametrize(
    ("role", "name", "key", "form"),
    [
        ("pharmacy", "notices:own_receipt_help_close", "own receipt", {"help": "neighbour's help"}),
        ("anonymous", "notices:personal_help_close", "own token", {"help": "neighbour's help"}),
        ("pharmacy", "capacity", None, {"capacity": "neighbour's capacity"}),
        ("chair", "capacity", None, {"capacity": "staff's capacity"}),
    ],
)
def test_an_id_of_another_organisation_in_a_form_is_refused_and_recorded(
    scene: Scene, role: str, name: str, key: str | None, form: dict[str, str]
):
    client, before = scene.browser(role), everything()
    answered = client.post(scene.url(name, *filter(None, [key])), sends(**form)(scene))
    assert answered.status_code == 404
    assert changed(before) == {Event._meta.db_table, Trace._meta.db_table}
    event = Event.objects.get(verb="access.refused")
    assert event.account == (scene.cast.capacities[role].account if role != "anonymous" else None)
    assert scene.ids["own token"] not in str(event.detail)


@pytest.mark.parametrize(
    ("role", "door", "key"), [("pharmacy", "own_receipt", "own receipt"), ("anonymous", "personal", "own token")]
)
def test_a_step_of_another_notice_in_a_form_is_refused(scene: Scene, role: str, door: str, key: str):
    client, before = scene.browser(role), everything()
    form = {"step": scene.ids["strange step"], "done": "1"}
    assert client.post(scene.url(f"notices:{door}_steps", key), form).status_code == 404
    assert changed(before) == set()


def test_a_personal_address_never_becomes_a_session(scene: Scene):
    for role in ("holder", "forward_holder"):
        assert set(scene.browser(role).cookies) <= {settings.CSRF_COOKIE_NAME}
