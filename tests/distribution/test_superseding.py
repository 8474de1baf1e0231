"""訂正・廃止を出す: who gets it, what of the old letter stops, and that no old message goes out after it."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import wareki
from members.history import Actor
from members.models import Event, Mailbox, Organisation
from notices import succession
from notices.boards.progress import totals
from notices.distribution import claims, message, outbox, recipients, steering
from notices.letters import correcting
from notices.models import Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import Reach, Via
from notices.procedures import issue as issuing
from notices.procedures import refusals, resend, supersede
from notices.tracking import confirming
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, State, first, let_time_pass, reconciles, states
from tests.servers.processes import wait_until

WAS_WRONG = "期限を11月29日から12月13日に改めました。"
Draft = Callable[[int, Actor], Notice]


def draft(release: Release, cast: Cast, begin: Draft = correcting.draft_correction) -> Notice:
    """A correction, or what `begin` makes, that says what has changed."""
    new = begin(release.notice_id, acting(cast))
    Release.objects.filter(notice=new).update(changed=WAS_WRONG)
    return new


def corrected(release: Release, cast: Cast) -> Release:
    return issuing.release(cast.approved(draft(release, cast)).pk, acting(cast))


def withdrawn(release: Release, cast: Cast) -> Release:
    return issuing.release(cast.approved(draft(release, cast, correcting.draft_withdrawal)).pk, acting(cast))


def names(release: Release) -> set[str]:
    return set(release.receipts.values_list("organisation__name", flat=True))


def receipt(release: Release, organisation: Organisation) -> Receipt:
    return Receipt.objects.get(release=release, organisation=organisation)


def sent_of(sink: FailingSink, release: Release) -> set[str]:
    """The addresses at which the server took the release's mail."""
    number = f"（{release.notice.number_text}）"
    return {mail.recipients[0] for mail in sink.mails if mail.message["Subject"].endswith(number)}


# Who gets it ----------------------------------------------------------------------------------------------------------


def test_a_correction_goes_to_every_recipient_of_the_old_letter(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    old = issue()
    outbox.send_due(5)
    gone, moved = cast.pharmacies[1], cast.pharmacies[2]
    Organisation.objects.filter(pk=gone.pk).update(left_on=timezone.localdate())
    Organisation.objects.filter(pk=moved.pk).update(parent=cast.takaodai)
    new = corrected(old, cast)
    assert names(new) == names(old)
    assert receipt(new, moved).district == cast.takaodai
    assert receipt(old, moved).district == cast.shirasagi


def test_a_correction_also_goes_to_whom_the_same_choice_takes_now(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue(scope="districts")
    old.districts.set([cast.shirasagi])
    assert len(recipients.write(old)) == 4
    joined = Organisation.objects.create(kind="pharmacy", name="新しい薬局", parent=cast.shirasagi, position=99)
    assert names(corrected(old, cast)) == names(old) | {joined.name}


def test_a_withdrawal_goes_to_those_who_have_or_may_have_the_old_letter(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    by_post, confirmed, unsure, *unsent = cast.pharmacies
    by_post.mailboxes.all().delete()
    Organisation.objects.filter(pk=by_post.pk).update(address="福岡市白鷺1-1")
    old = issue()
    outbox.send_due(2)
    sent = set(old.receipts.filter(reach=Reach.SENT).values_list("organisation__name", flat=True))
    assert sent == {district.name for district in cast.districts}
    confirming.confirm(receipt(old, confirmed).pk, actor=acting(cast), via=Via.TELEPHONE)
    Delivery.objects.filter(receipt=receipt(old, unsure)).update(unsure=True)
    Receipt.objects.filter(release=old, reach=Reach.SENT).update(reach=Reach.WAITING)  # as a receipt may lag behind
    new = withdrawn(old, cast)
    assert names(new) == sent | {by_post.name, confirmed.name, unsure.name}
    reaches = {each.name: receipt(old, each).reach for each in unsent}
    assert reaches == {each.name: Reach.STOPPED for each in unsent}


def test_what_has_reached_nobody_is_not_withdrawn(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    new = draft(old, cast, correcting.draft_withdrawal)
    with pytest.raises(issuing.NobodyHasIt):
        issuing.release(new.pk, acting(cast))
    with pytest.raises(issuing.NobodyHasIt):
        cast.approved(new)
    old.refresh_from_db()
    assert (old.state, states(old)) == (Release.State.SENDING, {State.WAITING})


def test_who_has_only_the_letter_before_the_withdrawn_one_is_told_too(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    oldest = issue()
    outbox.send_due(4)
    having = set(oldest.receipts.filter(reach=Reach.SENT).values_list("organisation__name", flat=True))
    correction = corrected(oldest, cast)
    newest = withdrawn(correction, cast)
    assert names(newest) == having
    day = wareki.long_date(oldest.notice.date)
    told = f"訂正前の{oldest.notice.number_text}（{day}）も、あわせて廃止します。"
    for delivery in Delivery.objects.filter(receipt__release=newest):
        built = message.build(delivery)
        assert told in built.body and told in built.alternatives[0].content
    assert succession.successor(oldest.notice_id).notice == newest.notice


def test_a_correction_may_not_be_narrowed_to_some_districts(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    new = cast.approved(draft(issue(), cast))
    with pytest.raises(issuing.OutsideThePlan):
        issuing.release(new.pk, acting(cast), [cast.shirasagi])


# What stands in the way -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [correcting.draft_correction, correcting.draft_withdrawal])
def test_without_a_word_on_what_changed_nothing_is_released(
    cast: Cast, issue: Issue, sink: FailingSink, begin: Draft
) -> None:
    old = issue()
    outbox.send_due(3)
    new = begin(old.notice_id, acting(cast))
    Release.objects.filter(notice=new).update(changed=" \n ")
    with pytest.raises(issuing.NothingSaid):
        issuing.release(new.pk, acting(cast))
    old.refresh_from_db()
    assert old.state == Release.State.SENDING
    assert not Event.objects.filter(verb="release.paused").exists()


def test_of_a_correction_and_a_withdrawal_the_second_is_refused(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    """Only one of them can be drafted; of two that were drafted before that was so, one goes out."""
    old = issue()
    outbox.send_due(100)
    withdrawal = cast.approved(draft(old, cast, correcting.draft_withdrawal))
    withdraws = Relation.objects.get(source=withdrawal, kind=Relation.Kind.WITHDRAWS)
    Relation.objects.filter(pk=withdraws.pk).delete()
    correction = corrected(old, cast)
    withdraws.save(force_insert=True)
    with pytest.raises(issuing.AlreadySuperseded) as refused:
        issuing.release(withdrawal.pk, acting(cast))
    assert refused.value.by.notice == correction.notice
    correction.refresh_from_db()
    assert correction.state == Release.State.SENDING


def test_if_the_release_fails_the_old_one_goes_on(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    outbox.send_due(3)
    new = cast.approved(draft(old, cast))
    with pytest.raises(refusals.NotDue):
        issuing.release(new.pk, acting(cast), scheduled_for=timezone.now())
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.paused_reason, new.state) == (Release.State.SENDING, "", Notice.State.DRAFT)
    steps = Event.objects.filter(subject_kind="release").order_by("pk").values_list("verb", flat=True)
    assert list(steps) == ["release.paused", "release.resumed"]
    assert outbox.send_due(100) == 5


def test_a_release_that_staff_paused_stays_paused_where_its_correction_fails(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    old = issue()
    steering.pause(old.pk, acting(cast))
    with pytest.raises(ZeroDivisionError), supersede.holding(draft(old, cast).pk, acting(cast)):
        raise ZeroDivisionError
    old.refresh_from_db()
    assert (old.state, old.paused_reason) == (Release.State.PAUSED, "")


def test_what_dies_while_it_holds_the_old_release_leaves_it_to_staff(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    old = issue()
    dying = supersede.holding(draft(old, cast).pk, acting(cast))
    dying.__enter__()
    old.refresh_from_db()
    assert (old.state, old.paused_reason) == (Release.State.PAUSED, "訂正の通知を発出しています。")
    assert outbox.send_due(100) == 0
    steering.resume(old.pk, acting(cast))
    assert outbox.send_due(100) == 8


# In mid-send ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taken", [0, 1, 4, 7, 8])
def test_after_the_correction_no_old_message_is_offered(
    cast: Cast, issue: Issue, sink: FailingSink, taken: int
) -> None:
    old = issue()
    outbox.send_due(taken)
    having = sent_of(sink, old)
    assert len(having) == taken
    new = corrected(old, cast)
    let_time_pass()
    assert outbox.send_due(100) == 8
    assert sent_of(sink, old) == having
    assert len(sent_of(sink, new)) == 8
    assert len(sink.mails) == taken + 8
    old.refresh_from_db()
    assert old.state == (Release.State.SENT if taken == 8 else Release.State.STOPPED)
    counted = totals(old)
    assert counted.pharmacies.sent + counted.districts.sent == taken
    assert counted.pharmacies.stopped + counted.districts.stopped == 8 - taken
    assert reconciles(old)
    assert reconciles(new)
    event = Event.objects.get(verb="release.superseded")
    assert (event.subject_id, event.account) == (old.pk, acting(cast).account)
    assert event.detail == {"by": new.notice_id, "messages": 8 - taken, "in_flight": 0}


def test_what_was_put_off_repeated_or_asked_for_again_stops_too(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    sink.refuse("450 4.2.0 later", ADDRESS)
    outbox.send_due(100)
    sink.accept()
    again = resend.send(receipt(old, cast.pharmacies[1]), "box5@mail5.example", actor=acting(cast))
    repeat = Delivery.objects.create(
        receipt=receipt(old, cast.pharmacies[2]), purpose="repeat", channel="email", address="box6@mail6.example"
    )
    corrected(old, cast)
    for delivery in (again, repeat, first(old)):
        delivery.refresh_from_db()
        assert delivery.state == State.STOPPED
    let_time_pass()
    mails = len(sink.mails)
    assert outbox.send_due(100) == 8
    assert len(sink.mails) == mails + 8
    assert receipt(old, cast.pharmacies[1]).reach == Reach.SENT
    assert receipt(old, cast.pharmacies[0]).reach == Reach.STOPPED
    assert reconciles(old)


def test_a_superseded_release_is_not_resumed(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    outbox.send_due(3)
    steering.pause(old.pk, acting(cast))
    corrected(old, cast)
    for step in (steering.resume, steering.pause, steering.stop):
        with pytest.raises(steering.NotInThisState):
            step(old.pk, acting(cast))


def test_the_newest_of_a_chain_stops_all_before_it(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    oldest = issue()
    outbox.send_due(2)
    middle = corrected(oldest, cast)
    outbox.send_due(3)
    newest = corrected(middle, cast)
    let_time_pass()
    outbox.send_due(100)
    assert [len(sent_of(sink, release)) for release in (oldest, middle, newest)] == [2, 3, 8]
    assert all(reconciles(release) for release in (oldest, middle, newest))


# A server that takes its time -----------------------------------------------------------------------------------------


class HangingSink(FailingSink):
    """Keeps the answer to a message for one address to itself, until `let_go`."""

    def __init__(self, address: str) -> None:
        self.address, self.has_it, self.let_go = address, threading.Event(), threading.Event()
        super().__init__()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if envelope.rcpt_tos == [self.address] and not self.let_go.is_set():
            self.has_it.set()
            while not self.let_go.is_set():
                await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def hanging(settings: Settings) -> Iterator[HangingSink]:
    """The site's mail server, which hangs over the second pharmacy's message."""
    server = HangingSink("box5@mail5.example")
    settings.EMAIL_URL = server.url
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 20
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://shuchi.example", "notice@shuchi.example"
    yield server
    server.let_go.set()
    server.stop()


@pytest.fixture
def worker() -> Iterator[Callable[[], threading.Thread]]:
    """Starts a worker of its own connection; the test waits for it at the end."""
    threads = []

    def work() -> None:
        try:
            outbox.send_due(100)
        finally:
            connections.close_all()

    def start() -> threading.Thread:
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_correction_waits_for_the_old_message_that_is_before_the_server(
    cast: Cast,
    issue: Issue,
    hanging: HangingSink,
    worker: Callable[[], threading.Thread],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supersede, "PATIENCE_SECONDS", 0.2)
    old = issue()
    old_worker = worker()
    assert hanging.has_it.wait(20)
    new = corrected(old, cast)
    hung = Delivery.objects.get(receipt__release=old, address=hanging.address)
    behind = Delivery.objects.get(receipt__release=new, address=hanging.address)
    assert (hung.state, behind.after) == (State.SENDING, hung)
    outbox.send_due(100)
    assert hanging.address not in sent_of(hanging, new)
    hanging.let_go.set()
    old_worker.join()
    let_time_pass()
    outbox.send_due(100)
    assert len(sent_of(hanging, new)) == 8
    to_it = [mail.message["Subject"] for mail in hanging.to(hanging.address)]
    assert [old.notice.number_text in subject for subject in to_it] == [True, False]
    taken = sent_of(hanging, old)
    assert hanging.address in taken
    assert len(hanging.mails) == len(taken) + 8
    counted = totals(old)
    assert counted.pharmacies.sent + counted.districts.sent == len(taken)
    old.refresh_from_db()
    assert old.state == Release.State.STOPPED
    assert reconciles(old)
    assert reconciles(new)


@pytest.mark.django_db(transaction=True)
def test_a_little_patience_lets_the_old_message_tell_its_outcome(
    cast: Cast, issue: Issue, hanging: HangingSink, worker: Callable[[], threading.Thread]
) -> None:
    old = issue()
    worker()
    assert hanging.has_it.wait(20)
    new = cast.approved(draft(old, cast))
    release: list[Release] = []

    def press() -> None:
        try:
            release.append(issuing.release(new.pk, acting(cast)))
        finally:
            connections.close_all()

    pressing = threading.Thread(target=press)
    pressing.start()
    wait_until(lambda: Release.objects.get(pk=old.pk).state == Release.State.PAUSED, "the old release is held")
    hanging.let_go.set()
    pressing.join()
    assert not Delivery.objects.filter(receipt__release=release[0]).exclude(after=None).exists()
    assert Delivery.objects.get(receipt__release=old, address=hanging.address).state == State.SENT
    assert not Delivery.objects.filter(receipt__release=old).unfinished().exists()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker has in hand, it has in hand."""
    monkeypatch.setattr(supersede, "PATIENCE_SECONDS", 0)


def test_a_message_waits_for_the_one_to_its_own_address(
    cast: Cast, issue: Issue, sink: FailingSink, impatient: None
) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="second@mail.example")
    old = issue()
    in_hand = {each.address: each.pk for each in claims.claim(100)}
    Mailbox.objects.filter(address="second@mail.example").update(address="third@mail.example")
    new = corrected(old, cast)
    mine = Delivery.objects.filter(receipt=receipt(new, cast.pharmacies[0]))
    after = dict(mine.values_list("address", "after"))
    assert after[ADDRESS] == in_hand[ADDRESS]
    assert after["third@mail.example"] in (in_hand[ADDRESS], in_hand["second@mail.example"])
    neighbour = Delivery.objects.get(receipt=receipt(new, cast.pharmacies[1]))
    assert neighbour.after_id == in_hand[neighbour.address]


def test_an_address_asked_for_again_is_not_offered_once_the_correction_is_out(
    cast: Cast, issue: Issue, sink: FailingSink, impatient: None
) -> None:
    old = issue()
    outbox.send_due(100)
    again = resend.send(receipt(old, cast.pharmacies[0]), ADDRESS, actor=acting(cast))
    [in_hand] = claims.claim(100)
    assert claims.still_offered(in_hand)
    corrected(old, cast)
    assert not claims.still_offered(in_hand)
    claims.give_back([in_hand])
    assert outbox.send_due(100) == 7
    again.refresh_from_db()
    assert again.state == State.STOPPED
    assert outbox.send_due(100) == 1
    assert len(sink.to(ADDRESS)) == 2


def test_what_a_dead_worker_may_have_sent_is_withdrawn_too(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    left = claims.claim(100)
    Delivery.objects.filter(claim=left[0].claim).update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert names(withdrawn(old, cast)) == {left[0].receipt.organisation.name}


# A personal address asked for anew ------------------------------------------------------------------------------------


def test_whoever_asks_for_the_old_address_gets_the_new_one(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    old = issue()
    outbox.send_due(100)
    new = corrected(corrected(old, cast), cast)
    outbox.send_due(100)
    sent = resend.send(receipt(old, cast.pharmacies[0]), ADDRESS, actor=acting(cast))
    assert sent.receipt == receipt(new, cast.pharmacies[0])
    outbox.send_due(100)
    mail = sink.to(ADDRESS)[-1]
    assert new.notice.number_text in mail.message["Subject"]


def test_who_never_had_what_was_withdrawn_is_sent_nothing_of_it(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    earlier = issue("前の通知", serial=336)
    outbox.send_due(100)
    old = issue()
    outbox.send_due(2)
    withdrawn(old, cast)
    with pytest.raises(resend.Superseded):
        resend.send(receipt(old, cast.pharmacies[0]), ADDRESS, actor=acting(cast))
    resend.ask("", ADDRESS)
    again = Delivery.objects.get(purpose=Delivery.Purpose.AGAIN)
    assert again.receipt == receipt(earlier, cast.pharmacies[0])
