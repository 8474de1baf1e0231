"""A released notice with a week of answers, each at a known time."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone

from members import history
from members.history import NOBODY
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Via
from notices.tracking import confirming, helping, on_behalf, setup
from notices.tracking.on_behalf import Said, What
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}


@dataclass
class Week:
    """Days are counted from the release, which is ten days old."""

    cast: Cast
    release: Release
    begun: dt.datetime

    def day(self, number: float) -> dt.datetime:
        return self.begun + dt.timedelta(days=number)

    def receipt(self, number: int) -> Receipt:
        return self.cast.receipt(self.release, self.cast.pharmacies[number])


@pytest.fixture
def week(cast: Cast) -> Week:
    """Confirmed after 1, 2 and 3 days: the first finished, the second 対象外 on behalf, the third stuck."""
    begun = (timezone.now() - dt.timedelta(days=10)).replace(hour=1, minute=0, second=0, microsecond=0)
    release = cast.released(ask=Release.Ask.SET_UP)
    Release.objects.filter(pk=release.pk).update(
        released_at=begun, released_on=begun.date(), deadline=begun.date() + dt.timedelta(days=2)
    )
    release.refresh_from_db()
    Delivery.objects.filter(release=release).update(made_at=begun, settled_at=begun + dt.timedelta(minutes=1))
    made = Week(cast, release, begun)
    chair = cast.receipt(release, cast.shirasagi)
    with history.dated(made.day(0.5)):
        confirming.pass_on(chair.pk, actor=cast.actor("chair"), via=Via.SIGNED_IN)
    with history.dated(made.day(1)):
        setup.finish(made.receipt(0).pk, **SAID)
    with history.dated(made.day(2)):
        said = Said(What.NOT_APPLICABLE, Via.TELEPHONE, "髙木 亮", reason="訪問をしていない")
        on_behalf.record(made.receipt(1).pk, said, actor=cast.actor("staff"))
    with history.dated(made.day(3)):
        confirming.confirm(made.receipt(2).pk, **SAID)
        confirming.name(made.receipt(2).pk, "島 はるか", **SAID)
    asked = helping.ask(made.receipt(2).pk, None, "権限の区分が選べません", **SAID)
    type(asked).objects.filter(pk=asked.pk).update(asked_at=made.day(3))
    return made
