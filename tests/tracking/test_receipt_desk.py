"""One receipt as staff see it: facts with when, by whom and how; its addresses taken back and sent anew."""

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Delivery, Receipt, Release, Step
from notices.tracking import confirming, helping, setup
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, page, queries, text


def address(receipt: Receipt, name: str = "receipt") -> str:
    return reverse(f"notices:{name}", args=[receipt.pk])


def test_it_shows_facts_steps_messages_questions_and_history(confirmed: Receipt, steps: list[Step], cast: Cast) -> None:
    confirming.name(confirmed.pk, "宮﨑 悠", **BY_HAND)
    setup.choose_device(confirmed.pk, "ios", **BY_HAND)
    setup.tick(confirmed.pk, steps[0].pk, **BY_HAND)
    helping.ask(confirmed.pk, steps[1].pk, "進めません", **BY_HAND)
    shown = text(cast.client("staff").get(address(confirmed)))
    for fact in ("個人用URL", "宮﨑 悠", "12 項目のうち 1 項目済み", "iOS", "困っています", "送信済"):
        assert fact in shown
    for line in ("手順 1", "使う端末を選択"):
        assert line in shown
    assert confirmed.deliveries.get().address in shown


def test_revoking_asks_first_and_keeps_what_was_declared(confirmed: Receipt, cast: Cast, client: Client) -> None:
    staff, old = cast.client("staff"), page(confirmed)
    assert "無効にしますか" in text(staff.get(address(confirmed, "receipt_revoke")))
    assert client.get(old).status_code == 200
    answer = staff.post(address(confirmed, "receipt_revoke"), follow=True)
    assert "無効にしました" in text(answer) and "個人用URLを無効化" in text(answer)
    assert client.get(old).status_code == 404
    confirmed.refresh_from_db()
    assert confirmed.confirmed_at


def test_a_new_address_goes_to_a_registered_mailbox_only(receipt: Receipt, cast: Cast) -> None:
    staff = cast.client("staff")
    mailbox = cast.pharmacies[0].mailboxes.get()
    refused = staff.post(address(receipt, "receipt_again"), {"address": "thief@elsewhere.example"})
    assert refused.status_code == 422
    staff.post(address(receipt, "receipt_again"), {"address": mailbox.address})
    delivery = Delivery.objects.get(purpose=Delivery.Purpose.AGAIN)
    assert (delivery.receipt, delivery.address) == (receipt, mailbox.address)


def test_without_a_mailbox_it_says_what_to_do(receipt: Receipt, cast: Cast) -> None:
    cast.pharmacies[0].mailboxes.all().delete()
    assert "メールアドレスが登録されていません" in text(cast.client("staff").get(address(receipt, "receipt_again")))


def test_it_takes_the_same_queries_for_one_and_three_lines(guided: Release, cast: Cast) -> None:
    staff = cast.client("staff")
    receipt = cast.receipt(guided, cast.pharmacies[0])
    counts = []
    for number in (1, 2):
        for each in range(number):
            setup.finish(receipt.pk, actor=acting(cast, "pharmacy"), via="signed_in")
            setup.reopen(receipt.pk, actor=acting(cast, "pharmacy"), via="signed_in")
            helping.ask(receipt.pk, None, f"相談 {number} {each}", **BY_HAND)
            Delivery.objects.create(receipt=receipt, purpose="again", channel="email", address="x@y.example")
        counts.append(queries(lambda: staff.get(address(receipt))))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
@pytest.mark.parametrize("name", ["receipt", "receipt_revoke", "receipt_again"])
def test_only_staff_come_here(receipt: Receipt, cast: Cast, client: Client, who: str, name: str) -> None:
    assert cast.client(who).get(address(receipt, name)).status_code == 404
    assert cast.client(who).post(address(receipt, name)).status_code == 404
    assert client.get(address(receipt, name)).status_code == 302
    receipt.refresh_from_db()
    assert receipt.address_version == 1
