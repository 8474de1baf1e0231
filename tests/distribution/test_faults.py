"""What is no address's fault: a server that will not have our mail, and workers that end or sleep."""

import pytest

from notices.boards.progress import totals
from notices.distribution import claims, outbox, settling, steering
from notices.distribution.answers import ACCEPTED, Answer, Verdict
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import Issue, State, let_time_pass, reconciles, states


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


def test_what_a_dead_worker_had_claimed_is_sent_when_its_lease_has_run_out(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    assert len(claims.claim(3)) == 3
    outbox.send_due(100)
    assert len(sink.mails) == 5
    assert reconciles(release)
    let_time_pass()
    claimed = claims.claim(1)
    assert claimed[0].unsure
    settling.give_back(claimed[0])
    let_time_pass()
    outbox.send_due(100)
    assert len(sink.mails) == 8
    assert states(release) == {State.SENT}


def test_a_worker_that_slept_past_its_lease_changes_nothing(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    slept = claims.claim(8)
    let_time_pass()
    outbox.send_due(100)
    for delivery in slept:
        assert not claims.still_offered(delivery)
        settling.settle(delivery, Answer(Verdict.REFUSED, "断られました"))
        settling.settle(delivery, Answer(Verdict.LATER, "あとで"))
        settling.settle(delivery, ACCEPTED)
        settling.give_back(delivery)
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
