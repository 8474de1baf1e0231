"""One mail of several notices: claimed whole, with one outcome, and bounced whole."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.history import of
from members.models import Task
from notices import personal
from notices.distribution import claims, gathering, outbox, settling, steering
from notices.distribution.answers import ACCEPTED, LOST, Answer, Verdict
from notices.distribution.bounces import settling as bounces
from notices.distribution.bounces.reading import read
from notices.distribution.bounces.settling import Outcome
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.bounces.written import about
from tests.distribution.conftest import FailingSink, acting, whole
from tests.distribution.deliveries import (
    ADDRESS,
    State,
    at_the_hour,
    claimed_to,
    first,
    let_time_pass,
    reconciles,
    states,
)

Gathers = Release.Gathers
REFUSAL = Answer(Verdict.REFUSED, "断られました", "550 5.1.1 no such user", bad_address=True)


# One claim, one outcome -----------------------------------------------------------------------------------------------


def test_a_mail_is_claimed_whole_and_no_second_worker_gets_a_part(cast: Cast, gathered: Callable[..., Release]) -> None:
    gathered(), gathered(), gathered()
    at_the_hour()
    mine, theirs = claims.claim(5), claims.claim(1000)
    assert (len(mine), len(theirs)) == (5, 3)
    keys = [each.pk for mail in [*mine, *theirs] for each in mail.mail]
    assert len(keys) == len(set(keys)) == 24
    for mail in mine:
        assert {each.claim for each in mail.mail} == {mail.claim}
        assert {each.receipt.organisation_id for each in mail.mail} == {mail.receipt.organisation_id}


def test_gathering_twice_changes_nothing(cast: Cast, gathered: Callable[..., Release]) -> None:
    gathered(), gathered()
    at_the_hour()
    before = list(Delivery.objects.order_by("pk").values_list("pk", "gathered_in"))
    gathering.gather()
    assert list(Delivery.objects.order_by("pk").values_list("pk", "gathered_in")) == before


def test_what_is_put_off_goes_again_as_the_same_mail(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered(), gathered()]
    let_time_pass()
    sink.breaks_off = 1
    outbox.send_due()
    unsure = Delivery.objects.filter(unsure=True)
    assert {each.release_id for each in unsure} == {each.pk for each in releases}
    assert {(each.state, each.deferrals) for each in unsure} == {(State.WAITING, 1)}
    let_time_pass()
    gathered("あとから来たお知らせ")
    outbox.send_due()
    one, two = sink.to(unsure.model.objects.filter(deferrals=1).first().address)
    assert one.message["Message-ID"] == two.message["Message-ID"]
    assert [one.text(part) for part in ("plain", "html")] == [two.text(part) for part in ("plain", "html")]
    assert not Delivery.objects.filter(unsure=True).exists()


def test_a_refusal_fails_every_notice_of_the_mail_with_one_task(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered(), gathered()]
    sink.refuse("550 5.1.1 no such user", ADDRESS)
    let_time_pass()
    outbox.send_due()
    for release in releases:
        assert (first(release).state, first(release).receipt.reach) == (State.FAILED, Reach.FAILED)
        assert reconciles(release)
        release.refresh_from_db()
        assert release.state == Release.State.SENT
    assert Task.objects.still_open().count() == 1


def test_a_row_of_refusals_is_taken_back_for_every_notice_even_in_a_release_that_is_closed(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered(), gathered()
    at_the_hour()
    mails = claims.claim(1000)
    for mail in mails:
        settling.settle(mail, REFUSAL)
    Release.objects.filter(pk=older.pk).update(state=Release.State.SENT)
    settling.pause_over(mails[:5], REFUSAL)
    for release in (older, newer):
        release.refresh_from_db()
        assert states(release) == {State.WAITING}
        assert reconciles(release)
    assert (older.state, newer.state) == (Release.State.SENDING, Release.State.PAUSED)
    assert not Task.objects.still_open().exists()
    sink.accept()
    let_time_pass()
    outbox.send_due()
    assert states(older) == {State.SENT}


def test_of_what_a_dead_worker_had_the_first_mail_is_unsure_and_all_is_sent(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered(), gathered()]
    at_the_hour()
    lost, *_ = claims.claim(1000)
    let_time_pass()
    claims.recover()
    unsure = Delivery.objects.filter(unsure=True)
    assert {each.pk for each in unsure} == {each.pk for each in lost.mail}
    assert not Delivery.objects.exclude(state=State.WAITING).exists()
    let_time_pass()
    outbox.send_due()
    assert len(sink.mails) == 8
    assert all(states(release) == {State.SENT} for release in releases)


def test_thousands_that_a_dead_worker_had_are_freed(cast: Cast, gathered: Callable[..., Release]) -> None:
    gathered()
    receipt = Delivery.objects.get(address=ADDRESS).receipt
    made = Delivery.objects.bulk_create(
        Delivery(receipt=receipt, release_id=receipt.release_id, channel="email", address=f"box{number}@many.example")
        for number in range(2500)
    )
    Delivery.objects.filter(pk__in=[each.pk for each in made[1:]]).update(gathered_in=made[0])
    Delivery.objects.filter(pk=made[0].pk).update(gathered_in=made[0], due_at=timezone.now() - dt.timedelta(hours=1))
    assert len(claims.claim(1)[0].carried) == 2499
    let_time_pass()
    claims.recover()
    assert not Delivery.objects.filter(state=State.SENDING).exists()
    Delivery.objects.filter(pk=made[0].pk).update(state=State.STOPPED, settled_at=timezone.now())
    gathering.gather()
    assert not Delivery.objects.filter(gathered_in=made[0]).exclude(pk=made[0].pk).exists()


def test_a_mail_over_which_three_workers_ended_is_set_aside_whole(cast: Cast, gathered: Callable[..., Release]) -> None:
    releases = [gathered(), gathered()]
    at_the_hour()
    for _ in range(3):
        let_time_pass()
        claimed = claims.claim(1)
        let_time_pass()
        claims.recover()
    for each in claimed[0].mail:
        each.refresh_from_db()
        assert (each.state, each.crashes) == (State.FAILED, 3)
    assert all(reconciles(release) for release in releases)


def test_a_worker_that_slept_past_its_lease_changes_nothing(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered(), gathered()]
    at_the_hour()
    slept = claims.claim(1000)
    let_time_pass()
    outbox.send_due()
    for mail in slept:
        assert not claims.still_offered(mail)
        settling.settle(mail, Answer(Verdict.REFUSED, "断られました"))
        settling.settle(mail, ACCEPTED)
        settling.settle(mail, LOST)
        claims.give_back([mail])
    assert all(states(release) == {State.SENT} for release in releases)
    assert len(sink.mails) == 8


# Bounces --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SENDING, State.SENT])
def test_a_mail_comes_back_with_all_that_it_carried(
    cast: Cast, gathered: Callable[..., Release], settings: Settings, state: str
) -> None:
    settings.BOUNCE_ADDRESS, settings.SITE_URL = "bounce@shuchi.example", "https://shuchi.example"
    releases = [gathered(), gathered()]
    at_the_hour()
    mail = claimed_to()
    if state == State.SENT:
        settling.settle(mail, ACCEPTED)
    bounce = read(about(mail))
    assert bounces.apply(bounce) is Outcome.FAILED
    # The worker tells its outcome only now, when the bounce has come.
    settling.settle(mail, ACCEPTED)
    for release in releases:
        delivery = first(release)
        assert (delivery.state, delivery.receipt.reach, delivery.claim) == (State.FAILED, Reach.FAILED, None)
        assert delivery.bounced_at
        assert [event.verb for event in of(delivery)] == ["delivery.bounced"]
        assert reconciles(release)
    assert Task.objects.still_open().count() == 1
    assert bounces.apply(bounce) is Outcome.UNCHANGED


def test_what_had_fallen_out_of_a_mail_does_not_come_back_with_it(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounce@shuchi.example"
    stopped, one, two = gathered(), gathered(), gathered()
    at_the_hour()
    steering.stop(stopped.pk, acting(cast))
    outbox.send_due()
    assert bounces.apply(read(about(first(two)))) is Outcome.FAILED
    assert [first(each).state for each in (stopped, one, two)] == [State.STOPPED, State.FAILED, State.FAILED]


# At once --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_gather_and_claim_at_once_send_each_mail_once(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered() for _ in range(3)]
    let_time_pass()

    def work(_: int) -> None:
        try:
            outbox.send_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    outbox.send_due()
    assert len(sink.mails) == len({mail.recipients[0] for mail in sink.mails}) == 8
    assert all(states(release) == {State.SENT} for release in releases)
    assert all(reconciles(release) for release in releases)
    [mail] = sink.to(ADDRESS)
    assert all(personal.address(first(release)) in mail.text("plain") for release in releases)


@pytest.mark.django_db(transaction=True)
def test_whoever_stops_one_notice_while_workers_claim_leaves_nothing_hanging(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    stopped, *others = [gathered("止める案内"), gathered(), gathered()]
    at_the_hour()

    def act(what: Callable[[], object]) -> None:
        try:
            what()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as people:
        list(people.map(act, [outbox.send_due, lambda: steering.stop(stopped.pk, acting(cast)), outbox.send_due]))
    let_time_pass()
    outbox.send_due()
    outbox.send_due()
    assert not Delivery.objects.unfinished().exists()
    assert all(states(release) == {State.SENT} for release in others)
    assert states(stopped) <= {State.SENT, State.STOPPED}
    assert all(reconciles(release) for release in (stopped, *others))
    with_it = {mail.recipients[0] for mail in sink.mails if "止める案内" in whole(mail)}
    assert with_it == set(Delivery.objects.filter(release=stopped, state=State.SENT).values_list("address", flat=True))
