"""Sending through a real SMTP server that answers as servers do, well and badly."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from django.utils.html import escape

from members.models import Mailbox, Organisation
from notices import personal
from notices.boards.progress import totals
from notices.distribution import claims, outbox, recipients, settling, steering
from notices.distribution.answers import ACCEPTED, Answer, Verdict
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting, whole

Issue = Callable[..., Release]
State = Delivery.State
ADDRESS = "box4@mail4.example"  # of the first pharmacy


def first(release: Release) -> Delivery:
    """The delivery to the first pharmacy."""
    return Delivery.objects.get(receipt__release=release, address=ADDRESS)


def states(release: Release) -> set[str]:
    return set(Delivery.objects.filter(receipt__release=release).values_list("state", flat=True))


def let_time_pass() -> None:
    """What waits is due, what is leased is abandoned."""
    past = timezone.now() - dt.timedelta(seconds=1)
    Delivery.objects.filter(state=State.WAITING).update(due_at=past)
    Delivery.objects.filter(state=State.SENDING).update(leased_until=past)


def minutes_until(moment: dt.datetime) -> int:
    return round((moment - timezone.now()).total_seconds() / 60)


def reconciles(release: Release) -> bool:
    """recipients = sent + waiting + other channel + failed + stopped, and each reach is the best of its deliveries."""
    counted = totals(release)
    return all(
        tally.recipients == tally.sent + tally.waiting + tally.other_channel + tally.failed + tally.stopped
        for tally in (counted.pharmacies, counted.districts)
    ) and all(receipt.reach == best(receipt) for receipt in release.receipts.all())


def best(receipt: Receipt) -> str:
    found = [delivery.state for delivery in receipt.deliveries.all()]
    ranks = [State.SENT, State.WAITING, State.SENDING, State.OTHER, State.FAILED, State.STOPPED]
    top = min(found, key=ranks.index, default=State.FAILED)
    return Reach.WAITING if top == State.SENDING else top


# All is well ----------------------------------------------------------------------------------------------------------


def test_every_address_gets_one_message_of_its_own(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="second@mail.example")
    release = issue()
    assert outbox.send_due(100) == 9
    assert [len(mail.recipients) for mail in sink.mails] == [1] * 9
    assert sorted(mail.recipients[0] for mail in sink.mails) == sorted(
        Delivery.objects.values_list("address", flat=True)
    )
    assert {mail.message["To"] for mail in sink.mails} == {mail.recipients[0] for mail in sink.mails}
    release.refresh_from_db()
    assert (release.state, states(release)) == (Release.State.SENT, {State.SENT})
    assert set(release.receipts.values_list("reach", flat=True)) == {Reach.SENT}
    assert outbox.send_due(100) == 0


def test_each_message_holds_its_own_recipient_s_personal_parts_only(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(name="<b>O'Brien</b>&薬局")
    issue()
    outbox.send_due(100)
    deliveries = list(Delivery.objects.select_related("receipt__organisation"))
    everybody = {
        delivery.pk: [
            delivery.receipt.organisation.name,
            *(personal.address(delivery, scope) for scope in personal.Scope),
        ]
        for delivery in deliveries
    }
    for delivery in deliveries:
        [mail] = sink.to(delivery.address)
        own_name, own_address, _ = everybody.pop(delivery.pk)
        assert own_name in mail.text("plain")
        assert escape(own_name) in mail.text("html")
        assert own_address in mail.text("plain")
        assert own_address in mail.text("html")
        others = [part for parts in everybody.values() for part in parts] + [
            other.address for other in deliveries if other != delivery
        ]
        read = whole(mail)
        assert not [part for part in others if part in read or escape(part) in read]
        everybody[delivery.pk] = [own_name, own_address, _]


def test_what_fax_and_post_carry_is_not_sent_by_mail(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    cast.pharmacies[0].mailboxes.all().delete()
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0199")
    release = issue()
    assert outbox.send_due(100) == 7
    assert totals(release).pharmacies.other_channel == 1
    release.refresh_from_db()
    assert release.state == Release.State.SENT


def test_a_run_ends_at_its_limit_and_the_next_goes_on(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    assert outbox.send_due(5) == 5
    assert len(sink.mails) == 5
    release.refresh_from_db()
    assert release.state == Release.State.SENDING
    assert outbox.send_due(5) == 3


def test_without_a_mail_server_mails_are_kept_for_the_outbox_page(cast: Cast, issue: Issue, settings) -> None:
    settings.EMAIL_URL = ""
    release = issue()
    assert outbox.send_due(100) == 8
    assert states(release) == {State.SENT}


# The server puts off or refuses ---------------------------------------------------------------------------------------


def test_what_the_server_puts_off_waits_and_the_others_flow(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    sink.refuse("450 4.2.0 greylisted, try again", ADDRESS)
    for wait in (1, 5, 15, 60, 60):
        outbox.send_due(100)
        delivery = first(release)
        assert (delivery.state, delivery.receipt.reach) == (State.WAITING, Reach.WAITING)
        assert minutes_until(delivery.due_at) == wait
        assert outbox.send_due(100) == 0
        let_time_pass()
    assert len(sink.mails) == 7
    assert delivery.outcome == "相手のサーバーが後で送るよう求めました"
    assert not delivery.unsure
    assert reconciles(release)
    sink.accept()
    outbox.send_due(100)
    assert first(release).receipt.reach == Reach.SENT
    assert len(sink.mails) == 8


def test_after_three_days_of_waiting_it_is_not_reached() -> None:
    waits, deferrals = [], 0
    while (wait := settling.next_wait(deferrals)) is not None:
        waits.append(wait)
        deferrals += 1
    assert [wait.seconds // 60 for wait in waits[:6]] == [1, 5, 15, 60, 60, 60]
    assert dt.timedelta(hours=72) <= sum(waits, dt.timedelta()) < dt.timedelta(hours=73)


def test_what_was_put_off_for_three_days_fails_with_its_reason(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    Delivery.objects.filter(pk=first(release).pk).update(deferrals=80)
    sink.refuse("452 4.2.2 mailbox full", ADDRESS)
    outbox.send_due(100)
    receipt = first(release).receipt
    assert receipt.reach == Reach.FAILED
    assert "受信箱がいっぱいです" in receipt.reach_reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 user unknown", "宛先のメールアドレスが存在しません"),
        ("550 no such user here", "宛先のメールアドレスが存在しません"),
        ("550 5.1.2 bad domain", "メールアドレスの「@」より後ろ（ドメイン）が存在しません"),
        ("552 5.2.2 over quota", "受信箱がいっぱいです"),
        ("554 transaction failed", "相手のサーバーが受け取りを断りました"),
    ],
)
def test_a_refused_address_fails_with_the_reason_in_plain_words(
    cast: Cast, issue: Issue, sink: FailingSink, answer: str, words: str
) -> None:
    release = issue()
    sink.refuse(answer, ADDRESS)
    outbox.send_due(100)
    receipt = first(release).receipt
    assert (receipt.reach, receipt.reach_reason) == (Reach.FAILED, words)
    assert len(sink.mails) == 7
    assert reconciles(release)
    release.refresh_from_db()
    assert release.state == Release.State.SENT


def test_a_pharmacy_is_reached_when_one_of_its_addresses_is(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="second@mail.example")
    release = issue()
    sink.refuse("550 5.1.1 user unknown", "second@mail.example")
    outbox.send_due(100)
    assert first(release).receipt.reach == Reach.SENT
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    other = issue(serial=338)
    outbox.send_due(100)
    assert first(other).receipt.reach == Reach.FAILED
    assert reconciles(release)
    assert reconciles(other)


def test_a_message_that_cannot_be_written_is_set_aside(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    Delivery.objects.filter(pk=first(release).pk).update(address="x@y.example\nBcc: z@evil.example")
    outbox.send_due(100)
    receipt = release.receipts.get(organisation=cast.pharmacies[0])
    assert (receipt.reach, receipt.reach_reason) == (Reach.FAILED, "この宛先のメールを組み立てられませんでした")
    assert len(sink.mails) == 7


# The fault is ours ----------------------------------------------------------------------------------------------------


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
    assert one.message["Message-ID"] == two.message["Message-ID"] == f"<{delivery.message_key}@shuchi.example>"
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


# Pausing, stopping ----------------------------------------------------------------------------------------------------


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
    settling.settle(sent, ACCEPTED)
    settling.settle(put_off, Answer(Verdict.LATER, "あとで"))
    settling.give_back(given_back)
    let_time_pass()
    settling.stop_abandoned()
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


def test_everything_reconciles_whatever_happens(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    cast.pharmacies[4].mailboxes.all().delete()
    Organisation.objects.filter(pk=cast.pharmacies[4].pk).update(address="福岡市髙尾台5-5")
    cast.pharmacies[5].mailboxes.all().delete()
    release = issue()
    sink.refuse("550 5.1.1 user unknown", "box5@mail5.example")
    sink.refuse("450 4.2.0 later", "box6@mail6.example")
    outbox.send_due(100)
    assert reconciles(release)
    tally = totals(release).pharmacies
    assert (tally.recipients, tally.sent, tally.waiting, tally.other_channel, tally.failed) == (6, 2, 1, 1, 2)
    steering.stop(release.pk, acting(cast))
    assert reconciles(release)
    assert totals(release).pharmacies.stopped == 1
