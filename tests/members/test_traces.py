"""Whence an event came is kept apart from it, for a time only, and shown to administrators only."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import history, tasks
from members.models import Event, Trace
from notices import personal
from tests.boards.reading import rows, text_of
from tests.cast import Cast

PHONE = "Mozilla/5.0 (Linux; Android 14)"


def press(client: Client, address: str, **headers: str) -> Trace:
    """What a button's event leaves behind."""
    before = set(Event.objects.values_list("pk", flat=True))
    assert client.post(address, headers={"User-Agent": PHONE} | headers).status_code == 302
    return Trace.objects.exclude(event__in=before).get()


@pytest.fixture
def button(cast: Cast) -> str:
    """The address to which the button on a personal page sends."""
    delivery = cast.receipt(cast.released(), cast.pharmacies[0]).deliveries.get()
    return reverse("notices:personal_confirm", args=[personal.token_of(delivery)])


def test_a_button_leaves_address_and_user_agent(button: str):
    trace = press(Client(), button)
    assert (trace.address, trace.user_agent) == ("127.0.0.1", PHONE)
    assert trace.event.verb == "receipt.confirmed"


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(button: str, settings: Settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    trace = press(Client(), button, **{"X-Forwarded-For": "198.51.100.9, 2001:db8::7"})
    assert trace.address == "2001:db8::7"


@pytest.mark.parametrize("forwarded", ["", "unknown", "198.51.100.9, \x01"])
def test_an_address_that_is_none_keeps_nothing_from_being_recorded(button: str, settings: Settings, forwarded: str):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    trace = press(Client(REMOTE_ADDR=""), button, **{"X-Forwarded-For": forwarded, "User-Agent": ""})
    assert (trace.address, trace.user_agent) == (None, "")


def test_a_user_agent_is_cut_where_it_says_too_much(button: str):
    assert press(Client(), button, **{"User-Agent": "x" * 5000}).user_agent == "x" * 300


def test_what_no_request_brought_about_has_no_trace(cast: Cast):
    history.record("account.signed_in", cast.pharmacies[0])
    assert not Trace.objects.exists()


def test_traces_are_gone_after_ninety_days_and_the_events_stay(cast: Cast, settings: Settings):
    assert settings.TRACE_DAYS == 90
    now = timezone.now()
    for days in (91, 89):
        event = history.record("account.signed_in", cast.pharmacies[0])
        Trace.objects.create(event=event, at=now - dt.timedelta(days=days), address="192.0.2.1")
    tasks.clear_expired()
    assert Trace.objects.get().at == now - dt.timedelta(days=89)
    assert Event.objects.count() == 2


def test_administrators_see_them_on_the_page_of_the_history_and_other_staff_do_not(cast: Cast):
    event = history.record("account.signed_in", cast.pharmacies[0])
    Trace.objects.create(event=event, address="192.0.2.1", user_agent=PHONE)
    history.record("account.signed_in", cast.pharmacies[1])
    without, with_trace = rows(cast.client("administrator").get("/history/"))
    assert (with_trace[-1], without[-1]) == (f"192.0.2.1 {PHONE}", "–")
    staff = text_of(cast.client("staff").get("/history/"))
    assert "192.0.2.1" not in staff and PHONE not in staff
