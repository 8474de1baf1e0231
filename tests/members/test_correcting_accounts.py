"""氏名・アドレスを直す: a misspelt name, another address; who could sign in by the old address cannot any more."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from members.accounts import correcting
from members.history import Actor
from members.models import Account, Event
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.second_factors import type_mailed_code
from tests.members.test_signin import signed_in_as


def correct(cast: Cast, account: Account, **typed: str) -> str:
    form = {"name": account.name, "email": account.email} | typed
    answer = cast.client("administrator").post(reverse("correct_account", args=[account.pk]), form, follow=True)
    return text_of(answer)


@pytest.fixture
def chair(cast: Cast) -> Account:
    return cast.capacities["chair"].account


def test_a_misspelt_name_is_put_right_and_the_history_keeps_neither(cast: Cast, chair: Account):
    assert "アカウントの登録を直しました" in correct(cast, chair, name="髙栁 真")
    chair.refresh_from_db()
    event = Event.objects.get(verb="account.corrected")
    assert chair.name == "髙栁 真" and event.detail == {"fields": ["name"]}
    assert mail.outbox == []


def test_with_another_address_the_person_signs_in_anew_and_both_addresses_are_told(cast: Cast, chair: Account):
    signed_in = Client()
    type_mailed_code(signed_in, chair.email)
    mail.outbox.clear()
    correct(cast, chair, email="New@chair.example")
    assert [one.to for one in mail.outbox] == [["new@chair.example"], ["chair@shuchi.example"]]
    assert "new@chair.example" not in mail.outbox[1].body
    assert signed_in.get(reverse("notices:district")).status_code == 302
    anew = Client()
    type_mailed_code(anew, "new@chair.example")
    assert signed_in_as(anew) == "new@chair.example"
    assert anew.get(reverse("notices:district")).status_code == 200


def test_nobody_signs_in_by_the_old_address(cast: Cast, chair: Account):
    type_mailed_code(Client(), chair.email)
    correct(cast, chair, email="new@chair.example")
    mail.outbox.clear()
    Client().post(reverse("account_login"), {"email": "chair@shuchi.example"})
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "PHARMACY@shuchi.example"}, "別のアカウントで使われています"),
        ({"email": "x y@z.example"}, "改行や空白"),
        ({"name": "\u200b"}, "目に見える文字がありません"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(cast: Cast, chair: Account, typed: dict[str, str], told: str):
    assert told in correct(cast, chair, **typed)
    chair.refresh_from_db()
    assert (chair.name, chair.email) == ("髙栁 誠", "chair@shuchi.example") and mail.outbox == []


def test_nobody_shuts_out_oneself_by_a_slip(cast: Cast):
    own = cast.capacities["administrator"].account
    assert "自分のアドレスは" in correct(cast, own, email="slip@shuchi.example")
    assert "アカウントの登録を直しました" in correct(cast, own, name="別の名前")


def test_correcting_nothing_records_nothing(cast: Cast, chair: Account):
    capacity = cast.capacities["administrator"]
    correcting.correct(chair.pk, chair.name, chair.email.upper(), Actor(capacity.account, capacity))
    assert not Event.objects.filter(verb="account.corrected").exists()
