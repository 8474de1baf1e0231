"""Who tries addresses, codes and passes learns nothing by it, and is stopped soon."""

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core import mail
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import Account, SigninPass
from notices.models import Delivery
from tests.cast import Cast
from tests.members.test_signin import printed_pass, signed_in_as
from tests.servers.processes import free_port

REGISTERED, UNKNOWN, DISABLED = "chair@shuchi.example", "nobody@shuchi.example", "pharmacy@shuchi.example"


@pytest.fixture
def addresses(cast: Cast) -> list[str]:
    Account.objects.filter(email=DISABLED).update(is_active=False)
    return [REGISTERED, UNKNOWN, DISABLED]


def shown(answer: HttpResponse, address: str) -> tuple[object, ...]:
    """All that an answer tells, without what is new in every one and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(address, "")
    return answer.status_code, getattr(answer, "redirect_chain", None), sorted(answer.client.cookies), text


def ask(address: str, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post("/signin/", {"email": address}, follow=True)


def code() -> str:
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


# The sign-in code -----------------------------------------------------------------------------------------------------


def test_registered_unknown_and_disabled_addresses_are_answered_alike(addresses: list[str]):
    assert len({str(shown(ask(address), address)) for address in addresses}) == 1
    assert [message.to for message in mail.outbox] == [[REGISTERED]]


def test_asking_for_codes_is_stopped_alike_for_every_address(addresses: list[str]):
    stopped = []
    for address in addresses:
        answers = [shown(ask(address), address) for _ in range(4)]
        assert [status for status, *_ in answers] == [200] * 4
        assert answers[0] == answers[2] != answers[3]
        assert "短い間に何度も試されたため" in answers[3][-1]
        stopped.append(answers[3])
    assert stopped[0] == stopped[1] == stopped[2]
    assert len(mail.outbox) == 3


def test_asking_for_codes_is_stopped_for_one_place_whatever_the_address(cast: Cast):
    pages = [ask(f"person{number}@shuchi.example").content.decode() for number in range(20)]
    assert not any("短い間に何度も試されたため" in page for page in pages)
    assert "短い間に何度も試されたため" in ask(REGISTERED).content.decode()
    assert mail.outbox == []


def test_after_five_wrong_codes_the_right_one_opens_nothing(addresses: list[str]):
    told = []
    for address in addresses[:2]:
        client = Client()
        ask(address, client)
        right = code()
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        pages = [client.post("/signin/code/", {"code": wrong}, follow=True) for _ in range(5)]
        pages.append(client.post("/signin/code/", {"code": right}, follow=True))
        assert signed_in_as(client) is None
        told.append([shown(page, address) for page in pages])
    assert told[0] == told[1]


def test_a_code_is_good_for_ten_minutes():
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 600


def test_a_mail_server_that_is_away_is_told_to_nobody(addresses: list[str], settings: Settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert shown(ask(REGISTERED), REGISTERED) == shown(ask(UNKNOWN), UNKNOWN)


# Operators' passes ----------------------------------------------------------------------------------------------------


def test_passes_that_do_not_open_are_answered_alike(cast: Cast):
    used, expired, disabled = (printed_pass(f"{who}@shuchi.example") for who in ("staff", "chair", "pharmacy"))
    Client().post(used)
    SigninPass.objects.filter(account__email=REGISTERED).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    Account.objects.filter(email=DISABLED).update(is_active=False)
    places = [used, expired, disabled, "/signin/once/unknown/"]
    for look in ("get", "post"):
        assert len({str(shown(getattr(Client(), look)(place), place)) for place in places}) == 1


def test_a_pass_cannot_be_guessed(cast: Cast):
    tokens = {printed_pass("staff@shuchi.example").rstrip("/").rpartition("/")[2] for _ in range(3)}
    assert len(tokens) == 3 and all(len(token) == 32 for token in tokens), "192 bits in base64"


# How long an answer takes ---------------------------------------------------------------------------------------------


def answered(path: str, form: dict[str, str]) -> Callable[[], None]:
    """Sends a form as a browser does; the answer is complete, and what is returned tells the site that it was sent."""
    client = Client()
    client.get("/signin/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    content = urlencode(form | {"csrfmiddlewaretoken": token}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_COOKIE": f"{settings.CSRF_COOKIE_NAME}={token}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
    }
    setup_testing_defaults(environ)
    status: list[str] = []
    answer = WSGIHandler()(environ, lambda line, headers: status.append(line))
    assert b"".join(answer) or status[0].startswith("302")
    assert status[0][:3] in ("200", "302")
    return answer.close


@pytest.mark.django_db(transaction=True)
def test_a_code_is_mailed_once_the_answer_is_out(cast: Cast):
    sent = answered("/signin/", {"email": REGISTERED})
    assert mail.outbox == []
    sent()
    assert [message.to for message in mail.outbox] == [[REGISTERED]]


@pytest.mark.django_db(transaction=True)
def test_a_new_personal_address_is_looked_for_once_the_answer_is_out(cast: Cast):
    cast.released()
    sent = answered("/n/", {"email": cast.pharmacies[0].mailboxes.get().address})
    again = Delivery.objects.filter(purpose=Delivery.Purpose.AGAIN)
    assert not again.exists()
    sent()
    assert again.exists()
