"""Sending through a real SMTP server that takes, puts off and refuses messages."""

import datetime as dt

import pytest
from django.utils.html import escape

from members.models import Mailbox, Organisation
from notices import personal
from notices.boards.progress import totals
from notices.distribution import outbox, settling, steering
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting, whole
from tests.distribution.deliveries import (
    ADDRESS,
    Issue,
    State,
    first,
    let_time_pass,
    minutes_until,
    reconciles,
    states,
)


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


# Whatever happens -----------------------------------------------------------------------------------------------------


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
