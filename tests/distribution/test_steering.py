"""Pausing, resuming and stopping a release while it is sent."""

import pytest

from notices.distribution import claims, ledger, outbox, reach, recipients, settling, steering
from notices.distribution.answers import Answer, Verdict
from notices.models import Delivery
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, State, let_time_pass, reconciles


def test_nothing_goes_out_while_the_release_is_paused(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    steering.pause(release.pk, acting(cast))
    assert outbox.send_due(100) == 0
    steering.resume(release.pk, acting(cast))
    assert outbox.send_due(100) == 8


def test_a_pause_also_holds_what_a_worker_has_claimed_but_not_offered(cast: Cast, issue: Issue) -> None:
    release = issue()
    [claimed, *_] = claims.claim(8)
    steering.pause(release.pk, acting(cast))
    assert not claims.still_offered(claimed)


def test_stopping_stops_what_is_unsent_and_keeps_what_was_sent(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    outbox.send_due(3)
    steering.stop(release.pk, acting(cast))
    assert outbox.send_due(100) == 0
    assert len(sink.mails) == 3
    counts = [
        list(release.receipts.values_list("reach", flat=True)).count(reach) for reach in (Reach.SENT, Reach.STOPPED)
    ]
    assert counts == [3, 5]
    assert reconciles(release)


def test_what_was_on_its_way_when_the_release_was_stopped_ends_as_it_ends(cast: Cast, issue: Issue) -> None:
    release = issue()
    sent, put_off, given_back, abandoned, *_ = claims.claim(8)
    steering.stop(release.pk, acting(cast))
    assert ledger.Sent(sent, given_back).turn() == ledger.Turn(settled=True, next_offered=False)
    settling.settle(put_off, Answer(Verdict.LATER, "あとで"))
    claims.give_back([given_back])
    let_time_pass()
    claims.recover()
    claims.stop_leftovers()
    reach.catch_up()
    found = dict(Delivery.objects.values_list("pk", "state"))
    assert [found[row.pk] for row in (sent, put_off, given_back, abandoned)] == [State.SENT] + [State.STOPPED] * 3
    assert reconciles(release)


def test_a_link_asked_again_goes_out_though_the_release_was_stopped_or_is_over(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    stopped, over = issue(), issue(serial=338)
    steering.stop(stopped.pk, acting(cast))
    outbox.send_due(100)
    for release in (stopped, over):
        recipients.again(release.receipts.get(organisation=cast.pharmacies[0]), ADDRESS)
        assert reconciles(release)
    sink.mails.clear()
    assert outbox.send_due(100) == 2
    assert [mail.message["Subject"][:8] for mail in sink.to(ADDRESS)] == ["【リンクの再送】"] * 2
    assert reconciles(stopped)
    assert stopped.receipts.get(organisation=cast.pharmacies[0]).reach == Reach.SENT


def test_steps_that_the_state_does_not_allow_are_refused(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    outbox.send_due(100)
    for step in (steering.pause, steering.resume, steering.stop):
        with pytest.raises(steering.NotInThisState, match="発出済"):
            step(release.pk, acting(cast))
