"""Manners of sending: rates a minute, and hours."""

import datetime as dt

from django.utils import timezone

from notices.distribution import outbox, pace, recipients
from notices.models import Allowance, Delivery
from tests.cast import Cast
from tests.distribution.conftest import FailingSink
from tests.distribution.deliveries import ADDRESS, Issue, State, let_time_pass

TOKYO = dt.timezone(dt.timedelta(hours=9))


def next_minute() -> None:
    """What was counted so far was counted in an earlier minute."""
    for earlier, row in enumerate(Allowance.objects.order_by("pk"), start=2):
        Allowance.objects.filter(pk=row.pk).update(minute=timezone.now() - dt.timedelta(minutes=earlier))
    let_time_pass()


def test_without_a_rate_nothing_is_counted(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    issue()
    assert outbox.send_due() == 8
    assert not Allowance.objects.exists()


def test_no_more_than_the_rate_goes_out_in_a_minute(cast: Cast, issue: Issue, sink: FailingSink, settings) -> None:
    issue()
    settings.SENDING_PER_MINUTE = 3
    assert [outbox.send_due(), outbox.send_due()] == [3, 0]
    next_minute()
    assert outbox.send_due() == 3
    next_minute()
    assert outbox.send_due() == 2


def test_a_domain_has_a_rate_of_its_own_and_the_others_flow(
    cast: Cast, issue: Issue, sink: FailingSink, settings
) -> None:
    release = issue()
    Delivery.objects.filter(receipt__audience="pharmacy").update(address="box@docomo.example")
    settings.SENDING_DOMAIN_PER_MINUTE = {"docomo.example": 2}
    assert outbox.send_due() == 4
    assert len(sink.to("box@docomo.example")) == 2
    waiting = Delivery.objects.filter(receipt__release=release, state=State.WAITING)
    assert all(dt.timedelta() < row.due_at - timezone.now() <= dt.timedelta(minutes=1) for row in waiting)
    assert not waiting.filter(deferrals__gt=0).exists()
    next_minute()
    assert outbox.send_due() == 2


def test_a_rate_for_every_domain_holds_for_each_by_itself(
    cast: Cast, issue: Issue, sink: FailingSink, settings
) -> None:
    issue()
    settings.SENDING_DOMAIN_PER_MINUTE = {"*": 1}
    domains = {address.rpartition("@")[2] for address in Delivery.objects.values_list("address", flat=True)}
    assert outbox.send_due() == len(domains)


def test_a_link_that_somebody_waits_for_is_not_held_up(cast: Cast, issue: Issue, sink: FailingSink, settings) -> None:
    release = issue()
    settings.SENDING_PER_MINUTE = 1
    assert outbox.send_due() == 1
    recipients.again(release.receipts.get(organisation=cast.pharmacies[0]), ADDRESS)
    assert outbox.send_due() == 1
    assert sink.to(ADDRESS)[-1].message["Subject"].startswith("【リンクの再送】")


def test_outside_the_hours_only_what_somebody_waits_for_goes_out(
    cast: Cast, issue: Issue, sink: FailingSink, settings
) -> None:
    release = issue()
    now = timezone.localtime()
    later = (now + dt.timedelta(hours=1)).time(), (now + dt.timedelta(hours=2)).time()
    settings.SENDING_HOURS = later if later[0] < later[1] else (dt.time(3), dt.time(4))
    recipients.again(release.receipts.get(organisation=cast.pharmacies[0]), ADDRESS)
    assert outbox.send_due() == 1
    settings.SENDING_HOURS = dt.time(0), dt.time.max
    assert outbox.send_due() == 8


def test_the_hours_say_when_sending_begins_again(settings) -> None:
    def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime(2024, 10, day, hour, minute, tzinfo=TOKYO)

    settings.SENDING_HOURS = dt.time(8), dt.time(20)
    assert pace.opens_at(at(30, 7, 59)) == at(30, 8)
    assert pace.opens_at(at(30, 8)) is None
    assert pace.opens_at(at(30, 19, 59)) is None
    assert pace.opens_at(at(30, 20)) == at(31, 8)
    settings.SENDING_HOURS = None
    assert pace.opens_at(at(30, 3)) is None
