"""What is no address's fault: a server that will not have our mail, and workers that end or sleep."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import Mailbox, Task
from notices.boards.progress import totals
from notices.distribution import claims, ledger, outbox, settling, steering
from notices.distribution.answers import Answer, Verdict
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, State, first, let_time_pass, reconciles, states


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 authentication required", "550 5.7.1 policy", "554 5.7.26 unauthenticated"]
)
def test_a_refusal_of_us_pauses_the_release_and_blames_nobody(
    cast: Cast, issue: Issue, sink: FailingSink, answer: str
) -> None:
    release = issue()
    sink.refuse(answer)
    outbox.send_due(100)
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
    assert release.paused_reason.startswith("送信サーバーが")
    assert (states(release), totals(release).pharmacies.waiting) == ({State.WAITING}, 6)
    assert not Delivery.objects.filter(deferrals__gt=0).exists()
    sink.accept()
    let_time_pass()
    assert outbox.send_due(100) == 0
    steering.resume(release.pk, acting(cast))
    outbox.send_due(100)
    release.refresh_from_db()
    assert (release.state, release.paused_reason, len(sink.mails)) == (Release.State.SENT, "", 8)


def test_a_refused_connection_pauses_the_release(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    sink.stop()
    outbox.send_due(100)
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
    assert release.paused_reason == "送信サーバーにつながりません（接続を断られました）。"
    assert states(release) == {State.WAITING}
    sink.start()


def test_a_wrong_password_pauses_the_release(cast: Cast, issue: Issue, sink: FailingSink, settings) -> None:
    release = issue()
    sink.stop()
    sink.password = b"right"
    sink.start()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shuchi", "wrong"
    outbox.send_due(100)
    release.refresh_from_db()
    assert release.paused_reason == "送信サーバーがこちらの接続を断りました（認証の失敗）。"
    assert states(release) == {State.WAITING}


def test_a_refusal_of_the_message_by_policy_pauses_the_release(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    sink.after_data = "554 5.7.1 looks like spam"
    outbox.send_due(100)
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
    assert states(release) == {State.WAITING}


# The same refusal for one address after the other ---------------------------------------------------------------------

UNKNOWN = "550 5.1.1 <{}>: Recipient address rejected, queue 4XyZ{}"


def refuse_all(sink: FailingSink) -> None:
    """Every address gets the same answer, in words of its own, as servers give it."""
    for number, address in enumerate(Delivery.objects.values_list("address", flat=True)):
        sink.refuse(UNKNOWN.format(address, number), address)


def test_five_addresses_in_a_row_with_the_same_refusal_pause_the_release_and_none_is_blamed(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    refuse_all(sink)
    outbox.send_due()
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
    assert "同じ理由で断られました" in release.paused_reason
    assert states(release) == {State.WAITING}
    assert not Task.objects.still_open().exists()
    assert not Mailbox.objects.filter(usable=False).exists()
    assert reconciles(release)
    sink.accept()
    steering.resume(release.pk, acting(cast))
    outbox.send_due()
    assert states(release) == {State.SENT}


def test_staff_may_say_that_the_addresses_are_to_blame(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    refuse_all(sink)
    outbox.send_due()
    steering.resume(release.pk, acting(cast), blame=True)
    outbox.send_due()
    release.refresh_from_db()
    assert release.state == Release.State.SENT
    assert states(release) == {State.FAILED}
    assert reconciles(release)


def test_four_in_a_row_are_four_bad_addresses(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    bad = list(Delivery.objects.order_by("pk").values_list("address", flat=True))[:4]
    for address in bad:
        sink.refuse("550 5.1.1 no such user", address)
    outbox.send_due()
    release.refresh_from_db()
    assert release.state == Release.State.SENT
    assert set(Delivery.objects.filter(state=State.FAILED).values_list("address", flat=True)) == set(bad)
    assert Task.objects.still_open().count() == 4


def test_what_two_workers_failed_for_one_reason_is_taken_back_by_either(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    refusal = Answer(Verdict.REFUSED, "断られました", "550 5.1.1 no such user")
    mine, theirs = claims.claim(5), claims.claim(3)
    for delivery in [*theirs[:2], *mine]:
        settling.settle(delivery, refusal)
    settling.pause_over(mine, refusal)
    settling.settle(theirs[2], refusal)
    assert states(release) == {State.WAITING}


# A server that is slow to begin ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_was_stopped_while_the_server_was_slow_is_not_handed_over(
    cast: Cast, issue: Issue, sink: FailingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = issue()
    monkeypatch.setattr(outbox, "FRESH_SECONDS", 0)

    def somebody_pauses(address: str) -> None:
        if address == ADDRESS:
            steering.pause(release.pk, acting(cast))
            connection.close()  # that of the server's thread

    sink.at_rcpt = somebody_pauses
    outbox.send_due()
    assert not sink.to(ADDRESS)
    assert first(release).state == State.WAITING
    assert not first(release).unsure


@pytest.mark.django_db(transaction=True)
def test_a_message_is_handed_over_with_half_of_its_lease_left_however_slow_the_server_was_before(
    cast: Cast, issue: Issue, sink: FailingSink, settings: Settings
) -> None:
    settings.SENDING_LEASE_SECONDS = 6
    release = issue()
    slow, left = first(release).address, []

    def wait(address: str) -> None:
        time.sleep(3.2 if address == slow else 0)

    def look(address: str) -> None:
        if address == slow:
            left.append(Delivery.objects.get(address=slow).leased_until - timezone.now())
            connection.close()  # that of the server's thread

    sink.at_rcpt, sink.at_data = wait, look
    outbox.send_due()
    assert len(left) == 1 and left[0] > dt.timedelta(seconds=3)
    assert len(sink.to(slow)) == 1 and states(release) == {State.SENT}


# Outcomes that nobody knows -------------------------------------------------------------------------------------------


def test_a_connection_lost_after_the_message_leaves_it_unsure_and_sends_the_same_again(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    sink.breaks_off = 1
    outbox.send_due(100)
    [delivery] = Delivery.objects.filter(unsure=True)
    assert (delivery.state, delivery.receipt.reach) == (State.WAITING, Reach.WAITING)
    assert "確かめられません" in delivery.outcome
    assert len(sink.mails) == 8
    let_time_pass()
    outbox.send_due(100)
    one, two = sink.to(delivery.address)
    assert one.message["Message-ID"] == two.message["Message-ID"] == f"<{delivery.message_key.hex}@shuchi.example>"
    assert len(sink.mails) == 9
    assert states(release) == {State.SENT}
    assert not Delivery.objects.filter(unsure=True).exists()


def test_of_what_a_dead_worker_had_claimed_only_the_first_is_unsure_and_all_is_sent(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    first, *rest = claims.claim(3)
    outbox.send_due()
    assert len(sink.mails) == 5
    assert reconciles(release)
    let_time_pass()
    claims.recover()
    found = Delivery.objects.in_bulk([first.pk, *(row.pk for row in rest)])
    assert (found[first.pk].unsure, found[first.pk].crashes) == (True, 1)
    assert not any(found[row.pk].unsure or found[row.pk].crashes for row in rest)
    outbox.send_due()
    assert len(sink.mails) == 8
    assert states(release) == {State.SENT}
    assert not Delivery.objects.filter(unsure=True).exists()


def test_what_was_settled_before_the_worker_ended_is_not_sent_again(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    first, second, *_ = claims.claim(8)
    assert ledger.Sent(first, second).turn() == ledger.Turn(settled=True, next_offered=True)
    let_time_pass()
    outbox.send_due()
    assert len(sink.mails) == 7
    assert not sink.to(first.address)
    assert set(release.receipts.values_list("reach", flat=True)) == {Reach.SENT}
    release.refresh_from_db()
    assert release.state == Release.State.SENT


def test_a_message_over_which_three_workers_ended_is_set_aside_and_the_rest_goes_out(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    [poisoned] = claims.claim(1)
    for _ in range(2):
        let_time_pass()
        claims.recover()
        let_time_pass()
        assert claims.claim(1)[0].pk == poisoned.pk
    let_time_pass()
    outbox.send_due()
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.crashes) == (State.FAILED, 3)
    assert "途中で終わって" in poisoned.receipt.reach_reason
    assert len(sink.mails) == 7
    assert reconciles(release)


def test_a_message_that_cannot_be_made_is_set_aside_and_the_rest_goes_out(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    Delivery.objects.filter(address=ADDRESS).update(address="box@mail.example\nBcc: all@mail.example")
    outbox.send_due()
    assert len(sink.mails) == 7
    [poisoned] = Delivery.objects.filter(state=State.FAILED)
    assert poisoned.outcome == "この宛先のメールを組み立てられませんでした"
    assert reconciles(release)


def test_a_worker_that_slept_past_its_lease_changes_nothing(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    slept = claims.claim(8)
    let_time_pass()
    outbox.send_due(100)
    for delivery in slept:
        assert not claims.still_offered(delivery)
        settling.settle(delivery, Answer(Verdict.REFUSED, "断られました"))
        settling.settle(delivery, Answer(Verdict.LATER, "あとで"))
        assert not ledger.Sent(delivery, None).turn().settled
        claims.give_back([delivery])
    assert states(release) == {State.SENT}
    assert set(release.receipts.values_list("reach", flat=True)) == {Reach.SENT}
    assert len(sink.mails) == 8


def test_a_claimed_row_is_not_claimed_twice(cast: Cast, issue: Issue) -> None:
    issue()
    one, two, three = claims.claim(5), claims.claim(5), claims.claim(5)
    assert (len(one), len(two), len(three)) == (5, 3, 0)
    assert not {row.pk for row in one} & {row.pk for row in two}


def test_a_renewed_lease_keeps_the_row(cast: Cast, issue: Issue) -> None:
    issue()
    claimed = claims.claim(8)
    let_time_pass()
    claims.renew(claimed)
    assert claims.claim(8) == []
