"""Where somebody is signed in: seen by its owner, ended by owner and administrator, and forgotten with the session."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts import sessions
from members.models import Event
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.second_factors import type_mailed_code
from tests.members.test_signin import printed_pass, signed_in_as

CHAIR = "chair@shuchi.example"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client(headers={"User-Agent": DESK})
    type_mailed_code(client, CHAIR)
    return client


@pytest.fixture
def phone(cast: Cast) -> Client:
    client = Client(headers={"User-Agent": PHONE})
    type_mailed_code(client, CHAIR)
    return client


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "iPhone の Safari"),
        (DESK, "Windows の Edge"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Android の Chrome"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Linux の Firefox"),
        ("curl/8.0", "分からない端末"),
        ("", "分からない端末"),
    ],
)
def test_a_device_is_named_in_words(user_agent: str, words: str) -> None:
    assert sessions.device(user_agent) == words


def test_the_own_page_lists_where_one_is_signed_in_and_which_is_here(desk: Client, phone: Client) -> None:
    page = text_of(desk.get(reverse("own_account")))
    assert "iPhone の Safari" in page and "Windows の Edge この端末" in page
    assert "127.0.0.1" not in page


def test_one_is_ended_and_the_rest_goes_on(desk: Client, phone: Client) -> None:
    other = UserSession.objects.get(session_key=phone.session.session_key)
    desk.post(reverse("own_sessions"), {"session": other.pk})
    assert (signed_in_as(desk), signed_in_as(phone)) == (CHAIR, None)
    assert not UserSession.objects.filter(pk=other.pk).exists()
    assert Event.objects.filter(verb="account.sessions_ended").count() == 1


def test_all_others_are_ended_at_once(desk: Client, phone: Client) -> None:
    assert "1 台のサインインを終えました" in text_of(desk.post(reverse("own_sessions"), follow=True))
    assert (signed_in_as(desk), signed_in_as(phone)) == (CHAIR, None)


@pytest.mark.parametrize("session", ["x", "0", "99999999999999999999", "-1"])
def test_what_is_no_session_of_ones_own_ends_nothing(cast: Cast, desk: Client, phone: Client, session: str) -> None:
    desk.post(reverse("own_sessions"), {"session": session})
    assert (signed_in_as(desk), signed_in_as(phone)) == (CHAIR, CHAIR)


def test_nobody_ends_anothers(cast: Cast, phone: Client) -> None:
    other = UserSession.objects.get(session_key=phone.session.session_key)
    cast.client("pharmacy").post(reverse("own_sessions"), {"session": other.pk})
    assert signed_in_as(phone) == CHAIR


def test_an_administrator_ends_all_of_somebody(cast: Cast, desk: Client, phone: Client) -> None:
    cast.client("administrator").post(reverse("end_sessions", args=[cast.capacities["chair"].account_id]))
    assert (signed_in_as(desk), signed_in_as(phone)) == (None, None)


def test_a_session_by_an_operators_pass_is_listed_too(cast: Cast, client: Client) -> None:
    client.post(printed_pass("staff@shuchi.example"), headers={"User-Agent": DESK})
    assert "Windows の Edge この端末" in text_of(client.get(reverse("own_account")))


def test_browser_and_network_address_go_with_the_session(cast: Cast, desk: Client, phone: Client) -> None:
    Session.objects.filter(pk=phone.session.session_key).update(expire_date=timezone.now() - dt.timedelta(minutes=1))
    assert sessions.forget_ended() == 1
    assert [one.session_key for one in UserSession.objects.all()] == [desk.session.session_key]
    desk.post(reverse("account_logout"))
    sessions.forget_ended()
    assert not UserSession.objects.exists()
