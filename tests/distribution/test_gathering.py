"""まとめて送る: several お知らせ to one address in one mail, each with its own receipt and its own delivery."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.header import decode_header, make_header

import pytest
from django.db import IntegrityError, connection, transaction
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
from notices.letters import correcting
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from notices.procedures import issue as issuing
from notices.procedures import refusals
from tests.cast import Cast
from tests.distribution.bounces.written import about
from tests.distribution.conftest import FailingSink, acting, whole
from tests.distribution.deliveries import ADDRESS, Issue, State, first, let_time_pass, reconciles, states

JST = dt.timezone(dt.timedelta(hours=9))
Gathers = Release.Gathers
REFUSAL = Answer(Verdict.REFUSED, "断られました", "550 5.1.1 no such user", bad_address=True)


@pytest.fixture
def gathered(issue: Issue) -> Callable[..., Release]:
    """Issues an お知らせ whose mails wait for others."""
    serials = iter(range(401, 500))

    def issue_one(subject: str = "研修会の案内", gathers: str = Gathers.DAILY, **plan: object) -> Release:
        return issue(subject, next(serials), ask=Release.Ask.INFORM, deadline=None, gathers=gathers, **plan)

    return issue_one


def at_the_hour() -> None:
    """The hour has come, and what is due is gathered."""
    let_time_pass()
    gathering.gather()


def claimed_to(address: str = ADDRESS) -> Delivery:
    """Its mail in a worker's hand; the others wait on."""
    rows = claims.claim(1000)
    claims.give_back([row for row in rows if row.address != address])
    return next(row for row in rows if row.address == address)


def subject(sink: FailingSink, address: str = ADDRESS) -> str:
    """Of the first mail to the address."""
    return str(make_header(decode_header(sink.to(address)[0].message["Subject"])))


# The hour -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gathers", "now", "next_hour"),
    [
        (Gathers.DAILY, (2026, 11, 30, 8, 0), (2026, 11, 30, 9, 0)),
        (Gathers.DAILY, (2026, 11, 30, 8, 55), (2026, 12, 1, 9, 0)),  # too late for this day's
        (Gathers.DAILY, (2026, 11, 30, 9, 0), (2026, 12, 1, 9, 0)),
        (Gathers.DAILY, (2026, 11, 27, 12, 0), (2026, 11, 30, 9, 0)),  # over the weekend
        (Gathers.DAILY, (2026, 12, 28, 12, 0), (2027, 1, 4, 9, 0)),  # 年末年始
        (Gathers.WEEKLY, (2026, 11, 30, 8, 0), (2026, 11, 30, 9, 0)),
        (Gathers.WEEKLY, (2026, 11, 30, 12, 0), (2026, 12, 7, 9, 0)),
        (Gathers.WEEKLY, (2026, 11, 20, 12, 0), (2026, 11, 24, 9, 0)),  # 勤労感謝の日 is a Monday
        (Gathers.WEEKLY, (2026, 11, 23, 12, 0), (2026, 11, 24, 9, 0)),
    ],
)
def test_the_next_mail_goes_at_its_hour_of_a_working_day(
    gathers: str, now: tuple[int, ...], next_hour: tuple[int, ...]
) -> None:
    assert gathering.next_hour(gathers, dt.datetime(*now, tzinfo=JST)) == dt.datetime(*next_hour, tzinfo=JST)


def test_it_goes_within_the_hours_of_sending_and_is_not_kept_back_by_days_that_are_always_closed(
    settings: Settings,
) -> None:
    now = dt.datetime(2026, 11, 30, 7, 0, tzinfo=JST)
    settings.SENDING_HOURS = dt.time(10), dt.time(18)
    assert gathering.next_hour(Gathers.DAILY, now) == dt.datetime(2026, 11, 30, 10, 0, tzinfo=JST)
    settings.CLOSED_DAYS = (((1, 1), (12, 31)),)
    assert gathering.next_hour(Gathers.DAILY, now) == dt.datetime(2026, 11, 30, 10, 0, tzinfo=JST)


@pytest.mark.parametrize("ask", [Release.Ask.CONFIRM, Release.Ask.SET_UP])
def test_what_asks_for_an_answer_is_never_gathered(cast: Cast, ask: str) -> None:
    with pytest.raises(IntegrityError, match="release_gathers_what_asks_nothing"), transaction.atomic():
        cast.draft(ask=ask, gathers=Gathers.DAILY)


# The mail -------------------------------------------------------------------------------------------------------------


def test_until_the_hour_nothing_goes_and_then_one_mail_to_each_address(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    one, two, three = gathered("研修会の案内"), gathered("図書の案内", Gathers.WEEKLY), gathered("会費の案内")
    assert outbox.send_due() == 0
    assert not sink.mails
    let_time_pass()
    assert outbox.send_due() == 8
    assert len(sink.mails) == len({mail.recipients[0] for mail in sink.mails}) == 8
    for release in (one, two, three):
        release.refresh_from_db()
        assert (states(release), release.state) == ({State.SENT}, Release.State.SENT)
        assert set(release.receipts.values_list("reach", flat=True)) == {Reach.SENT}
        assert reconciles(release)
    assert outbox.send_due() == 0


def test_the_mail_names_each_notice_the_newest_first_with_the_recipients_own_address(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    older, newer = gathered("研修会の案内"), gathered("図書の案内")
    let_time_pass()
    outbox.send_due()
    [mail] = sink.to(ADDRESS)
    text = mail.text("plain")
    assert text.index("図書の案内") < text.index("研修会の案内")
    assert "6福薬業発第402号" in text and "6福薬業発第401号" in text
    for release in (older, newer):
        for part in ("plain", "html"):
            assert personal.address(first(release)) in mail.text(part)
    tokens = set(re.findall(r"/n/([\w-]+)", whole(mail)))
    assert {personal.find(token).receipt.organisation for token in tokens} == {cast.pharmacies[0]}
    assert mail.message["Message-ID"] == f"<{first(newer).message_key.hex}@shuchi.example>"


def test_a_chairs_mail_has_an_address_to_pass_on_for_each_notice(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    releases = [gathered("研修会の案内"), gathered("図書の案内")]
    let_time_pass()
    outbox.send_due()
    for release in releases:
        [delivery] = cast.receipt(release, cast.shirasagi).deliveries.all()
        [mail] = sink.to(delivery.address)
        for scope in personal.Scope:
            assert personal.address(delivery, scope) in mail.text("plain")


def test_each_letter_is_attached_as_single_mails_have_it(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    gathered(attach_letter=True), gathered(attach_letter=False), gathered(attach_letter=True)
    let_time_pass()
    outbox.send_due()
    [mail] = sink.to(ADDRESS)
    found = {
        part.get_filename(): part.get_payload(decode=True)
        for part in mail.message.walk()
        if part.get_content_type() == "application/pdf"
    }
    assert found == {"letter-1.pdf": b"%PDF-1.7 403", "letter-3.pdf": b"%PDF-1.7 401"}
    assert "letter-1.pdf として付けています" in mail.text("plain")


def test_a_notice_alone_goes_as_the_usual_mail(cast: Cast, gathered: Callable[..., Release], sink: FailingSink) -> None:
    gathered("研修会の案内")
    let_time_pass()
    outbox.send_due()
    assert subject(sink) == "研修会の案内（6福薬業発第401号）"


def test_one_mail_is_never_to_two_recipients_that_share_an_address(
    cast: Cast, gathered: Callable[..., Release], sink: FailingSink
) -> None:
    cast.pharmacies[1].mailboxes.update(address=ADDRESS)
    gathered(), gathered()
    let_time_pass()
    outbox.send_due()
    mails = sink.to(ADDRESS)
    assert len(mails) == 2
    names = [cast.pharmacies[0].name, cast.pharmacies[1].name]
    assert sorted([name in whole(mail) for name in names] for mail in mails) == [[False, True], [True, False]]


def test_only_mails_are_gathered(cast: Cast, gathered: Callable[..., Release], sink: FailingSink) -> None:
    cast.pharmacies[0].mailboxes.all().delete()
    type(cast.pharmacies[0]).objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0101", channel="fax")
    release = gathered()
    [fax] = cast.receipt(release, cast.pharmacies[0]).deliveries.all()
    assert fax.state == State.OTHER or fax.due_at <= timezone.now()


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
