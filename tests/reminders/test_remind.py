"""Writing reminders: once whoever looks and however often, one message a recipient, a delivery like any other."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from members import history
from members.models import Organisation
from notices.boards import course
from notices.boards.progress import totals
from notices.distribution import outbox, sending, settling, steering, troubles
from notices.distribution.reminders import due, plans
from notices.models import Delivery, Mention, Release, Reminder, ReminderDay, UsualPlan
from notices.models.receipt import Reach
from notices.procedures import remind
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.conftest import sink as sink
from tests.distribution.deliveries import reconciles
from tests.district_letters import letter, to_districts
from tests.reminders.conftest import at, confirm, issued, names, replan, sent

MONDAY = dt.date(2026, 11, 2)
DEADLINE = dt.date(2026, 11, 30)
CHAIRS_DAY = dt.date(2026, 12, 8)


def reminders(release: Release) -> list[Delivery]:
    return list(Delivery.objects.filter(release=release, purpose="reminder").order_by("pk"))


def test_written_once_however_often_it_is_looked(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    assert remind.remind(at(DEADLINE)) == 8
    assert remind.remind(at(DEADLINE, 10)) == 0
    sent()
    assert remind.remind(at(DEADLINE, 11)) == 0
    assert len(names(release)) == len(reminders(release)) == 8
    [event] = history.of(release).filter(verb="release.reminded")
    assert (event.account, event.detail) == (None, {"recipients": 8, "chairs": 0})


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)

    def work(_: int) -> int:
        try:
            return remind.remind(at(DEADLINE))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(work, range(4))) == [0, 0, 0, 8]
    assert len(reminders(release)) == 8


def test_the_database_takes_no_second_one_and_no_day_out_of_time(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    remind.remind(at(DEADLINE))
    first = Reminder.objects.first()
    mention = first.mentions.get()
    other = Reminder.objects.create(organisation=first.organisation, receipt=first.receipt, day=MONDAY)
    for wrong in (
        lambda: Reminder.objects.create(organisation=first.organisation, receipt=first.receipt, day=DEADLINE),
        lambda: Mention.objects.create(reminder=other, receipt=mention.receipt, offset=mention.offset),
        lambda: Delivery.objects.create(receipt=mention.receipt, purpose="reminder", channel="email", address="a@b.jp"),
        lambda: Delivery.objects.filter(reminder=first).update(state="other"),
        lambda: ReminderDay.objects.create(plan=plans.of(release), offset=200),
        lambda: ReminderDay.objects.create(plan=plans.of(release), offset=0),
        lambda: UsualPlan.objects.create(from_deadline=True, days=[7], hour=9, most=3, chairs_on=500),
        lambda: UsualPlan.objects.create(from_deadline=True, days=[7], hour=9, most=3, staff_on=-91),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_recipient_with_two_addresses_gets_a_message_at_each_and_counts_once(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    cast.pharmacies[0].mailboxes.create(address="second@mail.example")
    assert remind.remind(at(DEADLINE)) == 8
    receipt = cast.receipt(release, cast.pharmacies[0])
    assert len([each for each in reminders(release) if each.receipt_id == receipt.pk]) == 2
    assert receipt.mentions.count() == 1
    assert totals(release).pharmacies.recipients == 6


def test_not_more_often_than_the_plan_says(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    replan(release, -3, 0, 3, 7, most=2)
    for offset in (-3, 0, 3, 7):
        remind.remind(at(DEADLINE + dt.timedelta(days=offset)))
        sent()
    assert names(release).count(cast.pharmacies[0].name) == 2
    assert {each.left_out for each in due.waiting(release, DEADLINE + dt.timedelta(days=8))} == {due.MOST}


# A delivery like any other --------------------------------------------------------------------------------------------


def written_today(cast: Cast) -> Release:
    """A release whose reminders are of this day, whatever day it is."""
    release = issued(cast, MONDAY, deadline=DEADLINE)
    assert remind.remind(at(DEADLINE)) == 8
    Reminder.objects.update(day=timezone.localdate())
    return Release.objects.get(pk=release.pk)


def test_it_goes_out_by_the_outbox_one_recipient_a_message(cast: Cast, sink):
    release = written_today(cast)
    assert release.state == Release.State.SENDING
    answered = cast.receipt(release, cast.pharmacies[1])
    confirm(answered)
    outbox.send_due()
    to = sorted(mail.recipients[0] for mail in sink.mails)
    assert len(to) == len(set(to)) == 7
    assert all(len(mail.recipients) == 1 for mail in sink.mails)
    stopped = answered.deliveries.get(purpose="reminder")
    assert (stopped.state, "返事" in stopped.outcome) == ("stopped", True)
    assert cast.receipt(release, cast.pharmacies[1]).reach == Reach.SENT
    assert Release.objects.get(pk=release.pk).state == Release.State.SENT
    assert [each.sent for each in sending.by_channel(release)] == [8, 8]  # 方法ごとの通数 are those of the notice
    assert reconciles(release)


def test_what_is_not_out_on_its_day_is_not_sent_later(cast: Cast, sink):
    release = written_today(cast)
    Reminder.objects.update(day=F("day") - dt.timedelta(days=1))
    outbox.send_due()
    assert sink.mails == []
    assert {each.state for each in reminders(release)} == {"stopped"}


def test_stopping_the_release_stops_them_and_what_supersedes_it_too(cast: Cast, sink):
    release = written_today(cast)
    steering.pause(release.pk, cast.actor("staff"))
    outbox.send_due()
    steering.resume(release.pk, cast.actor("staff"))
    correction = issued(cast, MONDAY, "訂正")
    cast.supersede(release, correction)
    outbox.send_due()
    assert sink.mails == []
    assert {each.state for each in reminders(release)} == {"stopped"}
    assert reconciles(release)


def test_a_refused_reminder_fails_by_itself_and_raises_a_task(cast: Cast, sink):
    release = written_today(cast)
    receipt = cast.receipt(release, cast.pharmacies[0])
    address = receipt.deliveries.get(purpose="reminder").address
    sink.refuse("550 5.1.1 no such user", address)
    outbox.send_due()
    assert receipt.deliveries.get(purpose="reminder").state == "failed"
    assert receipt.organisation.tasks.get().address == address
    assert cast.receipt(release, cast.pharmacies[0]).reach == Reach.SENT
    assert reconciles(release)


# By hand --------------------------------------------------------------------------------------------------------------


def test_by_hand_it_goes_to_all_who_are_left_and_not_again_on_that_day(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    confirm(cast.receipt(release, cast.pharmacies[0]))
    day = dt.date(2026, 11, 12)
    assert remind.remind_now(release.pk, cast.actor("staff"), at(day, 14)) == 7
    [event] = history.of(release).filter(verb="release.reminded")
    assert event.account == cast.capacities["staff"].account
    assert Reminder.objects.filter(by=event.account).count() == 7
    sent()
    with pytest.raises(remind.CannotRemind):
        remind.remind_now(release.pk, cast.actor("staff"), at(day, 15))


def test_by_hand_nobody_is_reminded_on_a_day_of_rest_or_of_what_asks_nothing(cast: Cast):
    release, oshirase = issued(cast, MONDAY), issued(cast, MONDAY, ask=Release.Ask.INFORM)
    with pytest.raises(remind.CannotRemind, match="勤労感謝の日"):
        remind.remind_now(release.pk, cast.actor("staff"), at(dt.date(2026, 11, 23)))
    with pytest.raises(remind.CannotRemind, match="お知らせ"):
        remind.remind_now(oshirase.pk, cast.actor("staff"), at(DEADLINE))


def test_what_was_never_sent_does_not_count_as_a_reminder(cast: Cast, sink):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    replan(release, -3, 0, 3, most=2)
    for offset in (-3, 0):
        assert remind.remind(at(DEADLINE + dt.timedelta(days=offset))) == 8
        Reminder.objects.update(day=F("day") - dt.timedelta(days=1000))
        outbox.send_due()  # its day is over: all are stopped
    assert sink.mails == []
    assert {each.left_out for each in due.waiting(release, DEADLINE + dt.timedelta(days=3))} == {""}
    assert remind.reminders_of(cast.receipt(release, cast.pharmacies[0])) == []
    assert course.reminded(release.receipts.all(), timezone.now()) == []
    page = text_of(cast.client("staff").get(reverse("notices:release_reminders", args=[release.pk])))
    assert "送りました" not in page


def test_a_reminder_that_was_stopped_leaves_the_other_way_open(cast: Cast, sink):
    release = written_today(cast)
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fallback="post", address="福岡市1-1")
    plans.stop(release.pk, cast.actor("staff"))
    outbox.send_due()
    receipt = cast.receipt(release, cast.pharmacies[0])
    receipt.deliveries.filter(purpose="notice").update(state="failed", settled_at=timezone.now())
    troubles.fall_back(receipt)
    assert receipt.deliveries.filter(channel="post").exists()


def test_by_hand_no_member_is_reminded_of_a_letter_that_rests(cast: Cast):
    release = to_districts(cast, "地区を通す通知")
    Release.objects.filter(pk=release.pk).update(released_on=MONDAY, deadline=DEADLINE)
    plans.begin(Release.objects.get(pk=release.pk))
    out = letter(cast, release, cast.shirasagi, "白鷺地区の文書")
    day = DEADLINE - dt.timedelta(days=4)
    for state, reason in (("paused", due.RESTS), ("stopped", due.RESTS), ("sent", "")):
        Release.objects.filter(pk=out.pk).update(state=state)
        looked = [each for each in due.waiting(release, day) if each.receipt.release_id == out.pk]
        assert {each.left_out for each in looked} == {reason}
    Release.objects.filter(pk=out.pk).update(state="paused")
    assert remind.remind_now(release.pk, cast.actor("staff"), at(day, 10)) == 2
    assert not Delivery.objects.filter(purpose="reminder", release=out).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets in one at a time")
def test_it_waits_for_others_and_they_for_it_one_way_only(cast: Cast):
    """Sending holds releases by the day on which they went out; staff remind of another one at the same moment."""
    later = issued(cast, MONDAY + dt.timedelta(days=1), "先に起案し、あとで発出した件", deadline=DEADLINE)
    issued(cast, MONDAY, deadline=DEADLINE)
    other = issued(cast, MONDAY, "他の件", plan=False)
    Release.objects.exclude(pk=other.pk).update(state=Release.State.SENDING)
    day = DEADLINE + dt.timedelta(days=3)

    def work(step: Callable[[], object]) -> object:
        try:
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        with transaction.atomic():
            Release.objects.select_for_update(no_key=True).get(pk=later.pk)
            written = workers.submit(work, lambda: remind.remind(at(DEADLINE)))
            sleep(0.7)
            closed = workers.submit(work, settling.close_finished)
            sleep(0.3)
        assert (written.result(), closed.result()) == (8, None)
        sent()
        with transaction.atomic():
            assert remind.remind(at(day)) == 8
            pressed = workers.submit(work, lambda: remind.remind_now(other.pk, cast.actor("staff"), at(day, 9, 1)))
            sleep(0.7)
        with pytest.raises(remind.CannotRemind, match="ありません"):
            pressed.result()
