"""2つ目の確認: staff act only after it, a release asks for it again, and a dump of the database gives it to nobody."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from members.accounts import factors
from members.models import Account, Capacity, Event
from members.models.account import Role
from tests.boards.reading import text_of
from tests.cast import Cast, sign_in
from tests.members.second_factors import SECRET, code_of, give_app, let_pass, type_mailed_code
from tests.members.test_signin import printed_pass, signed_in_as

STAFF = "staff@shuchi.example"


@pytest.fixture
def staff(cast: Cast) -> Account:
    return cast.capacities["staff"].account


def sealed_in(page: str) -> str:
    return re.search(r'name="sealed" value="([^"]+)"', page)[1]


def secret_in(page: str) -> str:
    return re.search(r"secret=([A-Z2-7]+)", page)[1]


def set_up_app(client: Client, *, query: str = "") -> str:
    """Set up an app as its page says; gives its secret."""
    address = reverse("factor_app") + query
    page = client.get(address).content.decode()
    secret = secret_in(page)
    done = client.post(address, {"sealed": sealed_in(page), "code": code_of(secret)})
    assert done.status_code == 302, text_of(done)
    return secret


# Staff ----------------------------------------------------------------------------------------------------------------


def test_staff_without_a_second_factor_are_led_to_its_setting_up_and_back(cast: Cast, client: Client) -> None:
    type_mailed_code(client, STAFF)
    answer = client.get(reverse("notices:packets"), follow=True)
    assert answer.redirect_chain == [("/account/second-factor/?next=/packets/", 302)]
    assert "事務局の操作には、2つ目の確認が必要です" in text_of(answer)
    set_up_app(client, query="?next=/packets/")
    assert client.get(reverse("recovery_codes"), {"next": "/packets/"}).status_code == 200
    assert client.get(reverse("notices:packets")).status_code == 200


def test_without_it_nothing_of_the_staffs_opens_or_is_taken(cast: Cast, client: Client) -> None:
    draft = cast.draft()
    type_mailed_code(client, STAFF)
    before = Event.objects.count()
    assert client.get(reverse("home")).url.startswith("/account/second-factor/")
    assert client.get(reverse("notices:letter_pdf", args=[draft.pk])).url.startswith("/account/second-factor/")
    for name, arguments in (("notices:notice_new", []), ("notices:check", [draft.pk]), ("directory", [])):
        for answer in (client.get(reverse(name, args=arguments)), client.post(reverse(name, args=arguments))):
            assert answer.url.startswith("/account/second-factor/")
    draft.refresh_from_db()
    assert draft.state == "draft" and Event.objects.count() == before


def test_the_other_capacities_of_the_account_are_not_hindered_and_changing_into_staff_asks(
    cast: Cast, client: Client, staff: Account
) -> None:
    shop = Capacity.objects.create(account=staff, organisation=cast.pharmacies[2], role=Role.PHARMACY)
    type_mailed_code(client, STAFF)
    client.post(reverse("capacity"), {"capacity": shop.pk})
    assert client.get(reverse("notices:own")).status_code == 200
    client.post(reverse("capacity"), {"capacity": cast.capacities["staff"].pk})
    assert client.get(reverse("home")).url.startswith("/account/second-factor/")


def test_personal_pages_ask_for_none(cast: Cast, client: Client) -> None:
    from notices import personal

    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    type_mailed_code(client, STAFF)
    address = reverse("notices:personal", args=[personal.token_of(receipt.deliveries.get())])
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_nobody_else_is_asked_for_one(cast: Cast, client: Client, who: str) -> None:
    type_mailed_code(client, f"{who}@shuchi.example")
    assert client.get(reverse("home"), follow=True).status_code == 200


def test_an_operators_pass_counts_as_second_factor(cast: Cast, client: Client, staff: Account) -> None:
    give_app(staff)
    client.post(printed_pass(STAFF))
    assert client.get(reverse("notices:today")).status_code == 200


# Signing in with it ---------------------------------------------------------------------------------------------------


def test_after_the_mailed_code_the_app_is_asked_for(cast: Cast, client: Client, staff: Account) -> None:
    give_app(staff)
    type_mailed_code(client, STAFF)
    assert signed_in_as(client) is None
    wrong = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET, periods=50)})
    assert "コードが違うか" in text_of(wrong) and signed_in_as(client) is None
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert signed_in_as(client) == STAFF
    assert client.get(reverse("notices:today")).status_code == 200


@pytest.mark.parametrize("typed", ["{} ", " {}", "{}"])
def test_a_code_is_known_however_it_was_typed(cast: Cast, client: Client, staff: Account, typed: str) -> None:
    give_app(staff)
    type_mailed_code(client, STAFF)
    wide = typed.format(code_of(SECRET)).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    client.post(reverse("mfa_authenticate"), {"code": wide})
    assert signed_in_as(client) == STAFF


def test_a_code_of_the_app_signs_in_once(cast: Cast, staff: Account) -> None:
    give_app(staff)
    code = code_of(SECRET)
    first, second = Client(), Client()
    for client in (first, second):
        type_mailed_code(client, STAFF)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (signed_in_as(first), signed_in_as(second)) == (STAFF, None)


def test_codes_cannot_be_tried_out(cast: Cast, client: Client, staff: Account) -> None:
    give_app(staff)
    type_mailed_code(client, STAFF)
    for periods in range(50, 56):
        client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET, periods)})
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert signed_in_as(client) is None


def test_a_recovery_code_signs_in_once(cast: Cast, staff: Account) -> None:
    give_app(staff)
    code = factors.recovery_codes(staff)[3]
    first, second = Client(), Client()
    for client in (first, second):
        type_mailed_code(client, STAFF)
        client.post(reverse("mfa_authenticate"), {"code": f"{code[:4]} {code[4:]}"})
    assert (signed_in_as(first), signed_in_as(second)) == (STAFF, None)
    assert code not in factors.recovery_codes(staff) and len(factors.recovery_codes(staff)) == 9


# Setting up and ending ------------------------------------------------------------------------------------------------


def test_setting_up_is_recorded_and_gives_recovery_codes(cast: Cast, staff: Account) -> None:
    client = cast.client("staff")
    set_up_app(client)
    page = text_of(client.get(reverse("recovery_codes")))
    assert all(code[:4] in page for code in factors.recovery_codes(staff))
    [event] = Event.objects.filter(verb="account.factor_added")
    assert (event.account, event.subject_id, event.detail) == (staff, staff.pk, {"kind": "totp"})


def test_a_wrong_first_code_keeps_the_picture_that_was_read(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.get(reverse("factor_app")).content.decode()
    again = client.post(reverse("factor_app"), {"sealed": sealed_in(page), "code": "000000"})
    assert again.status_code == 422 and "コードが違うか" in text_of(again)
    assert secret_in(again.content.decode()) == secret_in(page)


def test_a_secret_of_somebody_else_or_made_up_is_not_taken(cast: Cast) -> None:
    strange = cast.client("chair").get(reverse("factor_app")).content.decode()
    for sealed in (sealed_in(strange), "", "x", sealed_in(strange)[:-4]):
        answer = cast.client("staff").post(
            reverse("factor_app"), {"sealed": sealed, "code": code_of(secret_in(strange))}
        )
        assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_secret_that_is_being_set_up_stands_in_no_table(cast: Cast) -> None:
    from tests.rows import everything

    client, before = cast.client("staff"), everything()
    client.get(reverse("factor_app"))
    assert everything() == before


@pytest.mark.parametrize("name", ["factor_app", "factor_passkey", "recovery_codes"])
def test_who_has_one_shows_it_before_anything_is_changed(cast: Cast, name: str, staff: Account) -> None:
    client = cast.client("staff")
    give_app(staff)
    let_pass(client, minutes=16)
    assert client.get(reverse(name)).url == f"/account/prove/?next={reverse(name)}"
    app = Authenticator.objects.get(type="totp")
    assert client.post(reverse("factor_end", args=[app.pk])).url.startswith("/account/prove/")
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_an_app_on_another_telephone_stands_in_the_place_of_the_one_before(cast: Cast, staff: Account) -> None:
    give_app(staff)
    client = cast.client("staff")
    assert "前のアプリの数字は、使えなくなります" in text_of(client.get(reverse("factor_app")))
    secret = set_up_app(client)
    [app] = Authenticator.objects.filter(type="totp")
    assert not app.wrap().validate_code(code_of(SECRET)) and app.wrap().validate_code(code_of(secret, periods=1))


def test_the_last_one_that_is_removed_takes_the_recovery_codes_along(cast: Cast, staff: Account) -> None:
    give_app(staff)
    client, app = cast.client("staff"), Authenticator.objects.get(type="totp")
    assert "これが最後の 1 つ" in text_of(client.get(reverse("factor_end", args=[app.pk])))
    client.post(reverse("factor_end", args=[app.pk]))
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(verb="account.factor_removed").count() == 1


def test_nobody_removes_anothers(cast: Cast, staff: Account) -> None:
    give_app(staff)
    app = Authenticator.objects.get(type="totp")
    assert cast.client("administrator").post(reverse("factor_end", args=[app.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_other_recovery_codes_make_those_before_worthless(cast: Cast, staff: Account) -> None:
    give_app(staff)
    before = factors.recovery_codes(staff)
    cast.client("staff").post(reverse("recovery_codes"))
    assert set(factors.recovery_codes(staff)).isdisjoint(before)


# What is kept ---------------------------------------------------------------------------------------------------------


def test_a_dump_of_the_database_holds_no_secret_and_no_recovery_code(cast: Cast, staff: Account) -> None:
    from tests.rows import everything

    give_app(staff)
    dump = str(everything())
    assert SECRET not in dump
    assert not any(code in dump for code in factors.recovery_codes(staff))


def test_under_another_key_nothing_opens_and_the_page_says_what_to_do(
    cast: Cast, client: Client, staff: Account, settings: settings
) -> None:
    give_app(staff)
    settings.SECRET_KEY = "another key of fifty letters and more, for this test"
    type_mailed_code(client, STAFF)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert "2つ目の確認の解除を頼んでください" in text_of(answer) and signed_in_as(client) is None


# Once more ------------------------------------------------------------------------------------------------------------


def test_it_is_shown_again_and_leads_back(cast: Cast, staff: Account) -> None:
    client = cast.client("staff")
    give_app(staff)
    let_pass(client, minutes=16)
    address = reverse("prove") + "?next=/today/"
    assert client.post(address, {"code": "123456"}).status_code == 422
    assert client.post(address, {"code": code_of(SECRET)}).url == "/today/"
    assert client.get(reverse("recovery_codes")).status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(cast: Cast, staff: Account, wanted: str) -> None:
    give_app(staff)
    client = cast.client("staff")
    address = f"{reverse('prove')}?next={wanted}"
    assert wanted not in client.get(address).content.decode().replace("&amp;", "&").split("<main")[1].split("<form")[0]
    assert client.post(address, {"code": code_of(SECRET)}).url == "/"


def test_who_has_none_is_told_how_to_go_on(cast: Cast) -> None:
    client = cast.client("staff")
    let_pass(client, minutes=16)
    page = text_of(client.get(reverse("prove")))
    assert "認証アプリを用意する" in page and "新しいサインイン用アドレス" in page


def test_what_another_account_showed_in_the_same_browser_does_not_count(cast: Cast, client: Client) -> None:
    sign_in(client, cast.capacities["administrator"].account)
    client.post(reverse("account_logout"))
    type_mailed_code(client, STAFF)
    assert client.get(reverse("home")).url.startswith("/account/second-factor/")
