"""電話してほしい薬局: whom a chair is to call, the same on the desk and beside the chair's own words to the members."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from members import workdays
from members.history import NOBODY
from members.models import Organisation
from notices.distribution import by_hand
from notices.distribution.reminders import members
from notices.models import Delivery, Receipt, Release, Unreminded
from notices.models.receipt import Reach, Via
from notices.tracking import confirming, helping
from tests.boards.reading import text_of
from tests.distribution.paper import wants_post
from tests.passing.conftest import Way
from tests.reminders.conftest import at


@pytest.fixture(autouse=True)
def working_day(settings, monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """It is ten o'clock of a working day; nothing is sent by FAX by itself."""
    settings.FAX_GATEWAY, settings.SENDING_HOURS = "", None
    now = at(workdays.on_or_after(timezone.localdate() + dt.timedelta(days=1)), 10)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def letter(way: Way) -> Release:
    """A minute ago 白鷺 has passed a notice on: one member gets paper, the mails to the others have gone."""
    wants_post(way.cast.pharmacies[0])
    letter = way.pass_on()
    mailed = letter.receipts.exclude(organisation=way.cast.pharmacies[0])
    Delivery.objects.filter(receipt__in=mailed).update(state="sent", settled_at=timezone.now())
    mailed.update(reach=Reach.SENT)
    Release.objects.filter(pk=letter.pk).update(state=Release.State.SENT)
    return letter


def page(way: Way, name: str, query: str = "") -> HttpResponse:
    own = way.receipt(way.cast.shirasagi)
    return way.cast.client("chair").get(reverse(f"notices:{name}", args=[own.pk]) + query)


def called(way: Way) -> list[Organisation]:
    return [each.organisation for each in members.to_call(way.receipt(way.cast.shirasagi), timezone.localdate())]


def numbers(way: Way) -> tuple[str, ...]:
    """How many are to be called, as the desk and the page of the chair's words say."""
    desk = re.search("電話してほしい ?([0-9]+)", text_of(page(way, "district_receipt")))
    beside = re.search("電話してほしい薬局 ([0-9]+) 薬局", text_of(page(way, "district_message")))
    return tuple(found[1] if found else "" for found in (desk, beside))


def test_right_after_passing_on_nobody_has_to_be_called_and_papers_have_not_gone(way: Way, letter: Release):
    assert (called(way), numbers(way)) == ([], ("", ""))
    desk = text_of(page(way, "district_receipt"))
    assert "まだ確認していない薬局 3 薬局" in desk and "電話してほしい" not in desk
    beside = text_of(page(way, "district_message"))
    name = way.cast.pharmacies[0].name
    assert f"{name} 郵送で届けます（まだ送っていません）。県薬剤師会の事務局が送ります" in beside
    assert "届けています" not in beside

    by_hand.note_sent(letter, way.actor("staff"), None, Delivery.objects.latest("pk").pk, timezone.now())
    day = timezone.localdate()
    sent = f"{name} {day.month}/{day.day} に県薬剤師会の事務局が郵送で送りました"
    assert sent in text_of(page(way, "district_message"))


def test_whom_nothing_reached_is_to_be_called_at_once_on_both_pages(way: Way, letter: Release):
    failed = way.receipt(way.cast.pharmacies[1], letter)
    Receipt.objects.filter(pk=failed.pk).update(reach=Reach.FAILED, reach_reason="宛先がありません")
    assert (called(way), numbers(way)) == ([failed.organisation], ("1", "1"))
    desk = text_of(page(way, "district_receipt"))
    assert "電話してほしい薬局 1 薬局" in desk, "they come first"
    assert "まだ確認していない薬局 3 薬局" in text_of(page(way, "district_receipt", "?show=unconfirmed"))
    confirming.confirm(failed.pk, actor=way.actor("chair"), via=Via.TELEPHONE)
    assert (called(way), numbers(way)) == ([], ("", ""))


def test_once_the_plan_begins_to_remind_whoever_has_not_confirmed_is_to_be_called(way: Way, letter: Release):
    today = timezone.localdate()
    first, second, third = way.cast.pharmacies[:3]
    near = {"deadline": today + dt.timedelta(days=2), "released_on": today - dt.timedelta(days=10)}
    Release.objects.filter(pk=letter.pk).update(**near)
    assert (called(way), numbers(way)) == ([first, second, third], ("3", "3"))
    beside = text_of(page(way, "district_message"))
    assert "うち、メールで連絡できない薬局が 1 か所あります" in beside and first.telephone in beside

    # Whom the association looks after it calls itself.
    helping.ask(way.receipt(second, letter).pk, None, "", actor=NOBODY, via=Via.PERSONAL)
    Unreminded.objects.create(receipt=way.receipt(third, letter), stopped_by=way.actor("staff").account)
    assert (called(way), numbers(way)) == ([first], ("1", "1"))

    Release.objects.filter(pk=letter.pk).update(state=Release.State.PAUSED)
    assert called(way) == []


def test_on_the_day_of_the_release_nobody_is_called_however_near_the_deadline_is(way: Way, letter: Release):
    Release.objects.filter(pk=letter.pk).update(deadline=timezone.localdate())
    letter.refresh_from_db()
    assert not members.is_time(letter, letter.released_on)
    assert members.is_time(letter, letter.released_on + dt.timedelta(days=1))
