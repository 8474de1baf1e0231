"""日ごとの推移: on the board as in the report, with the deadline and the reminders that really went out."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from members.models import Event
from notices.boards import course, progress
from notices.boards.course import Reminded
from notices.boards.reports import charts
from notices.boards.reports.counts import Days
from notices.distribution.bounces import settling
from notices.distribution.bounces.failure import Failure
from notices.distribution.bounces.failure import Kind as Says
from notices.distribution.bounces.reading import Bounce
from notices.models import Delivery, Mention, Receipt, Release, Reminder
from notices.procedures import report as reporting
from notices.tracking import setup
from tests.boards.reading import rows, text_of
from tests.boards.reports.conftest import SAID, Week
from tests.cast import Cast

State = Delivery.State


def remind(receipt: Receipt, at: dt.datetime, state: str = State.SENT) -> Delivery:
    """A reminder of that moment, with what became of its message."""
    day = timezone.localdate(at)
    reminder = Reminder.objects.create(organisation=receipt.organisation, receipt=receipt, day=day, made_at=at)
    Mention.objects.create(reminder=reminder, receipt=receipt)
    return Delivery.objects.create(
        receipt=receipt,
        purpose=Delivery.Purpose.REMINDER,
        reminder=reminder,
        channel="email",
        address="reminded@mail.example",
        state=state,
        made_at=at,
        settled_at=at,
    )


def board(cast: Cast, release: Release, **headers: str):
    return cast.client("staff").get(reverse("notices:notice", args=[release.notice_id]), headers=headers)


@pytest.fixture
def reminded(week: Week) -> Week:
    """On day 2 three were reminded, one of whom had the message stopped; on day 5 only a message that was not sent."""
    for number in (3, 4):
        remind(week.receipt(number), week.day(2))
    remind(week.receipt(5), week.day(2), State.STOPPED)
    remind(week.receipt(3), week.day(5), State.STOPPED)
    return week


def test_the_curve_of_the_board_is_that_of_a_report_of_now(reminded: Week):
    release = reminded.release
    setup.reopen(reminded.receipt(0).pk, **SAID)
    now = timezone.now()
    report, recipients = reporting.of_notice(release, now), progress.totals(release).pharmacies.recipients
    shown = course.of_now(release, recipients, now)
    assert shown == report.course
    assert charts.curve(shown) == charts.curve(report.course)
    assert [day.sent for day in shown.days] == [6] * len(shown.days)
    last = shown.days[-1]
    ends = [("送信済", 6), ("確認", last.confirmed), ("完了・対象外", last.finished + last.not_applicable)]
    assert [end for _, _, *end in charts.curve(shown).key] == [list(end) for end in ends]
    assert course.answer_days(release, recipients) == report.days == Days(2.0, 3.0, None)
    nobody = Cast.released(reminded.cast)
    assert course.answer_days(nobody, 6) == reporting.of_notice(nobody, timezone.now()).days == Days()


def test_the_reminders_are_those_that_had_gone_out_by_the_moment(reminded: Week):
    release = reminded.release
    day = timezone.localdate(reminded.day(2))
    assert reporting.of_notice(release, reminded.day(1.9)).course.reminded == []
    before = reporting.of_notice(release, reminded.day(4)).course
    assert before.reminded == [Reminded(day, 2)]
    mail = Delivery.objects.filter(purpose=Delivery.Purpose.REMINDER, state=State.SENT).first()
    Delivery.objects.filter(pk=mail.pk).update(address="gone@mail.example")
    failure = Failure("gone@mail.example", Says.PERMANENT, True, "5.1.1", "550 5.1.1 No such user")
    named = (mail.message_key.hex, urlsplit(settings.SITE_URL).hostname)
    settling.apply(Bounce(Says.PERMANENT, (failure,), message_ids=(named,)))
    mail.refresh_from_db()
    assert mail.bounced_at
    assert reporting.of_notice(release, reminded.day(4)).course == before


def test_deadline_and_reminders_are_marked_in_the_drawing_and_in_the_table(reminded: Week):
    deadline = timezone.localdate() + dt.timedelta(days=4)
    Release.objects.filter(pk=reminded.release.pk).update(deadline=deadline)
    reminded.release.refresh_from_db()
    found = course.of_now(reminded.release, 6, timezone.now())
    drawn = charts.curve(found, width=480)
    assert [(mark.label, mark.reminded.pharmacies) for mark in drawn.marks] == [("再通知①", 2)]
    assert drawn.deadline == f"{480 - charts.RIGHT_MARGIN:.1f}" and drawn.deadline_anchor == "end"
    last = drawn.lines[0][2].split()[-1]
    assert float(last.split(",")[0]) < float(drawn.deadline)  # the line ends today, not on the deadline
    table = found.rows()
    assert [(row.new, row.reminded) for row in table[:4]] == [(0, 0), (1, 0), (1, 2), (1, 0)]
    assert (table[-1].day, table[-1].figures, table[-1].is_deadline) == (deadline, None, True)
    page = board(reminded.cast, reminded.release)
    text = text_of(page)
    assert "25% が確認するまで 2.0 日 50% が確認するまで 3.0 日 75% が確認するまで –" in text
    assert "再通知（2 薬局）" in text and "再通知① " in text


def test_a_long_course_is_drawn_week_by_week_and_marked_to_the_day(week: Week):
    Release.objects.filter(pk=week.release.pk).update(
        released_at=week.day(-120), released_on=week.day(-120).date(), deadline=week.day(-50).date()
    )
    week.release.refresh_from_db()
    found = course.of_now(week.release, 6, timezone.now())
    assert len(found.curve) < 30 < len(found.days)
    assert week.release.deadline in [row.day for row in found.rows()]
    assert len(charts.curve(found, 480).dates) <= charts.MOST_DATES


def test_where_nothing_is_asked_there_is_no_course(cast: Cast):
    assert "日ごとの推移" not in text_of(board(cast, cast.released(ask=Release.Ask.INFORM)))
    assert "まだ推移を描けるほどの確認がありません" in text_of(board(cast, cast.released()))


# Live -----------------------------------------------------------------------------------------------------------------


def test_a_board_that_is_open_gets_but_the_time_until_something_changes(week: Week):
    release, cast = week.release, week.cast
    page = board(cast, release)
    seen, told = page.context["version"], page.context["tenths"]
    assert 'hx-trigger="every 15s, seen"' in page.content.decode()
    events = Event.objects.count()
    asked = {"HX-Request": "true", "Seen": seen, "Told": told}
    answer = board(cast, release, **asked)
    assert [each.name for each in answer.templates] == ["boards/as_of.html"]
    assert seen in answer.content.decode()
    assert Event.objects.count() == events
    assert not answer.cookies  # the session ends when it would have ended
    setup.finish(week.receipt(3).pk, **SAID)
    answer = board(cast, release, **asked)
    assert answer.context["version"] != seen
    html = answer.content.decode()
    assert '<p id="told">確認 66.7%、完了 40.0% になりました。</p>' in html
    assert rows(answer) == rows(board(cast, release))
    again = {"HX-Request": "true", "Seen": seen, "Told": answer.context["tenths"]}
    assert 'id="told"' not in board(cast, release, **again).content.decode()


def test_a_board_on_which_nothing_is_awaited_stays_still(cast: Cast):
    release = cast.released(ask=Release.Ask.INFORM)
    assert "hx-get" not in board(cast, release).content.decode()
    Receipt.objects.filter(release=release, audience="pharmacy").update(reach="waiting")
    assert "hx-get" in board(cast, release).content.decode()
