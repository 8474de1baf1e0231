"""Addresses that do not open: one page for all, which mails a new address to registered addresses only."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import Event, Mailbox
from notices import personal
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Via
from notices.personal import Scope
from notices.procedures import resend
from notices.tracking import addresses, confirming
from tests.cast import Cast
from tests.tracking.conftest import acting, page, text, token

NEW = Delivery.Purpose.AGAIN


def plain(response: object) -> str:
    """The page without what is new in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(response))


@pytest.fixture
def dead(receipt: Receipt, cast: Cast) -> dict[str, str]:
    """An address of each kind that does not open."""
    genuine = page(receipt)
    expired = cast.receipt(receipt.release, cast.pharmacies[1])
    expired.deliveries.update(made_at=expired.deliveries.first().made_at - dt.timedelta(days=181))
    addresses.revoke(receipt.pk, actor=acting(cast, "staff"))
    return {
        "revoked": genuine,
        "unknown": "/n/ffff-AAAAAAAAAAAAAAAAAAAAAAAA/",
        "odd": "/n/テスト/",
        "cut off": page(receipt)[:-2] + "/",
        "much cut off": "/n/",
        "expired": page(expired),
        "of another scope": reverse("notices:personal", args=[token(receipt, Scope.FORWARD)]),
        "forwarded": "/f/ffff-AAAAAAAAAAAAAAAAAAAAAAAA/",
        "below": "/n/ffff-AAAAAAAAAAAAAAAAAAAAAAAA/help/",
    }


def test_every_address_that_does_not_open_shows_the_same_page(dead: dict[str, str], client: Client) -> None:
    answers = {kind: client.get(address) for kind, address in dead.items()}
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({plain(answer) for answer in answers.values()}) == 1
    shown = text(answers["revoked"])
    assert "このリンクは使えません" in shown and "そのまま残っています" in shown
    assert "白鷺中央薬局" not in shown


def test_a_revoked_address_neither_shows_nor_takes_anything(receipt: Receipt, cast: Cast, client: Client) -> None:
    confirm = page(receipt, "personal_confirm")
    forwarded = page(receipt, "forwarded", scope=Scope.FORWARD)
    addresses.revoke(receipt.pk, actor=acting(cast, "staff"))
    assert client.post(confirm).status_code == 404
    assert client.get(forwarded).status_code == 404
    receipt.refresh_from_db()
    assert receipt.confirmed_at is None
    assert client.get(page(receipt)).status_code == 200, "the new address opens"


@pytest.mark.parametrize("mark", ["。", "）", "）。", "、", "%3E"])
def test_what_clings_to_the_end_is_trimmed(receipt: Receipt, client: Client, mark: str) -> None:
    genuine = page(receipt)
    for address in (genuine[:-1] + mark + "/", genuine + mark):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, genuine)
    assert client.get(genuine[:-1] + mark, follow=True).redirect_chain[-1][0] == genuine


def test_a_registered_address_gets_a_new_one(
    dead: dict[str, str], receipt: Receipt, cast: Cast, client: Client
) -> None:
    mailbox = cast.pharmacies[0].mailboxes.get()
    answer = client.post(dead["revoked"], {"email": mailbox.address.upper()})
    assert answer.status_code == 200 and "受け付けました" in text(answer)
    delivery = Delivery.objects.get(purpose=NEW)
    assert (delivery.receipt, delivery.address) == (receipt, mailbox.address)
    receipt.refresh_from_db()
    assert personal.find(personal.token(delivery.pk, receipt.address_version)) == delivery
    assert Event.objects.get(verb="receipt.address_requested").detail == {"delivery": delivery.pk}


def test_the_answer_is_the_same_for_any_address_and_nobody_else_is_mailed(
    dead: dict[str, str], cast: Cast, client: Client
) -> None:
    answers = [
        client.post(dead["revoked"], {"email": address})
        for address in (cast.pharmacies[0].mailboxes.get().address, "nobody@elsewhere.example")
    ]
    assert plain(answers[0]) == plain(answers[1])
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Delivery.objects.filter(purpose=NEW).count() == 1


def test_an_address_of_another_pharmacy_gets_its_own_notice_never_this_one(
    dead: dict[str, str], cast: Cast, client: Client
) -> None:
    neighbour = cast.pharmacies[1]
    client.post(dead["revoked"], {"email": neighbour.mailboxes.get().address})
    delivery = Delivery.objects.get(purpose=NEW)
    assert delivery.receipt.organisation == neighbour


def test_an_address_that_several_share_gets_only_the_named_one(
    dead: dict[str, str], receipt: Receipt, cast: Cast, client: Client
) -> None:
    for pharmacy in cast.pharmacies[:3]:
        Mailbox.objects.create(organisation=pharmacy, address="chain@shared.example")
    client.post(dead["cut off"], {"email": "chain@shared.example"})
    assert Delivery.objects.get(purpose=NEW).receipt == receipt


def asked_for(cast: Cast, client: Client) -> list[str]:
    """The notices of which a pharmacy is mailed a new address that does not know which one it looks for."""
    client.post("/n/", {"email": cast.pharmacies[0].mailboxes.get().address})
    found = Delivery.objects.filter(purpose=NEW, receipt__organisation=cast.pharmacies[0]).order_by("pk")
    return list(found.values_list("receipt__release__notice__subject", flat=True))


def test_what_has_still_to_be_answered_comes_first_by_its_deadline(cast: Cast, client: Client) -> None:
    today = timezone.localdate()
    over = cast.released("期限が過ぎた通知")
    Release.objects.filter(pk=over.pk).update(
        released_on=today - dt.timedelta(days=9), deadline=today - dt.timedelta(days=1)
    )
    cast.released("期限のない通知")
    cast.released("まだ先の通知", deadline=today + dt.timedelta(days=20))
    cast.released("もうすぐの通知", deadline=today + dt.timedelta(days=2))
    confirmed = cast.receipt(cast.released("確認した通知", deadline=today), cast.pharmacies[0])
    confirming.confirm(confirmed.pk, actor=acting(cast, "staff"), via=Via.TELEPHONE)
    corrected = cast.released("訂正された通知", deadline=today)
    new = cast.released("訂正のお知らせ", ask=Release.Ask.INFORM)
    cast.supersede(corrected, new)
    assert asked_for(cast, client) == ["もうすぐの通知", "まだ先の通知", "期限のない通知"]


def test_set_up_under_way_has_still_to_be_answered(guided: Release, cast: Cast, client: Client) -> None:
    confirming.confirm(cast.receipt(guided, cast.pharmacies[0]).pk, actor=acting(cast, "staff"), via=Via.TELEPHONE)
    cast.released("お知らせ", ask=Release.Ask.INFORM)
    assert asked_for(cast, client) == [guided.notice.subject]


def test_where_nothing_is_left_to_answer_the_latest_comes(cast: Cast, client: Client) -> None:
    cast.released("前のお知らせ", ask=Release.Ask.INFORM)
    cast.released("後のお知らせ", ask=Release.Ask.INFORM)
    assert asked_for(cast, client) == ["後のお知らせ"]


def test_a_chair_in_office_is_a_registered_address_and_one_who_left_is_not(
    guided: Release, cast: Cast, client: Client
) -> None:
    chair = cast.shirasagi.officers.get()
    client.post("/n/", {"email": chair.email})
    assert Delivery.objects.get(purpose=NEW).receipt.organisation == cast.shirasagi
    chair.until = dt.date(2024, 10, 31)
    chair.save()
    client.post("/n/", {"email": chair.email})
    assert Delivery.objects.filter(purpose=NEW).count() == 1


def test_what_is_no_address_is_given_back(dead: dict[str, str], client: Client) -> None:
    for typed in ("", "abc", "a@b", "x@y.example\nBcc: z@y.example", "x y@z.example"):
        answer = client.post(dead["revoked"], {"email": typed})
        assert answer.status_code == 422
        assert "メールアドレス" in text(answer)
    assert not Delivery.objects.filter(purpose=NEW).exists()


def test_full_width_signs_and_odd_addresses_of_carriers_are_taken(
    dead: dict[str, str], cast: Cast, client: Client
) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="a..b@docomo.example")
    client.post(dead["revoked"], {"email": "ａ．．ｂ＠ｄｏｃｏｍｏ．ｅｘａｍｐｌｅ"})
    assert Delivery.objects.get(purpose=NEW).address == "a..b@docomo.example"


def test_asking_is_limited_alike_for_every_address(dead: dict[str, str], cast: Cast, client: Client) -> None:
    for address in (cast.pharmacies[0].mailboxes.get().address, "nobody@elsewhere.example"):
        codes = [client.post(dead["revoked"], {"email": address}).status_code for _ in range(resend.PER_ADDRESS + 1)]
        assert codes == [200] * resend.PER_ADDRESS + [429]
    assert Delivery.objects.filter(purpose=NEW).count() == resend.PER_ADDRESS


def test_asking_is_limited_for_one_place(dead: dict[str, str], client: Client) -> None:
    codes = [
        client.post(dead["revoked"], {"email": f"a{number}@elsewhere.example"}).status_code
        for number in range(resend.PER_CLIENT + 1)
    ]
    assert codes == [200] * resend.PER_CLIENT + [429]


def test_without_the_counters_nothing_is_sent_and_it_is_said(
    dead: dict[str, str], cast: Cast, client: Client, settings: Settings
) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = client.post(dead["revoked"], {"email": cast.pharmacies[0].mailboxes.get().address})
    assert answer.status_code == 503
    assert "いまはお送りできません" in text(answer)
    assert not Delivery.objects.filter(purpose=NEW).exists()


def test_the_site_opens_pages_without_the_counters(receipt: Receipt, client: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert client.get(page(receipt)).status_code == 200
    assert client.get("/n/unknown/").status_code == 404
