"""A small world in which releases ask something, and moments of it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from members.history import NOBODY
from notices.distribution import message
from notices.distribution.message import Mail
from notices.distribution.reminders import plans
from notices.models import Delivery, Mention, Receipt, Release, Reminder, ReminderDay, ReminderPlan
from notices.models.receipt import Via
from notices.tracking import confirming
from tests.cast import Cast
from tests.cast import cast as cast

TOKYO = ZoneInfo("Asia/Tokyo")


def at(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """That moment in Tokyo."""
    return dt.datetime.combine(day, dt.time(hour, minute), TOKYO)


@pytest.fixture(autouse=True)
def usual_days(settings) -> None:
    """FAX is sent by hand, and messages go out at any hour, unless a test wants it otherwise."""
    settings.FAX_GATEWAY, settings.SENDING_HOURS = "", None


def issued(
    cast: Cast, on: dt.date, subject: str = "在宅患者の残薬調整について", plan: bool = True, **release: object
) -> Release:
    """A notice that everybody of the cast got on that day, with the usual plan unless none is wanted."""
    deadline = release.pop("deadline", None)
    return out_since(cast.released(subject, **release), on, deadline, plan=plan)


def out_since(made: Release, on: dt.date, deadline: dt.date | None = None, *, plan: bool = True) -> Release:
    """The release, as if it had gone out on that day."""
    moment = at(on, 8)
    Release.objects.filter(pk=made.pk).update(released_on=on, released_at=moment, deadline=deadline)
    Delivery.objects.filter(release=made).update(made_at=moment, settled_at=moment)
    made.refresh_from_db()
    if plan:
        plans.begin(made)
    return made


def replan(release: Release, *days: int, **more: object) -> ReminderPlan:
    """Other days than the usual ones."""
    plan = ReminderPlan.objects.get(release=release)
    ReminderPlan.objects.filter(pk=plan.pk).update(**more)
    if days:
        plan.days.all().delete()
        ReminderDay.objects.bulk_create([ReminderDay(plan=plan, offset=day) for day in days])
    return ReminderPlan.objects.get(pk=plan.pk)


def sent() -> None:
    """The outbox has worked off what waits."""
    waiting = Delivery.objects.unfinished()
    waiting.update(state=Delivery.State.SENT, settled_at=timezone.now(), claim=None, leased_until=None)
    Release.objects.filter(state=Release.State.SENDING).update(state=Release.State.SENT)


def names(release: Release) -> list[str]:
    """Who was reminded of a release so far, in the order of the roster, once a reminder."""
    found = Mention.objects.filter(receipt__release=release, what=Mention.What.ANSWER)
    return sorted(found.values_list("receipt__organisation__name", flat=True))


def confirm(receipt: Receipt) -> None:
    """The recipient presses the button, by its personal address."""
    confirming.confirm(receipt.pk, actor=NOBODY, via=Via.PERSONAL)


def mail_of(reminder: Reminder) -> Mail:
    """The mail by which an organisation is reminded."""
    return message.build(Delivery.objects.filter(reminder=reminder).first())
