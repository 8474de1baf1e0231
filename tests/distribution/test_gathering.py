"""まとめて送る: several お知らせ to one address in one mail, each with its own receipt and its own delivery."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from notices import personal
from notices.distribution import gathering, outbox
from notices.models import Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, subject, whole
from tests.distribution.deliveries import (
    ADDRESS,
    State,
    first,
    let_time_pass,
    reconciles,
    states,
)

JST = dt.timezone(dt.timedelta(hours=9))
Gathers = Release.Gathers


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
