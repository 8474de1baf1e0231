"""What a bounce makes of the delivery, its receipt, its address, and what it leaves alone."""

import uuid

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from members.history import of
from members.models import Mailbox, Task
from members.models.organisation import Channel
from notices.distribution.bounces import settling
from notices.distribution.bounces.reading import read
from notices.distribution.bounces.settling import Outcome
from notices.models import Delivery
from notices.models.receipt import Reach
from tests.distribution.bounces.written import about
from tests.rows import changed, everything

State = Delivery.State


def bounced(delivery: Delivery, **more: str) -> Outcome:
    outcome = settling.apply(read(about(delivery, **more)))
    delivery.refresh_from_db()
    delivery.receipt.refresh_from_db()
    return outcome


def in_state(delivery: Delivery, state: str, **more: object) -> Delivery:
    """As the outbox leaves or holds a row."""
    values = {"settled_at": None if state in (State.WAITING, State.SENDING) else timezone.now()} | more
    if state == State.SENDING:
        values |= {"leased_until": Now(), "claim": uuid.uuid4()}
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **values)
    delivery.refresh_from_db()
    return delivery


def usable(delivery: Delivery) -> bool:
    return Mailbox.objects.get(address=delivery.address).usable


def test_an_address_that_does_not_exist_fails_is_named_and_taken_out_of_use(delivery: Delivery) -> None:
    assert bounced(delivery) is Outcome.FAILED
    assert delivery.state == State.FAILED
    assert delivery.bounced_at
    assert delivery.outcome == "宛先のメールアドレスが存在しません"
    assert delivery.reply == "550 5.1.1 nobody of that name"
    assert delivery.receipt.reach == Reach.FAILED
    assert delivery.receipt.reach_reason == delivery.outcome
    assert not usable(delivery)
    task = Task.objects.get()
    assert (task.address, task.reason) == (delivery.address, delivery.outcome)
    [event] = of(delivery)
    assert event.verb == "delivery.bounced"
    assert event.organisation == delivery.receipt.organisation


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_these_say_that_the_address_itself_is_bad(delivery: Delivery, status: str) -> None:
    bounced(delivery, status=status, reply="")
    assert not usable(delivery)


@pytest.mark.parametrize(
    ("status", "words", "tasks"),
    [
        ("5.2.2", "受信箱がいっぱいです", 1),
        ("5.3.4", "メールが大きすぎるとして断られました", 1),
        ("5.0.0", "相手のサーバーが受け取りを断りました", 1),
        ("5.7.1", "相手のサーバーが規則により受け取りを断りました", 0),
    ],
)
def test_these_fail_the_message_and_leave_the_address_in_use(
    delivery: Delivery, status: str, words: str, tasks: int
) -> None:
    bounced(delivery, status=status, reply="")
    assert (delivery.state, delivery.outcome) == (State.FAILED, words)
    assert usable(delivery)
    assert Task.objects.count() == tasks


def test_a_server_that_gave_up_fails_the_message_and_blames_no_address(delivery: Delivery) -> None:
    assert bounced(delivery, status="4.4.7", reply="451 4.4.1 no answer for five days") is Outcome.FAILED
    assert delivery.state == State.FAILED
    assert delivery.outcome.startswith("相手のサーバーに受け取られないまま、配送が打ち切られました")
    assert usable(delivery)


def test_a_delay_is_told_and_nothing_else_changes(delivery: Delivery) -> None:
    before = everything()
    assert bounced(delivery, action="delayed", status="4.2.2") is Outcome.NOTED
    assert delivery.state == State.SENT
    assert delivery.outcome == "相手のサーバーへの配送が遅れています（受信箱がいっぱいです）"
    assert delivery.receipt.reach == Reach.SENT
    assert changed(before) == {"notices_delivery"}


def test_the_same_delay_again_is_no_news(delivery: Delivery) -> None:
    bounced(delivery, action="delayed", status="4.4.1")
    before = everything()
    assert bounced(delivery, action="delayed", status="4.4.1") is Outcome.UNCHANGED
    assert changed(before) == set()


def test_after_a_delay_it_may_still_fail(delivery: Delivery) -> None:
    bounced(delivery, action="delayed", status="4.4.1")
    assert bounced(delivery) is Outcome.FAILED


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED, State.OTHER])
@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_a_final_state_stays_whatever_comes_later(delivery: Delivery, state: str, action: str) -> None:
    in_state(delivery, state, outcome="先に決まった理由")
    before = everything()
    assert bounced(delivery, action=action) is Outcome.UNCHANGED
    assert changed(before) == set()


def test_the_same_bounce_twice_is_one_event_and_one_task(delivery: Delivery) -> None:
    bounced(delivery)
    before = everything()
    assert bounced(delivery) is Outcome.UNCHANGED
    assert changed(before) == set()


def test_a_message_of_unsure_outcome_that_bounced_had_arrived_somewhere_and_failed(delivery: Delivery) -> None:
    in_state(delivery, State.WAITING, unsure=True)
    assert bounced(delivery) is Outcome.FAILED
    assert (delivery.state, delivery.unsure) == (State.FAILED, False)


def test_a_bounce_may_be_faster_than_the_worker_that_sends(delivery: Delivery) -> None:
    in_state(delivery, State.SENDING)
    assert bounced(delivery) is Outcome.FAILED
    assert (delivery.state, delivery.claim, delivery.leased_until) == (State.FAILED, None, None)


def test_what_surely_was_not_taken_is_tried_again(delivery: Delivery) -> None:
    in_state(delivery, State.WAITING)
    assert bounced(delivery) is Outcome.UNCHANGED
    assert delivery.state == State.WAITING


def test_where_it_was_forwarded_the_pharmacys_own_address_stays_in_use(delivery: Delivery) -> None:
    assert bounced(delivery, address="owner@private.example") is Outcome.FAILED
    assert delivery.outcome == "転送先に届きませんでした（宛先のメールアドレスが存在しません）"
    assert usable(delivery)


def test_another_address_that_was_reached_keeps_the_receipt_sent(delivery: Delivery) -> None:
    Delivery.objects.create(
        receipt=delivery.receipt,
        channel=Channel.EMAIL,
        address="second@mail4.example",
        state=State.SENT,
        settled_at=timezone.now(),
    )
    bounced(delivery)
    assert delivery.receipt.reach == Reach.SENT


def test_an_organisation_with_another_way_gets_it_by_that(delivery: Delivery) -> None:
    pharmacy = delivery.receipt.organisation
    pharmacy.fallback, pharmacy.address = Channel.POST, "福岡県白鷺市一丁目1番1号"
    pharmacy.save()
    bounced(delivery)
    other = delivery.receipt.deliveries.get(channel=Channel.POST)
    assert other.state == State.OTHER
    assert delivery.receipt.reach == Reach.OTHER


def test_of_several_reports_the_one_about_our_address_is_told(delivery: Delivery) -> None:
    second = f"Final-Recipient: rfc822; {delivery.address}\nAction: failed\nStatus: 5.2.2\n\n--b".encode()
    content = about(delivery, address="all@district.example").replace(
        b"\n--b\nContent-Type: text", b"\n" + second + b"\nContent-Type: text"
    )
    assert settling.apply(read(content)) is Outcome.FAILED
    delivery.refresh_from_db()
    assert delivery.outcome == "受信箱がいっぱいです"


@pytest.mark.parametrize("reply", ["550 \0 5.1.1 \udcff 髙" * 100, "=?utf-8?b?gYGB?= 550"])
def test_whatever_the_server_said_can_be_kept(delivery: Delivery, reply: str) -> None:
    content = about(delivery, reply="HERE").replace(b"HERE", reply.encode(errors="surrogateescape"))
    assert settling.apply(read(content)) is Outcome.FAILED
    delivery.refresh_from_db()
    assert len(delivery.reply) <= 300
