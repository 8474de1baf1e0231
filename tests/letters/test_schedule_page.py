"""「日時を決めて発出する」 on the page that checks a draft, and what a scheduled draft looks like everywhere."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members import wareki
from members.models import Event
from notices.forms.dates import ClockField
from notices.models import Notice, Release
from notices.procedures import schedule
from notices.templatetags.screen import clock
from tests.cast import Cast
from tests.letters.browser import address, form, shown


def day(days: int = 1) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def typed(days: int = 1, **changes: str) -> dict[str, str]:
    return {"day": wareki.long_date(day(days)), "clock": "9:00", "sure": "on"} | changes


@pytest.fixture
def draft(cast: Cast, draft: Notice) -> Notice:
    """Approved, and dated tomorrow."""
    return cast.approved(draft, day())


@pytest.fixture
def own(cast: Cast) -> Notice:
    """A letter out of a packet, which is dated tomorrow and goes out whenever staff say."""
    letter = cast.draft()
    Notice.objects.filter(pk=letter.pk).update(number_fixed=True, date=day())
    return cast.approved(letter)


def booked(notice: Notice) -> dt.datetime | None:
    return Release.objects.get(notice=notice).scheduled_at


def words_of_the_lists(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"予約 {local.month}/{local.day} {clock(at)}"


def test_a_day_and_a_time_schedule_the_release(desk: Client, draft: Notice) -> None:
    answer = desk.post(address("schedule", draft), typed(clock="９時半"), follow=True)
    at = timezone.localtime(booked(draft))
    assert (at.date(), at.hour, at.minute) == (day(), 9, 30)
    page = shown(answer)
    assert "に発出する予約をしました" in page
    assert "予約を取り消す" in page
    assert wareki.long_date(day()) in page  # the day that the letter will carry


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("9:00", (9, 0)),
        ("９：００", (9, 0)),
        ("9時", (9, 0)),
        ("９時３０分", (9, 30)),
        ("午後3時半", (15, 30)),
        ("午前0時", (0, 0)),
        ("午後 12:15", (12, 15)),
        ("0905", (9, 5)),
        ("23:59", (23, 59)),
    ],
)
def test_a_time_is_read_as_people_write_it(written: str, time: tuple[int, int]) -> None:
    assert ClockField().clean(written) == dt.time(*time)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("25:00", "25:00 はありません。翌日の 1:00 なら"),
        ("24:00", "翌日の 0:00 なら"),
        ("９９：００", "99:00 はありません"),
        ("9:60", "分は 0 から 59 まで"),
        ("午後13時", "午後13時はありません"),
        ("朝", "時刻として読めません"),
        ("-1:00", "時刻として読めません"),
        ("", "入力してください"),
    ],
)
def test_a_time_that_is_none_is_refused_with_a_hint(desk: Client, draft: Notice, written: str, words: str) -> None:
    page = shown(desk.post(address("schedule", draft), typed(clock=written)))
    assert words in page
    assert booked(draft) is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("令和8年2月29日", "2月は28日までです"),
        ("あした", "日付として読めません"),
        ("0001-01-01", "明治より前の日付は扱えません"),
    ],
)
def test_a_day_that_is_none_is_refused(desk: Client, draft: Notice, written: str, words: str) -> None:
    page = shown(desk.post(address("schedule", draft), typed(day=written)))
    assert words in page
    assert written in page
    assert booked(draft) is None


def test_it_asks_whether_it_was_checked(desk: Client, draft: Notice) -> None:
    page = shown(desk.post(address("schedule", draft), typed(sure="")))
    assert "確かめたら、印を付けてください" in page
    assert booked(draft) is None


def test_a_time_that_is_over_asks_whether_to_release_now(desk: Client, own: Notice) -> None:
    page = shown(desk.post(address("schedule", own), typed(days=-1)))
    assert page.index("下の日時を直してください。") < page.index("いま 6 薬局と 2 地区に発出する")
    assert booked(own) is None
    desk.post(address("check", own), {"sure": "on"})
    own.refresh_from_db()
    assert own.state == Notice.State.RELEASED


def test_a_deadline_before_the_scheduled_day_is_refused(desk: Client, draft: Notice) -> None:
    Release.objects.filter(notice=draft).update(deadline=day(2))
    assert "発出日より前です" in shown(desk.post(address("schedule", draft), typed(days=3)))
    assert booked(draft) is None


def test_a_day_that_is_not_the_letters_is_asked_about(desk: Client, draft: Notice) -> None:
    page = shown(desk.post(address("schedule", draft), typed(days=2)))
    if wareki.fiscal_year(day(1)) != wareki.fiscal_year(day(2)):
        assert "違う年度" in page
        return
    assert "のままで" in page
    assert "on_another_day" in page
    assert booked(draft) is None
    desk.post(address("schedule", draft), typed(days=2, on_another_day="on"))
    assert booked(draft)
    desk.post(address("unschedule", draft))
    assert "違う年度（" in shown(desk.post(address("schedule", draft), typed(days=367, on_another_day="on")))


@pytest.fixture
def scheduled(cast: Cast, desk: Client, draft: Notice) -> Notice:
    desk.post(address("schedule", draft), typed())
    return draft


@pytest.mark.parametrize("name", ["compose", "steps", "recipients", "discard", "preview"])
def test_a_scheduled_draft_is_changed_by_nobody_and_the_page_says_why(
    desk: Client, scheduled: Notice, name: str
) -> None:
    if name != "preview":
        assert desk.get(address(name, scheduled)).url == address("check", scheduled)
    answer = desk.post(address(name, scheduled), form(scheduled, body="別の文", scope="all"), follow=True)
    assert "直すときは、先に予約を取り消してください" in shown(answer)
    scheduled.refresh_from_db()
    assert "別の文" not in scheduled.body
    done = ["notice.drafted", "approval.asked", "approval.given", "release.scheduled"]
    assert [event.verb for event in Event.objects.order_by("id")] == done


def test_looking_at_a_scheduled_draft_offers_nothing_that_changes_it(desk: Client, scheduled: Notice) -> None:
    page = shown(desk.get(address("check", scheduled)))
    for name in ("compose", "steps", "recipients"):
        assert f'href="{address(name, scheduled)}"' not in page.split("<main", 1)[1]
    assert "予約を待たずに、いま発出する" in page


def test_taking_it_back_leaves_it_approved(desk: Client, scheduled: Notice) -> None:
    assert desk.get(address("unschedule", scheduled)).url == address("check", scheduled)
    assert booked(scheduled)
    page = shown(desk.post(address("unschedule", scheduled), follow=True))
    assert "予約を取り消しました" in page
    assert booked(scheduled) is None
    assert "すでに取り消されています" in shown(desk.post(address("unschedule", scheduled), follow=True))
    assert "地区に発出する" in shown(desk.get(address("check", scheduled)))


def test_it_can_go_out_at_once_instead(desk: Client, own: Notice) -> None:
    desk.post(address("schedule", own), typed())
    desk.post(address("check", own), {"sure": "on"})
    own.refresh_from_db()
    assert (own.state, booked(own)) == (Notice.State.RELEASED, None)
    late = desk.post(address("unschedule", own), follow=True)
    assert "すでに発出されています" in shown(late)


def test_the_lists_say_when_it_goes_out(desk: Client, scheduled: Notice) -> None:
    words = words_of_the_lists(booked(scheduled))
    for page in ("/today/", "/notices/", "/releases/", address("notice", scheduled)):
        shows = shown(desk.get(page))
        assert words in shows or "に発出する予約があります" in shows


def test_what_did_not_go_out_says_why_on_the_first_page_and_on_the_draft(desk: Client, scheduled: Notice) -> None:
    Release.objects.filter(notice=scheduled).update(
        scheduled_at=timezone.now() - dt.timedelta(minutes=1), deadline=day(-1)
    )
    assert schedule.release_due() == 0
    for page in ("/today/", *(address(name, scheduled) for name in ("notice", "check"))):
        assert "確認期限（" in shown(desk.get(page)), page
        assert "発出できませんでした" in shown(desk.get(page)), page
    assert "予約どおりに出せなかった通知" in shown(desk.get("/today/"))


def test_what_is_overdue_is_pointed_out(desk: Client, scheduled: Notice) -> None:
    assert "時刻を過ぎています" not in shown(desk.get("/today/"))
    Release.objects.filter(notice=scheduled).update(scheduled_at=timezone.now() - dt.timedelta(minutes=5))
    assert "時刻を過ぎています" in shown(desk.get("/today/"))
