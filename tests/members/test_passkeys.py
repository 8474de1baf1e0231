"""Passkeys, made and shown by Debian's Chromium with an authenticator of its own (W3C, Web Authentication, 11)."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from members.models import Account, Event
from tests.cast import Cast
from tests.members.test_signin import printed_pass

STAFF = "staff@shuchi.example"


@pytest.fixture
def address(live_server: LiveServer) -> str:
    """By name: a browser makes no passkey for a number."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(page: Page) -> Page:
    """A browser on a machine that knows its owner by the finger, who always touches it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    choices = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    choices |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": choices})
    return page


def make_passkey(page: Page, address: str) -> None:
    page.goto(address + printed_pass(STAFF))
    page.get_by_role("button", name="サインインする").click()
    page.goto(address + reverse("factor_passkey"))
    page.get_by_label("名前").fill("事務局の 𠮷田の PC")
    page.get_by_role("button", name="パスキーを作る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回復コード")


@pytest.mark.django_db(transaction=True)
def test_a_passkey_alone_signs_staff_in_and_shows_who_they_are_once_more(cast: Cast, page: Page, address: str) -> None:
    make_passkey(page, address)
    [made] = Authenticator.objects.filter(type="webauthn")
    assert (made.user.email, made.wrap().name) == (STAFF, "事務局の 𠮷田の PC")

    page.context.clear_cookies()
    page.goto(address + reverse("account_login"))
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今日の仕事")
    event = Event.objects.filter(verb="account.signed_in").latest("pk")
    assert (event.account.email, event.detail) == (STAFF, {"how": "passkey"})

    page.goto(f"{address}{reverse('prove')}?next={reverse('own_account')}")
    page.get_by_role("button", name="パスキーで確認する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("自分のアカウント")
    expect(page.locator("main")).to_contain_text("パスキー「事務局の 𠮷田の PC」")


@pytest.mark.django_db(transaction=True)
def test_a_passkey_of_a_disabled_account_signs_nobody_in(cast: Cast, page: Page, address: str) -> None:
    make_passkey(page, address)
    Account.objects.filter(email=STAFF).update(is_active=False)
    page.context.clear_cookies()
    page.goto(address + reverse("account_login"))
    with page.expect_navigation():
        page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")
    page.goto(address + reverse("notices:today"))
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")


@pytest.mark.django_db(transaction=True)
def test_who_has_no_passkey_is_told_so_and_signs_in_otherwise(cast: Cast, page: Page, address: str) -> None:
    page.goto(address + reverse("account_login"))
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_text("パスキーを使えませんでした")).to_be_visible()
    expect(page.get_by_role("button", name="コードを送る")).to_be_visible()


@pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"id": 1}', '{"id": "AA", "response": {}}'])
def test_what_is_no_passkey_is_refused_in_words(cast: Cast, client: Client, credential: str) -> None:
    staff = cast.client("staff")
    staff.post(reverse("passkey_creation"))
    assert staff.post(reverse("factor_passkey"), {"name": "", "credential": credential}).status_code == 422
    client.post(reverse("passkey_request"))
    assert client.post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302
    assert not Authenticator.objects.exists()


def test_what_is_asked_of_a_strangers_browser_names_no_account(cast: Cast, client: Client) -> None:
    asked = client.post(reverse("passkey_request")).json()["publicKey"]
    assert asked.get("allowCredentials", []) == [] and asked["userVerification"] == "required"
