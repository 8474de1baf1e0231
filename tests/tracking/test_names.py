"""Who confirmed is named for five years; that and when it was confirmed stays."""

import datetime as dt

import pytest
from django.utils import timezone

from config.celery import Sweep, app
from members.expiry import names_kept_since
from members.models import Event
from notices import tasks
from notices.models import Receipt
from notices.tracking import confirming
from tests.tracking.conftest import BY_HAND


@pytest.mark.parametrize(("days", "name"), [(-1, ""), (0, "髙木 亮")])
def test_a_name_is_emptied_five_years_after_the_confirmation(confirmed: Receipt, days: int, name: str) -> None:
    confirming.name(confirmed.pk, "髙木 亮", **BY_HAND)
    day = names_kept_since(timezone.localdate()) + dt.timedelta(days=days)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    Receipt.objects.filter(pk=confirmed.pk).update(confirmed_at=at)
    tasks.clear_expired()
    tasks.clear_expired()
    confirmed.refresh_from_db()
    assert (confirmed.confirmed_name, confirmed.confirmed_at) == (name, at)
    told = Event.objects.filter(verb="names.cleared").values_list("detail", flat=True)
    assert list(told) == ([] if name else [{"receipts": 1, "on_behalf": 0}])


def test_the_clock_and_every_worker_ring_for_it() -> None:
    name = tasks.clear_expired.name
    assert name in {entry["task"] for entry in app.conf.beat_schedule.values()} and name in Sweep.tasks
