"""A district that asks its members earlier than the association: its people see that day wherever they look."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import wareki, workdays
from notices import personal
from notices.distribution.recipients import recipient, with_ways
from notices.distribution.reminders import letter as reminding
from notices.distribution.reminders.due import Digest, Item
from notices.forms.passing_on import PassOnForm
from notices.letters import passing_on, stating
from notices.models import Delivery, Mention, Receipt, Release
from notices.templatetags.screen import desk_day, weekday_date
from tests.boards.reading import text_of
from tests.boards.test_comparison import more
from tests.boards.test_prints import pages
from tests.passing.conftest import Way
from tests.tracking.test_calendars import events

NUMBER = "白薬発第12号"


@pytest.fixture
def own(way: Way) -> dt.date:
    """白鷺 wants the answers eight days earlier than the association."""
    day = timezone.localdate() + dt.timedelta(days=12)
    way.pass_on(number=NUMBER, deadline=day)
    return day


def asked(way: Way, who: str = "chair") -> Receipt:
    return way.receipt(way.cast.capacities[who].organisation)


def test_every_page_of_the_chair_says_the_districts_own_deadline(way: Way, own: dt.date):
    for name in ("遠賀薬剤師会", "直方薬剤師会"):
        more(way.cast, name, 6, way.release)  # so that there are enough to be compared with
    chair, later = way.cast.client("chair"), way.release.deadline
    delivery = Delivery.objects.filter(receipt=asked(way)).first()
    said = {
        "desk": (chair.get(reverse("notices:district")), desk_day),
        "notice": (chair.get(reverse("notices:district_receipt", args=[asked(way).pk])), weekday_date),
        "trends": (chair.get(reverse("notices:trends")), desk_day),
        "personal": (Client().get(reverse("notices:personal", args=[personal.token_of(delivery)])), weekday_date),
    }
    for where, (page, form) in said.items():
        assert form(own) in text_of(page), where
        assert form(later) not in text_of(page), where
    other = way.cast.client("other_chair").get(reverse("notices:district"))
    assert desk_day(later) in text_of(other), "who has not passed it on sees the association's"


def test_the_associations_board_names_it_beside_the_districts_letter(way: Way, own: dt.date):
    board = text_of(way.cast.client("staff").get(reverse("notices:notice", args=[way.release.notice_id])))
    assert f"（0日） 期限 {desk_day(own)}" in board
    assert "会長に電話依頼" not in board, "the members have only just got it"


def test_the_call_list_names_the_districts_letter_beside_the_associations(way: Way, own: dt.date):
    (page,) = pages(way.cast.client("chair").get(reverse("notices:district_calls", args=[asked(way).pk])))
    assert NUMBER in page and way.release.notice.number_text in page
    assert f"{wareki.long_date(timezone.localdate())}付け" in page
    assert wareki.day_with_weekday(own) in page
    assert wareki.day_with_weekday(way.release.deadline) not in page


def test_the_calendar_has_the_districts_own_deadline_in_the_place_of_the_associations(way: Way):
    chair = way.cast.client("chair")
    everything = reverse("notices:district_calendar")
    [before] = events(chair.get(everything))
    assert before.start == way.release.deadline
    day = timezone.localdate() + dt.timedelta(days=12)
    way.pass_on(deadline=day)
    for address in (everything, reverse("notices:district_receipt_calendar", args=[asked(way).pk])):
        [after] = events(chair.get(address))
        assert after.start == day
        assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1), "the same event, later"


def test_the_calendar_drops_what_is_over_by_the_districts_own_deadline(way: Way):
    letter = way.pass_on()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Release.objects.filter(pk=letter.pk).update(deadline=yesterday, released_on=yesterday)
    answer = way.cast.client("chair").get(reverse("notices:district_calendar"))
    assert answer["Location"] == reverse("notices:district"), "nothing is left to look after"


def test_the_list_of_members_left_says_the_districts_own_deadline(way: Way, own: dt.date):
    receipt = with_ways(Receipt.objects.filter(pk=asked(way).pk)).get()
    members = tuple(Receipt.objects.whole(way.release).pharmacies().values_list("pk", flat=True))
    digest = Digest(recipient(receipt.organisation), [], [Item(receipt, Mention.What.MEMBERS, 8, members)])
    [listed] = reminding.sample(digest, timezone.localdate()).lists
    assert listed.until == wareki.day_with_weekday(own)


def test_a_districts_letter_names_its_deadline_and_follows_the_chairs(way: Way) -> None:
    receipt = way.cast.receipt(way.release, way.cast.shirasagi)
    asked = way.release.deadline
    usual = passing_on.proposed(receipt, timezone.localdate())
    assert usual.text.endswith(stating.due(asked, stating.TO_MEMBERS))
    earlier = workdays.on_or_after(asked - dt.timedelta(days=12))
    form = PassOnForm(
        {"text": usual.text.replace("\n", "\r\n"), "deadline": earlier.isoformat(), "sure": "on"},
        receipt=receipt,
    )
    assert form.is_valid(), form.errors
    assert form.covering().text.endswith(stating.due(earlier, stating.TO_MEMBERS))
    assert stating.due(asked, stating.TO_MEMBERS) not in form.covering().text
