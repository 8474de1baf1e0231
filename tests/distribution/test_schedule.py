"""A scheduled release goes out at its time, by the database's clock, once; or it says why it did not."""

import datetime as dt
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.celery import SWEEP_SECONDS, Sweep, app
from members import confined, history, wareki
from members.history import Actor
from members.models import Account, Capacity, Event, Tag
from notices import tasks
from notices.letters import addressing, composing, correcting, enclosures, guide
from notices.letters.composing import Scheduled, StandsFast
from notices.letters.fingerprint import fingerprint_of
from notices.models import Approval, DocumentNumber, Notice, Receipt, Release
from notices.procedures import approve, issue, refusals, schedule
from tests.cast import Cast
from tests.distribution.conftest import acting
from tests.servers.processes import free_port, start, wait_until


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return acting(cast)


@pytest.fixture
def draft(cast: Cast) -> Notice:
    return approved(cast, cast.draft())


def approved(cast: Cast, notice: Notice, days: int = 1) -> Notice:
    """Approved, and dated in so many days."""
    return cast.approved(notice, in_days(days).date())


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=days)


def come(notice: Notice, minutes_ago: int = 1) -> None:
    """The time of the notice's schedule has come."""
    moment = timezone.now() - dt.timedelta(minutes=minutes_ago)
    assert Release.objects.filter(notice=notice).scheduled().update(scheduled_at=moment)


def plan(notice: Notice) -> Release:
    return Release.objects.get(notice=notice)


# Making one and taking it back ----------------------------------------------------------------------------------------


def test_a_schedule_keeps_the_time_and_who_made_it(draft: Notice, staff: Actor) -> None:
    when = in_days(1)
    schedule.schedule(draft.pk, when, staff)
    kept = plan(draft)
    assert (kept.scheduled_at, kept.scheduled_by, kept.scheduled_as) == (when, staff.account, staff.capacity)
    assert kept.state == Release.State.PREPARED
    event = Event.objects.get(verb="release.scheduled")
    assert (event.account, event.detail) == (staff.account, {"time": when.isoformat()})


def test_before_its_time_nothing_is_released(draft: Notice, staff: Actor) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    assert schedule.release_due() == 0
    assert plan(draft).state == Release.State.PREPARED


def test_a_schedule_is_taken_back_once(draft: Notice, staff: Actor) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    assert schedule.unschedule(draft.pk, staff)
    assert not schedule.unschedule(draft.pk, staff)
    assert [event.verb for event in history.of(plan(draft))] == ["release.unscheduled", "release.scheduled"]
    approve.reopen(draft.pk, staff)
    composing.change(draft.pk, staff, letter=letter(draft, "別の件名"), plan={})


def letter(draft: Notice, subject: str) -> dict[str, object]:
    return {"number": "", "signatory": ("常務理事", "濵﨑 航"), "subject": subject}


def test_a_scheduled_draft_is_not_scheduled_again(draft: Notice, staff: Actor) -> None:
    first = schedule.schedule(draft.pk, in_days(1), staff)
    with pytest.raises(refusals.AlreadyScheduled) as refused:
        schedule.schedule(draft.pk, in_days(2), staff)
    assert refused.value.release == first
    assert plan(draft).scheduled_at == first.scheduled_at


def test_a_time_that_is_over_is_refused(draft: Notice, staff: Actor) -> None:
    with pytest.raises(refusals.TimeOver):
        schedule.schedule(draft.pk, timezone.now() - dt.timedelta(seconds=1), staff)


def test_what_would_refuse_a_release_on_that_day_refuses_the_schedule(cast: Cast, staff: Actor) -> None:
    draft = approved(cast, cast.draft(deadline=timezone.localdate() + dt.timedelta(days=2)), 2)
    with pytest.raises(refusals.DeadlineBeforeRelease):
        schedule.schedule(draft.pk, in_days(3), staff)
    schedule.schedule(draft.pk, in_days(2), staff)
    empty = cast.draft("宛先のない通知")
    addressing.address(empty.pk, staff, scope="tags", districts=[], tags=[Tag.objects.create(name="無菌調剤")])
    with pytest.raises(refusals.NobodyToReach):
        schedule.schedule(empty.pk, in_days(1), staff)
    received = Notice.objects.create(state=Notice.State.RECEIVED, subject="届いた文書")
    with pytest.raises(refusals.NotIssued):
        schedule.schedule(received.pk, in_days(1), staff)
    with pytest.raises(refusals.AlreadyReleased):
        schedule.schedule(cast.released().notice_id, in_days(1), staff)


def dated(notice: Notice, date: dt.date) -> Notice:
    """The notice as a letter out of a packet, which keeps its date."""
    Notice.objects.filter(pk=notice.pk).update(number_fixed=True, date=date)
    return notice


def test_what_is_not_approved_is_not_scheduled(cast: Cast, staff: Actor) -> None:
    draft = cast.draft()
    with pytest.raises(refusals.NotApproved):
        schedule.schedule(draft.pk, in_days(1), staff)
    approve.ask(draft.pk, in_days(1).date(), staff)
    with pytest.raises(refusals.StillWaiting):
        schedule.schedule(draft.pk, in_days(1), staff)


def test_a_letter_is_scheduled_for_another_day_than_its_own_only_if_that_is_meant(draft: Notice, staff: Actor) -> None:
    when = in_days(1)
    schedule.schedule(draft.pk, when, staff)
    schedule.unschedule(draft.pk, staff)
    same_year = when.date() - dt.timedelta(days=1)
    if wareki.fiscal_year(same_year) != wareki.fiscal_year(when.date()):
        same_year = when.date() + dt.timedelta(days=1)
    when += same_year - when.date()
    if when <= timezone.now():
        when = timezone.now() + dt.timedelta(minutes=1)
    with pytest.raises(refusals.ScheduledOnAnotherDay):
        schedule.schedule(draft.pk, when, staff)
    schedule.schedule(draft.pk, when, staff, on_another_day=True)
    assert draft.date == in_days(1).date() != timezone.localdate(plan(draft).scheduled_at)


def test_a_schedule_in_another_year_than_the_letters_is_refused(draft: Notice, staff: Actor, cast: Cast) -> None:
    own = approved(cast, dated(cast.draft("届いた通知"), dt.date(2024, 10, 30)))
    for letter in (draft, own):
        with pytest.raises(refusals.ScheduledInAnotherYear):
            schedule.schedule(letter.pk, in_days(366), staff, on_another_day=True)


def test_a_correction_due_on_the_last_of_march_goes_out_after_midnight_too(cast: Cast, staff: Actor) -> None:
    draft = correcting.draft_correction(cast.released().notice_id, staff)
    Release.objects.filter(notice=draft).update(changed="期限を改めました。")
    approval = cast.approved(draft).approval
    last = dt.date(wareki.fiscal_year(timezone.localdate()), 3, 31)
    Notice.objects.filter(pk=draft.pk).update(date=last)
    Approval.objects.filter(pk=approval.pk).update(fingerprint=fingerprint_of(draft.pk))
    by = {"scheduled_by": staff.account, "scheduled_as": staff.capacity}
    midnight = timezone.make_aware(dt.datetime.combine(last, dt.time(23, 59)))
    Release.objects.filter(notice=draft).update(scheduled_at=midnight, **by)
    assert schedule.release_due() == 1


def changes(draft: Notice, staff: Actor) -> list[Callable[[], object]]:
    """Everything that changes a draft."""
    return [
        lambda: composing.change(draft.pk, staff, letter=letter(draft, "別の件名"), plan={}),
        lambda: addressing.address(draft.pk, staff, scope="all", districts=[], tags=[]),
        lambda: guide.arrange(draft.pk, [], staff),
        lambda: enclosures.add(draft.pk, "別添", "資料", url="https://portal.example/"),
        lambda: composing.discard(draft.pk, staff),
    ]


def test_nobody_changes_a_draft_while_it_is_scheduled(draft: Notice, staff: Actor) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    for change in changes(draft, staff):
        with pytest.raises(Scheduled):
            change()
    schedule.unschedule(draft.pk, staff)
    for change in changes(draft, staff):
        with pytest.raises(StandsFast):
            change()
    approve.reopen(draft.pk, staff)
    for change in changes(draft, staff):
        change()


def test_who_releases_it_at_once_needs_no_schedule_any_more(cast: Cast, staff: Actor) -> None:
    draft = approved(cast, dated(cast.draft(), in_days(1).date()))
    schedule.schedule(draft.pk, in_days(1), staff)
    issue.release(draft.pk, staff)
    assert plan(draft).scheduled_at is None
    with pytest.raises(refusals.AlreadyReleased):
        schedule.unschedule(draft.pk, staff)


# When its time has come -----------------------------------------------------------------------------------------------


def test_at_its_time_it_goes_out_in_the_name_of_who_scheduled_it(draft: Notice, staff: Actor) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    assert (schedule.release_due(), schedule.release_due()) == (1, 0)
    released = plan(draft)
    assert (released.state, released.released_by, released.scheduled_at) == ("sending", staff.account, None)
    event = Event.objects.get(verb="notice.released")
    assert (event.account, event.capacity) == (staff.account, staff.capacity)
    assert Receipt.objects.filter(release=released).count() == 8


def test_what_was_due_while_nothing_ran_goes_out_late_and_once(cast: Cast, staff: Actor) -> None:
    drafts = [approved(cast, dated(cast.draft(f"通知 {number}"), in_days(1).date())) for number in range(3)]
    for draft in drafts:
        schedule.schedule(draft.pk, in_days(1), staff)
        come(draft, minutes_ago=60 * 24 * 3)
    assert schedule.release_due() == 3
    assert {plan(draft).released_on for draft in drafts} == {timezone.localdate()}
    assert schedule.release_due() == 0


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_release_it_once(draft: Notice, staff: Actor) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    together, counts = threading.Barrier(10), []

    def work() -> None:
        together.wait()
        counts.append(schedule.release_due())
        close_old_connections()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(counts) == [0] * 9 + [1]
    assert (Receipt.objects.count(), DocumentNumber.objects.count()) == (8, 1)
    assert Event.objects.filter(verb="notice.released").count() == 1
    assert plan(draft).schedule_failed == ""


def disabled(draft: Notice, staff: Actor) -> None:
    Account.objects.filter(pk=staff.account.pk).update(is_active=False)


def left(draft: Notice, staff: Actor) -> None:
    Capacity.objects.filter(pk=staff.capacity.pk).update(ended_at=timezone.now())


def over(draft: Notice, staff: Actor) -> None:
    Release.objects.filter(notice=draft).update(deadline=timezone.localdate() - dt.timedelta(days=1))


def changed(draft: Notice, staff: Actor) -> None:
    Notice.objects.filter(pk=draft.pk).update(body="だれも見ていない文面")


@pytest.mark.parametrize(
    ("happened", "words"),
    [(disabled, "予約した人"), (left, "予約した人"), (over, "発出日より前です"), (changed, "内容が変わっています")],
)
def test_what_is_refused_loses_its_schedule_and_keeps_the_reason(
    draft: Notice, staff: Actor, happened: Callable[[Notice, Actor], None], words: str
) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    happened(draft, staff)
    assert (schedule.release_due(), schedule.release_due()) == (0, 0)
    kept = plan(draft)
    assert (kept.state, kept.scheduled_at) == (Release.State.PREPARED, None)
    assert words in kept.schedule_failed
    [event] = Event.objects.filter(verb="release.unscheduled")
    assert (event.account, event.detail["reason"]) == (None, kept.schedule_failed)
    assert not Receipt.objects.exists()


def test_one_that_fails_holds_up_no_other(cast: Cast, draft: Notice, staff: Actor) -> None:
    other = approved(cast, cast.draft("ほかの通知"))
    for each in (draft, other):
        schedule.schedule(each.pk, in_days(1), staff)
        come(each)
    over(draft, staff)
    assert schedule.release_due() == 1
    assert plan(other).state == Release.State.SENDING


def test_without_its_pdf_it_is_not_released_and_says_so(draft: Notice, staff: Actor, settings: Settings) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    settings.PDF_WRITING_BYTES = 1024**2
    assert schedule.release_due() == 0
    assert "PDF を作れませんでした" in plan(draft).schedule_failed
    schedule.schedule(draft.pk, in_days(1), staff)
    assert plan(draft).schedule_failed == ""


def test_what_is_no_refusal_leaves_the_schedule_for_the_next_time(
    draft: Notice, staff: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    with monkeypatch.context() as away:
        away.setattr(confined, "ROOT", Path("/nowhere"))
        assert schedule.release_due() == 0
    assert "stays scheduled" in caplog.text
    assert plan(draft).scheduled_at
    assert schedule.release_due() == 1


# The clock ------------------------------------------------------------------------------------------------------------


def test_beat_and_every_worker_look_for_it_within_the_minute() -> None:
    assert tasks.release_due_schedules.name in Sweep.tasks
    [entry] = [each for each in app.conf.beat_schedule.values() if each["task"] == tasks.release_due_schedules.name]
    assert max(entry["schedule"], SWEEP_SECONDS) <= 30


@pytest.mark.django_db(transaction=True)
def test_a_worker_releases_what_is_due_while_the_broker_is_away(draft: Notice, staff: Actor, tmp_path: Path) -> None:
    schedule.schedule(draft.pk, in_days(1), staff)
    come(draft)
    server, _, _ = os.environ.get("DATABASE_URL", "").rpartition("/")
    address = f"{server or 'sqlite://'}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    environment |= {"SHUCHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", "1"]
    worker = start(command, tmp_path / "worker.log", environment)
    try:
        wait_until(lambda: plan(draft).state != Release.State.PREPARED, "the worker to release what is due")
    finally:
        worker.terminate()
        worker.wait()
    assert Event.objects.filter(verb="notice.released").count() == 1
