"""One notice of a gathered mail stopped, paused, corrected or sent at once."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from notices.distribution import claims, gathering, outbox, steering
from notices.letters import correcting
from notices.models import Delivery, Release
from notices.procedures import issue as issuing
from notices.procedures import refusals
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting, subject, whole
from tests.distribution.deliveries import (
    ADDRESS,
    State,
    at_the_hour,
    claimed_to,
    let_time_pass,
    reconciles,
    states,
)

Gathers = Release.Gathers


# Steering -------------------------------------------------------------------------------------------------------------


def test_what_is_stopped_while_a_worker_has_the_mail_is_neither_sent_nor_left_hanging(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered("止める案内"), gathered("送る案内")
    at_the_hour()
    mail = claimed_to()
    steering.stop(older.pk, acting(cast))
    assert not claims.still_offered(mail)
    claims.give_back([mail])
    outbox.send_due()
    [sent] = sink.to(ADDRESS)
    assert "止める案内" not in whole(sent)
    assert states(older) == {State.STOPPED}
    assert states(newer) == {State.SENT}
    assert reconciles(older) and reconciles(newer)
    newer.refresh_from_db()
    assert newer.state == Release.State.SENT


@pytest.mark.django_db(transaction=True)
def test_a_mail_on_its_way_is_held_back_where_one_notice_is_stopped(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered("止める案内"), gathered("送る案内")
    let_time_pass()

    def somebody_stops(address: str) -> None:
        if address == ADDRESS and not Release.objects.filter(state=Release.State.STOPPED).exists():
            steering.stop(older.pk, acting(cast))
        connection.close()  # that of the server's thread

    sink.at_rcpt = somebody_stops
    outbox.send_due()
    sink.at_rcpt = lambda address: None
    let_time_pass()
    outbox.send_due()
    assert not any("止める案内" in whole(mail) for mail in sink.to(ADDRESS))
    assert states(newer) == {State.SENT}
    assert not Delivery.objects.unfinished().exists()


def test_where_the_newest_is_stopped_the_others_go_in_a_mail_without_it(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    one, two, newest = gathered(), gathered(), gathered("止める案内")
    at_the_hour()
    steering.stop(newest.pk, acting(cast))
    outbox.send_due()
    assert len(sink.mails) == 8
    assert not any("止める案内" in whole(mail) for mail in sink.mails)
    assert (states(one), states(two), states(newest)) == ({State.SENT}, {State.SENT}, {State.STOPPED})


def test_what_rests_does_not_hold_up_the_others_and_is_not_a_second_mail_of_the_day(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered(), gathered()
    at_the_hour()
    steering.pause(newer.pk, acting(cast))
    outbox.send_due()
    assert (states(older), states(newer), len(sink.mails)) == ({State.SENT}, {State.WAITING}, 8)
    steering.resume(newer.pk, acting(cast))
    let_time_pass()
    outbox.send_due()
    assert len(sink.mails) == 8
    assert gathering.first_of(newer).due_at == gathering.next_hour(Gathers.DAILY, timezone.now())
    Delivery.objects.filter(state=State.SENT).update(settled_at=timezone.now() - dt.timedelta(days=1))
    let_time_pass()
    outbox.send_due()
    assert (states(newer), len(sink.mails)) == ({State.SENT}, 16)


def test_what_was_paused_over_the_hour_goes_on_the_same_day_where_nothing_has_gone(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered(), gathered()]
    at_the_hour()
    for release in releases:
        steering.pause(release.pk, acting(cast))
    outbox.send_due()
    assert not sink.mails
    for release in releases:
        steering.resume(release.pk, acting(cast))
    outbox.send_due()
    assert len(sink.mails) == 8


def test_a_correction_stops_what_waits_to_be_gathered_and_goes_at_once(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    old, other = gathered("古い案内"), gathered("ほかの案内")
    at_the_hour()
    new = correcting.draft_correction(old.notice_id, acting(cast))
    # As if the draft had been made to wait, whatever its page offers.
    Release.objects.filter(notice=new).update(changed="日を改めました。", gathers=Gathers.DAILY)
    release = issuing.release(cast.approved(new).pk, acting(cast))
    outbox.send_due()
    assert (states(old), states(other), states(release)) == ({State.STOPPED}, {State.SENT}, {State.SENT})
    assert not release.is_gathered
    assert len(sink.to(ADDRESS)) == 2


def test_what_nobody_has_yet_is_not_withdrawn_and_waits_on(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    old, other = gathered("古い案内"), gathered("ほかの案内")
    at_the_hour()
    new = correcting.draft_withdrawal(old.notice_id, acting(cast))
    Release.objects.filter(notice=new).update(changed="取りやめました。")
    with pytest.raises(refusals.NobodyHasIt):
        issuing.release(cast.approved(new).pk, acting(cast))
    outbox.send_due()
    assert (states(old), states(other), len(sink.mails)) == ({State.SENT}, {State.SENT}, 8)


def test_staff_may_send_it_now(cast: Cast, gathered: Callable[..., Release], sink: FailingSink) -> None:
    now, later = gathered("いま送る案内"), gathered()
    steering.send_now(now.pk, acting(cast))
    outbox.send_due()
    assert (states(now), states(later), len(sink.mails)) == ({State.SENT}, {State.WAITING}, 8)
    assert subject(sink) == "いま送る案内（6福薬業発第401号）"
    let_time_pass()
    outbox.send_due()
    assert (states(later), len(sink.mails)) == ({State.SENT}, 16)


def test_what_is_sent_now_leaves_the_mail_that_it_led(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered(), gathered()
    at_the_hour()
    steering.send_now(newer.pk, acting(cast))
    outbox.send_due()
    assert (states(older), states(newer), len(sink.mails)) == ({State.SENT}, {State.SENT}, 16)
