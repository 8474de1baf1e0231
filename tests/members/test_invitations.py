"""招待: who may invite whom, what the mail says, and what becomes of it when the mail server is away."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from members import access
from members.models import Account, Capacity, Event
from members.models.account import Role
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.second_factors import type_mailed_code
from tests.members.test_signin import signed_in_as

NEW = {"name": "濵田 𠮷江", "email": "new@shop.example"}


def invite(cast: Cast, who: str, organisation: object = None, **typed: object) -> str:
    """Invite as the page does: the own organisation's, or for staff that of another."""
    address = reverse("organisation_accounts", args=[organisation.pk]) if organisation else reverse("own_accounts")
    return text_of(cast.client(who).post(address, NEW | typed, follow=True))


def given() -> Capacity:
    return Capacity.objects.get(account__email="new@shop.example")


# Who may invite whom --------------------------------------------------------------------------------------------------

WHERE = {"association": lambda cast: cast.association, "district": lambda cast: cast.shirasagi}
WHERE |= {"other district": lambda cast: cast.takaodai, "pharmacy": lambda cast: cast.pharmacies[0]}
WHERE |= {"neighbour": lambda cast: cast.pharmacies[1]}
MAY = {
    "administrator": {
        "association": {Role.STAFF, Role.ADMINISTRATOR},
        "district": {Role.CHAIR, Role.DISTRICT_OFFICE},
        "other district": {Role.CHAIR, Role.DISTRICT_OFFICE},
        "pharmacy": {Role.PHARMACY},
        "neighbour": {Role.PHARMACY},
    },
    "staff": {
        "district": {Role.CHAIR, Role.DISTRICT_OFFICE},
        "other district": {Role.CHAIR, Role.DISTRICT_OFFICE},
        "pharmacy": {Role.PHARMACY},
        "neighbour": {Role.PHARMACY},
    },
    "chair": {"district": {Role.DISTRICT_OFFICE}},
    "pharmacy": {"pharmacy": {Role.PHARMACY}},
}


@pytest.mark.parametrize("who", MAY)
def test_each_invites_those_below_and_colleagues_and_nobody_else(cast: Cast, who: str) -> None:
    for place, organisation in WHERE.items():
        for role in Role:
            may = access.can_invite(cast.capacities[who], organisation(cast), role)
            assert may == (role in MAY[who].get(place, set())), (place, role)


def test_a_districts_office_invites_nobody_and_sees_who_is_there(cast: Cast) -> None:
    Capacity.objects.filter(pk=cast.capacities["chair"].pk).update(role=Role.DISTRICT_OFFICE)
    page = text_of(cast.client("chair").get(reverse("own_accounts")))
    assert "髙栁 誠" in page and "招待する" not in page
    assert cast.client("chair").post(reverse("own_accounts"), NEW).status_code == 404


def test_a_role_that_is_not_offered_is_not_given(cast: Cast) -> None:
    invite(cast, "staff", cast.shirasagi, role="administrator")
    invite(cast, "pharmacy", role="staff", duties=["publishes"])
    assert {(one.role, tuple(one.duties)) for one in Capacity.objects.filter(account__email=NEW["email"])} == {
        ("pharmacy", ())
    }


# What becomes of it ---------------------------------------------------------------------------------------------------


def test_a_colleague_gets_one_mail_signs_in_with_it_and_acts_for_the_pharmacy(cast: Cast, client: Client) -> None:
    assert "new@shop.example を招待しました" in invite(cast, "pharmacy")
    [message] = mail.outbox
    assert (message.to, message.cc, message.bcc) == (["new@shop.example"], [], [])
    assert "白鷺中央薬局" in message.subject and "濵田 𠮷江 様" in message.body
    [address] = re.findall(r"http\S+", message.body)
    assert address.endswith("/signin/")
    assert given().account.verified_at is None
    type_mailed_code(client, "new@shop.example")
    assert client.get(reverse("notices:own")).status_code == 200
    assert given().account.verified_at is not None
    verbs = Event.objects.filter(verb__in=["capacity.given", "account.invitation_sent"]).order_by("pk")
    assert [(one.verb, one.capacity, one.organisation) for one in verbs] == [
        (verb, cast.capacities["pharmacy"], cast.pharmacies[0])
        for verb in ("capacity.given", "account.invitation_sent")
    ]


def test_an_administrator_gives_the_duties_with_the_invitation(cast: Cast) -> None:
    invite(cast, "administrator", cast.association, role="staff", duties=["drafts", "approves"])
    assert given().duties == ["起案", "決裁"] and given().role == Role.STAFF


def test_an_address_that_has_an_account_gets_one_more_capacity_and_keeps_its_name(cast: Cast) -> None:
    invite(cast, "staff", cast.pharmacies[1], name="髙栁誠", email="CHAIR@shuchi.example")
    account = cast.capacities["chair"].account
    assert {one.role for one in account.capacities.current()} == {"chair", "pharmacy"}
    account.refresh_from_db()
    assert account.name == "髙栁 誠" and Account.objects.filter(email__iexact="chair@shuchi.example").count() == 1


def test_staff_are_asked_whether_they_mean_the_person_whose_address_it_is(cast: Cast) -> None:
    known = cast.capacities["chair"].account
    told = invite(cast, "staff", cast.pharmacies[1], email=known.email)
    assert "髙栁 誠さん（白鷺地区薬剤師会・地区会長）のアカウントです" in told
    assert known.capacities.count() == 1 and mail.outbox == []
    other = cast.capacities["other_chair"].account.email
    changed = invite(cast, "staff", cast.pharmacies[1], email=other, same_person=known.pk)
    assert "のアカウントです" in changed and mail.outbox == []
    invite(cast, "staff", cast.pharmacies[1], email=known.email, same_person=known.pk)
    assert {one.role for one in known.capacities.current()} == {"chair", "pharmacy"}


# Somebody who is known here already -----------------------------------------------------------------------------------


def invited_chair(cast: Cast) -> Capacity:
    """The chair, invited by a pharmacy under another name."""
    invite(cast, "pharmacy", name="濵田 𠮷江", email="chair@shuchi.example")
    return Capacity.objects.get(account__email="chair@shuchi.example", role=Role.PHARMACY)


def test_a_pharmacy_learns_nothing_of_whose_address_it_is_and_the_person_is_asked(cast: Cast) -> None:
    made = invited_chair(cast)
    assert "濵田 𠮷江 様" in mail.outbox[0].body and "受けるか断るかを選べます" in mail.outbox[0].body
    page = text_of(cast.client("pharmacy").get(reverse("own_accounts")))
    assert "濵田 𠮷江" in page and "招待に、まだ答えていません" in page and "髙栁" not in page
    assert not made.is_current and made not in made.account.capacities.current()
    asked = text_of(cast.client("chair").get(reverse("capacity")))
    assert "招待されています" in asked and "白鷺中央薬局" in asked


def test_who_takes_an_invitation_acts_there_under_the_own_name(cast: Cast) -> None:
    made = invited_chair(cast)
    cast.client("chair").post(reverse("answer_invitation", args=[made.pk]), {"answer": "accept"})
    assert made in made.account.capacities.current()
    assert "髙栁 誠" in text_of(cast.client("pharmacy").get(reverse("own_accounts")))
    assert Event.objects.get(verb="capacity.accepted").account == made.account


def test_who_declines_an_invitation_never_acts_there(cast: Cast) -> None:
    made = invited_chair(cast)
    told = cast.client("chair").post(reverse("answer_invitation", args=[made.pk]), {"answer": "decline"}, follow=True)
    assert "招待を断りました" in text_of(told)
    made.refresh_from_db()
    assert made.ended_at and made.invited_as == "" and Event.objects.filter(verb="capacity.declined").count() == 1
    assert "濵田" not in text_of(cast.client("pharmacy").get(reverse("own_accounts")))


def test_an_invitation_that_was_taken_back_cannot_be_taken(cast: Cast) -> None:
    made = invited_chair(cast)
    cast.client("pharmacy").post(reverse("capacity_end", args=[made.pk]))
    answer = cast.client("chair").post(reverse("answer_invitation", args=[made.pk]), {"answer": "accept"})
    assert answer.status_code == 404 and made not in made.account.capacities.current()


def test_who_has_nothing_but_an_invitation_is_led_to_it(cast: Cast) -> None:
    made = invited_chair(cast)
    cast.capacities["chair"].ended_at = made.since
    cast.capacities["chair"].save()
    assert "招待されています" in text_of(cast.client("chair").get(reverse("home"), follow=True))


def test_who_can_act_there_already_is_not_invited_again(cast: Cast) -> None:
    page = invite(cast, "pharmacy", email="pharmacy@shuchi.example")
    assert "すでに白鷺中央薬局の「薬局」として使えます" in page and mail.outbox == []


def test_a_disabled_account_is_not_invited(cast: Cast) -> None:
    Account.objects.filter(email="chair@shuchi.example").update(is_active=False)
    assert "停止されています" in invite(cast, "staff", cast.pharmacies[0], email="chair@shuchi.example")
    told = invite(cast, "pharmacy", email="chair@shuchi.example")
    assert "ここからは招待できません" in told and "停止" not in told
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "\u200b"}, "目に見える文字がありません"),
        ({"email": "x@y\nBcc: z"}, "改行や空白"),
        ({"email": '"a b"@c.example'}, "改行や空白"),
        ({"email": ""}, "入力してください"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    assert told in invite(cast, "pharmacy", **typed)
    assert mail.outbox == [] and not Account.objects.filter(name=NEW["name"]).exists()


def test_a_full_width_address_is_suggested_in_half_width(cast: Cast) -> None:
    answer = cast.client("pharmacy").post(reverse("own_accounts"), NEW | {"email": "new＠shop.example"})
    assert 'value="new@shop.example"' in answer.content.decode()
    assert not Account.objects.filter(email="new@shop.example").exists()


def test_an_address_with_dots_in_odd_places_is_invited_and_signs_in(cast: Cast, client: Client) -> None:
    invite(cast, "pharmacy", email="a..b@docomo.ne.jp")
    type_mailed_code(client, "a..b@docomo.ne.jp")
    assert signed_in_as(client) == "a..b@docomo.ne.jp"


# The mail server ------------------------------------------------------------------------------------------------------


def test_when_the_mail_server_is_away_the_invitation_is_kept_and_can_be_sent_again(
    cast: Cast, client: Client, settings: object
) -> None:
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    page = invite(cast, "pharmacy")
    assert "招待のメールを送れませんでした" in page and "登録してあり" in page
    assert given().is_current and not Event.objects.filter(verb="account.invitation_sent").exists()
    settings.EMAIL_BACKEND = kept
    assert "招待のメールをもう一度送る" in text_of(cast.client("pharmacy").get(reverse("own_accounts")))
    cast.client("pharmacy").post(reverse("invite_again", args=[given().pk]))
    assert [message.to for message in mail.outbox] == [["new@shop.example"]]


# Ending ---------------------------------------------------------------------------------------------------------------


def test_a_capacity_that_was_ended_is_over_at_the_next_request(cast: Cast) -> None:
    invite(cast, "pharmacy")
    colleague = Client()
    type_mailed_code(colleague, "new@shop.example")
    assert colleague.get(reverse("notices:own")).status_code == 200
    asked = cast.client("pharmacy").get(reverse("capacity_end", args=[given().pk]))
    assert "濵田 𠮷江さんの立場を終えますか" in text_of(asked) and given().is_current
    cast.client("pharmacy").post(reverse("capacity_end", args=[given().pk]))
    assert colleague.get(reverse("notices:own")).status_code == 404
    [event] = Event.objects.filter(verb="capacity.ended")
    assert (event.subject_id, event.organisation) == (given().pk, cast.pharmacies[0])


def test_who_was_ended_can_be_invited_again_and_both_times_stay_known(cast: Cast) -> None:
    invite(cast, "pharmacy")
    cast.client("pharmacy").post(reverse("capacity_end", args=[given().pk]))
    invite(cast, "pharmacy")
    assert Capacity.objects.filter(account__email="new@shop.example").count() == 2


def test_nobody_ends_ones_own_capacity_or_anothers(cast: Cast) -> None:
    own, other = cast.capacities["pharmacy"], cast.capacities["neighbour"]
    told = text_of(cast.client("pharmacy").post(reverse("capacity_end", args=[own.pk]), follow=True))
    assert "自分では終えられません" in told
    assert cast.client("pharmacy").post(reverse("capacity_end", args=[other.pk])).status_code == 404
    assert Event.objects.filter(verb="access.refused").count() == 1
    assert Capacity.objects.current().filter(pk__in=[own.pk, other.pk]).count() == 2


@pytest.mark.parametrize("name", ["髙木\r\n至急", "ＨＴＴＰ：／／evil.example", "www.evil.example"])
def test_nothing_but_a_name_stands_in_the_mail_to_a_stranger(cast: Cast, name: str):
    typed = {"name": name, "email": "stranger@mail.example"}
    assert "氏名だけを入れてください" in text_of(cast.client("pharmacy").post(reverse("own_accounts"), typed))
    assert mail.outbox == []


def test_whoever_invites_again_and_again_has_to_wait(cast: Cast):
    client = cast.client("pharmacy")
    for number in range(11):
        typed = {"name": "髙木 亮", "email": f"colleague{number}@mail.example"}
        shown = text_of(client.post(reverse("own_accounts"), typed, follow=True))
    assert "短い間に何度も招待しています" in shown
    assert len(mail.outbox) == 10
    assert not Account.objects.filter(email="colleague10@mail.example").exists()


def test_nobody_is_told_about_oneself_that_signing_in_is_still_to_come(cast: Cast) -> None:
    words = "コードでのサインインがまだです"
    Account.objects.update(verified_at=None)
    own = cast.capacities["administrator"].account
    desk = cast.client("administrator")
    pages = [reverse("accounts") + f"?q={own.email}", reverse("account", args=[own.pk])]
    assert all(words not in text_of(desk.get(page)) for page in pages)
    pharmacy = cast.capacities["pharmacy"]
    assert words not in text_of(cast.client("pharmacy").get(reverse("own_accounts")))
    assert words in text_of(desk.get(reverse("organisation_accounts", args=[pharmacy.organisation_id])))
