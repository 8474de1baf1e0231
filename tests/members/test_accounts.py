"""アカウント: the administrators' pages, and that somebody is always left to look after them."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.accounts import capacities, disabling, factors
from members.history import Actor
from members.models import Account, Capacity, Event
from members.models.account import Role
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.conftest import DATABASE_URL
from tests.members.second_factors import give_app, type_mailed_code
from tests.members.test_signin import signed_in_as


def second_administrator(cast: Cast) -> Capacity:
    account = Account.objects.create_account("second@shuchi.example", "山田 栁子")
    return Capacity.objects.create(account=account, organisation=cast.association, role=Role.ADMINISTRATOR)


def press(cast: Cast, name: str, key: int, **form: object) -> str:
    return text_of(cast.client("administrator").post(reverse(name, args=[key]), form, follow=True))


# The list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "高崎"}, {"髙﨑 美緒", "﨑村 薫"}),
        ({"q": "OTHER-CHAIR"}, {"𠮷田 進"}),
        ({"q": "白鷺中央"}, {"德丸 翔太"}),
        ({"role": "chair"}, {"髙栁 誠", "𠮷田 進"}),
        ({"state": "disabled"}, {"髙木 亮"}),
        ({"q": "髙", "role": "chair"}, {"髙栁 誠", "𠮷田 進"}),
    ],
)
def test_accounts_are_found_by_name_address_organisation_role_and_state(
    cast: Cast, query: dict[str, str], found: set[str]
) -> None:
    Account.objects.filter(email="neighbour@shuchi.example").update(is_active=False)
    table = cast.client("administrator").get(reverse("accounts"), query).context["table"]
    assert {row.record.name for row in table.rows} == found


def test_the_list_asks_no_more_for_many_than_for_few(cast: Cast, django_assert_max_num_queries: object) -> None:
    client = cast.client("administrator")
    client.get(reverse("accounts"))
    for number in range(20):
        account = Account.objects.create_account(f"p{number}@shop.example", f"薬局 {number}")
        Capacity.objects.create(account=account, organisation=cast.pharmacies[0], role=Role.PHARMACY)
    with django_assert_max_num_queries(16):
        client.get(reverse("accounts"))


# Duties ---------------------------------------------------------------------------------------------------------------


def test_duties_are_changed_and_recorded_with_what_they_were(cast: Cast) -> None:
    staff = cast.capacities["staff"]
    told = press(cast, "capacity_duties", staff.pk, duties=["approves", "publishes"])
    assert "担当を保存しました：決裁・発出" in told
    staff.refresh_from_db()
    assert staff.duties == ["決裁", "発出"]
    [event] = Event.objects.filter(verb="capacity.duties_changed")
    assert event.detail == {"changes": {"duties": [["起案", "発出"], ["決裁", "発出"]]}}


def test_the_database_gives_duties_to_nobody_but_staff(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    for duty in ("drafts", "approves", "publishes"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Capacity.objects.filter(pk=cast.capacities["chair"].pk).update(**{duty: True})


# Disabling ------------------------------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_its_next_request_and_comes_in_by_no_way(cast: Cast) -> None:
    client, staff = Client(), cast.capacities["chair"].account
    type_mailed_code(client, staff.email)
    assert client.get(reverse("notices:district")).status_code == 200
    assert "停止しますか" in text_of(cast.client("administrator").get(reverse("disable_account", args=[staff.pk])))
    assert "アカウントを停止しました" in press(cast, "disable_account", staff.pk)
    assert client.get(reverse("notices:district")).url.startswith("/signin/")
    assert client.post(reverse("notices:district")).url.startswith("/signin/")
    assert Event.objects.filter(verb="account.disabled", subject_id=staff.pk).count() == 1
    assert "停止を解除しました" in press(cast, "enable_account", staff.pk)
    type_mailed_code(client, staff.email)
    assert signed_in_as(client) == staff.email


def test_a_disabled_account_is_answered_at_the_sign_in_as_an_unknown_address(cast: Cast) -> None:
    import re

    from django.core import mail

    Account.objects.filter(email="chair@shuchi.example").update(is_active=False)
    pages = []
    for email in ("chair@shuchi.example", "nobody@shuchi.example"):
        page = Client().post("/signin/", {"email": email}, follow=True)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        pages.append((page.redirect_chain, text.replace(email, "")))
    assert pages[0] == pages[1] and mail.outbox == []


def test_a_code_that_was_sent_before_the_account_was_disabled_opens_nothing(cast: Cast, client: Client) -> None:
    import re

    from django.core import mail

    client.post("/signin/", {"email": "chair@shuchi.example"})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    disabling.disable(cast.capacities["chair"].account_id, Actor(cast.capacities["administrator"].account))
    client.post("/signin/code/", {"code": code}, follow=True)
    assert signed_in_as(client) is None


# Somebody is left -----------------------------------------------------------------------------------------------------


def test_nobody_disables_oneself(cast: Cast) -> None:
    administrator = cast.capacities["administrator"]
    second_administrator(cast)
    assert "自分では停止できません" in press(cast, "disable_account", administrator.account_id)
    assert "自分では終えられません" in press(cast, "capacity_end", administrator.pk)
    administrator.account.refresh_from_db()
    assert administrator.account.is_active and administrator.is_current


def test_the_last_administrator_stays(cast: Cast) -> None:
    only = cast.capacities["administrator"]
    by_another = Actor(cast.capacities["staff"].account)
    with pytest.raises(capacities.LastAdministrator):
        capacities.end(only.pk, by_another)
    with pytest.raises(capacities.LastAdministrator):
        disabling.disable(only.account_id, by_another)
    second = second_administrator(cast)
    Account.objects.filter(pk=second.account_id).update(is_active=False)
    with pytest.raises(capacities.LastAdministrator):
        capacities.end(only.pk, by_another)


def test_one_of_two_administrators_can_be_ended(cast: Cast) -> None:
    second = second_administrator(cast)
    press(cast, "capacity_end", second.pk)
    assert not Capacity.objects.current().filter(pk=second.pk).exists()


@pytest.mark.skipif(not DATABASE_URL, reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_disable_each_other_at_once_leave_one(cast: Cast) -> None:
    pair = [cast.capacities["administrator"], second_administrator(cast)]
    refused: list[Exception] = []

    def disable(who: Capacity, whom: Capacity) -> None:
        try:
            disabling.disable(whom.account_id, Actor(who.account))
        except capacities.LastAdministrator as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=disable, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Account.objects.filter(pk__in=[one.account_id for one in pair], is_active=True).count() == 1


# A lost telephone -----------------------------------------------------------------------------------------------------


def test_a_lost_telephone_is_forgotten_and_every_session_ends(cast: Cast) -> None:
    chair, client = cast.capacities["chair"].account, Client()
    type_mailed_code(client, chair.email)
    give_app(chair)
    page = text_of(cast.client("administrator").get(reverse("reset_factors", args=[chair.pk])))
    assert "確かに本人の頼みである" in page and factors.kinds(chair)
    press(cast, "reset_factors", chair.pk)
    assert not factors.kinds(chair)
    assert client.get(reverse("notices:district")).url.startswith("/signin/")
    assert Event.objects.filter(verb="account.factors_reset", subject_id=chair.pk).count() == 1
