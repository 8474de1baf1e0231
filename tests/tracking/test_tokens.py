"""What a personal address is made of: derived, scoped, revocable, expiring; nothing of it lies in the database."""

import base64
import datetime as dt
import re
import string

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from notices import personal
from notices.models import Delivery, Receipt
from notices.personal import Scope
from notices.procedures import resend
from notices.tracking import addresses
from tests.cast import Cast
from tests.rows import everything
from tests.scene import Scene
from tests.tracking.conftest import acting, page, token

LETTERS = string.ascii_letters + string.digits + "-_"
DOORS = {Scope.OWN: "personal", Scope.FORWARD: "forwarded"}
# The database is not touched by what is tried, so that examples may share it.
sharing = example_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)


def secret(text: str) -> str:
    """The part of a token that nobody can know without the key."""
    return text.partition("-")[2]


def everyone(receipt: Receipt) -> list[Delivery]:
    return list(Delivery.objects.filter(release=receipt.release))


# Derived --------------------------------------------------------------------------------------------------------------


def test_a_token_has_more_than_128_bits_that_nobody_can_guess(receipt: Receipt) -> None:
    assert len(base64.urlsafe_b64decode(secret(token(receipt)))) * 8 == 144


def test_no_two_deliveries_versions_or_scopes_share_a_token() -> None:
    made = [
        personal.token(number, version, scope) for number in range(1, 1500) for version in (1, 2) for scope in Scope
    ]
    assert len({secret(each) for each in made}) == len(made)


def test_another_key_opens_none_of_them(receipt: Receipt, client: Client, settings: Settings) -> None:
    held = page(receipt)
    assert client.get(held).status_code == 200
    settings.SECRET_KEY = "another key, as a thief of the database would have to guess it"
    assert client.get(held).status_code == 404


def test_a_dump_of_the_database_holds_no_token_and_no_part_of_one(own_scene: Scene) -> None:
    """On a site on which everything has happened, a pharmacy also asked for its address anew and used it signed in."""
    mailbox = own_scene.cast.pharmacies[0].mailboxes.get()
    client = own_scene.cast.client("pharmacy")
    client.post(own_scene.url("notices:personal_bare"), {"email": mailbox.address})
    client.post(own_scene.url("notices:personal_confirm", "own token"))
    client.post(own_scene.url("notices:personal_help_close", "own token"), {"help": own_scene.ids["neighbour's help"]})
    assert Delivery.objects.filter(purpose=Delivery.Purpose.AGAIN).exists()
    dump = "\n".join(row for rows in everything().values() for row in rows)
    for delivery in Delivery.objects.select_related("receipt"):
        for scope in Scope:
            for version in range(1, delivery.receipt.address_version + 2):
                assert secret(personal.token(delivery.pk, version, scope))[:8] not in dump
    for text in re.findall(r"[0-9a-f]{1,15}-[\w-]{24}", dump):
        assert [personal.find(text, scope) for scope in Scope] == [None, None]


# Scoped ---------------------------------------------------------------------------------------------------------------


def test_a_token_of_one_scope_opens_nothing_of_the_other(receipt: Receipt, client: Client) -> None:
    for scope, door in DOORS.items():
        other = token(receipt, Scope.FORWARD if scope is Scope.OWN else Scope.OWN)
        for name in ("", "_letter"):
            assert client.get(page(receipt, f"{door}{name}", scope=scope)).status_code == 200
            assert client.get(reverse(f"notices:{door}{name}", args=[other])).status_code == 404
    assert client.post(reverse("notices:personal_confirm", args=[token(receipt, Scope.FORWARD)])).status_code == 404


def test_knowing_the_number_of_a_delivery_does_not_help(receipt: Receipt) -> None:
    own, *others = everyone(receipt)
    for other in others:
        for scope in Scope:
            mine = secret(personal.token(own.pk, receipt.address_version, scope))
            assert personal.find(f"{other.pk:x}-{mine}", scope) is None
            assert personal.find(f"{other.pk:x}-", scope) is None


def test_what_is_printed_on_a_sheet_beside_the_code_opens_nothing(receipt: Receipt, client: Client) -> None:
    """Document number, 薬局コード, FAX number and whatever else short could be typed."""
    [delivery] = receipt.deliveries.all()
    organisation = receipt.organisation
    printed = [receipt.release.notice.number_text, organisation.code, "092-000-0001", organisation.telephone]
    short = [str(delivery.pk), f"{delivery.pk:x}", str(receipt.pk), f"{delivery.pk:x}-{organisation.code}"]
    for text in [*printed, *short, *(token(receipt)[:length] for length in range(4, 12))]:
        for door in DOORS.values():
            assert client.get(reverse(f"notices:{door}", args=[text])).status_code == 404


# Revocable, expiring --------------------------------------------------------------------------------------------------


def test_raising_the_version_closes_every_address_of_the_receipt_and_of_no_other(
    receipt: Receipt, cast: Cast, client: Client
) -> None:
    neighbour = cast.receipt(receipt.release, cast.pharmacies[1])
    again = resend.send(receipt, cast.pharmacies[0].mailboxes.get().address, actor=acting(cast, "staff"))
    held = [
        reverse(f"notices:{DOORS[scope]}", args=[personal.token_of(delivery, scope)])
        for delivery in (receipt.deliveries.first(), again)
        for scope in Scope
    ]
    assert {client.get(address).status_code for address in held} == {200}
    addresses.revoke(receipt.pk, actor=acting(cast, "staff"))
    assert {client.get(address).status_code for address in held} == {404}
    assert client.get(page(neighbour)).status_code == 200


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("days", [1, 7, 180])
def test_an_address_lasts_as_long_as_the_setting_says(
    receipt: Receipt, client: Client, settings: Settings, days: int, scope: Scope
) -> None:
    settings.PERSONAL_ADDRESS_DAYS = days
    held, minute = page(receipt, DOORS[scope], scope=scope), dt.timedelta(minutes=1)
    for age, status in ((dt.timedelta(days=days) - minute, 200), (dt.timedelta(days=days) + minute, 404)):
        receipt.deliveries.update(made_at=timezone.now() - age)
        assert client.get(held).status_code == status
    confirm = client.post(page(receipt, "personal_confirm"))
    receipt.refresh_from_db()
    assert (confirm.status_code, receipt.confirmed_at) == (404, None)


def test_a_new_address_lasts_its_own_time(receipt: Receipt, cast: Cast, client: Client, settings: Settings) -> None:
    receipt.deliveries.update(made_at=timezone.now() - dt.timedelta(days=settings.PERSONAL_ADDRESS_DAYS + 1))
    again = resend.send(receipt, cast.pharmacies[0].mailboxes.get().address, actor=acting(cast, "staff"))
    again.refresh_from_db()
    assert client.get(page(receipt)).status_code == 404
    assert client.get(reverse("notices:personal", args=[personal.token_of(again)])).status_code == 200


# Alike ----------------------------------------------------------------------------------------------------------------


def alike(answer: HttpResponse) -> tuple[int, bytes, dict[str, str], list[str]]:
    """All of an answer but the token of its form."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
    return answer.status_code, body, dict(answer.headers), sorted(answer.cookies)


def dead(receipt: Receipt, cast: Cast, scope: Scope) -> dict[str, str]:
    """A token of each kind that does not open."""
    expired = cast.receipt(receipt.release, cast.pharmacies[1])
    expired.deliveries.update(made_at=timezone.now() - dt.timedelta(days=181))
    revoked = token(receipt, scope)
    addresses.revoke(receipt.pk, actor=acting(cast, "staff"))
    genuine = token(receipt, scope)
    number, _, letters = genuine.partition("-")
    cut = {f"cut at {place}": genuine[:place] + genuine[place + 1 :] for place in range(len(genuine))}
    return cut | {
        "revoked": revoked,
        "expired": token(expired, scope),
        "unknown": f"ffff-{letters}",
        "invented": f"{number}-{'A' * 24}",
        "of the other scope": token(receipt, Scope.FORWARD if scope is Scope.OWN else Scope.OWN),
        "in capitals": genuine.upper(),
        "with a zero in front": f"0{genuine}",
        "with more behind": f"{genuine}A",
        "of a number that no table has": f"{'f' * 15}-{letters}",
        "of a number too long": f"{'f' * 16}-{letters}",
        "a number alone": number,
        "letters alone": letters,
        "with NUL": f"{number}-\0{letters}",
        "a word": "テスト",
    }


@pytest.mark.parametrize("scope", Scope)
def test_every_address_that_does_not_open_is_answered_alike_to_the_byte(
    receipt: Receipt, cast: Cast, scope: Scope
) -> None:
    tokens = dead(receipt, cast, scope)
    assert Client().get(page(receipt, DOORS[scope], scope=scope)).status_code == 200
    for method in ("get", "head"):
        answers = {
            kind: alike(getattr(Client(), method)(reverse(f"notices:{DOORS[scope]}", args=[text])))
            for kind, text in tokens.items()
        }
        first = answers["unknown"]
        assert first[0] == 404
        assert [kind for kind, answer in answers.items() if answer != first] == []


def test_asking_anew_is_answered_alike_whatever_address_it_stands_at(receipt: Receipt, cast: Cast) -> None:
    mailbox = cast.pharmacies[0].mailboxes.get().address
    for email in (mailbox, "nobody@elsewhere.example"):
        answers = set()
        for kind in ("revoked", "expired", "unknown"):
            address = reverse("notices:personal", args=[dead(receipt, cast, Scope.OWN)[kind]])
            status, body, headers, cookies = alike(Client().post(address, {"email": email}))
            answers.add((status, body, str(headers), str(cookies)))
        assert len(answers) == 1


# Altered --------------------------------------------------------------------------------------------------------------


@sharing
@given(place=st.integers(0, 40), letter=st.sampled_from(LETTERS))
def test_a_token_with_one_letter_altered_opens_nothing(receipt: Receipt, place: int, letter: str) -> None:
    genuine = token(receipt)
    place %= len(genuine)
    altered = genuine[:place] + letter + genuine[place + 1 :]
    if altered != genuine:
        assert [personal.find(altered, scope) for scope in Scope] == [None, None]


@sharing
@given(text=st.text(max_size=60) | st.from_regex(r"[0-9a-f]{1,3}-[A-Za-z0-9_-]{24}", fullmatch=True))
def test_no_invented_text_opens_anything_nor_breaks_the_page(receipt: Receipt, text: str) -> None:
    assert [personal.find(text, scope) for scope in Scope] == [None, None]


@sharing
@given(text=st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_whatever_is_typed_behind_the_door_gets_the_page_or_the_way_to_it(receipt: Receipt, text: str) -> None:
    answer = Client().get(reverse("notices:personal", args=[text]), follow=True)
    assert answer.status_code == 404
    assert "このリンクは使えません" in answer.content.decode()
