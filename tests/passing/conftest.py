"""A notice that goes through the districts, released as staff release it, and the letters of its chairs."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone

from members.history import Actor
from members.models import Organisation
from notices.distribution import recipients
from notices.letters.passing_on import Covering
from notices.models import Delivery, Receipt, Release
from notices.procedures import pass_on, step_in
from notices.search import index as search
from tests.cast import Cast
from tests.tracking.conftest import add_steps


@dataclass
class Way:
    """The association's release, and what chairs and staff do with it."""

    cast: Cast
    release: Release

    def actor(self, who: str) -> Actor:
        capacity = self.cast.capacities[who]
        return Actor(capacity.account, capacity)

    def receipt(self, organisation: Organisation, release: Release | None = None) -> Receipt:
        return Receipt.objects.get(release=release or self.release, organisation=organisation)

    def covering(self, **more: object) -> Covering:
        text = "標記について、別添1のとおり通知がありました。\n期限までにご確認をお願いいたします。"
        return Covering(**{"text": text, "date": timezone.localdate(), "deadline": self.release.deadline} | more)

    def pass_on(self, who: str = "chair", release: Release | None = None, **more: object) -> Release:
        """The district of that chair passes the notice on."""
        receipt = self.receipt(self.cast.capacities[who].organisation, release)
        return pass_on.pass_on(receipt.pk, self.covering(**more), self.actor(who))

    def step_in(self, district: Organisation, reason: str = "会長が入院中のため") -> int:
        return step_in.step_in(self.receipt(district).pk, reason, self.actor("staff"))

    def let_days_pass(self, days: int) -> None:
        """The release went out so many days ago."""
        then = timezone.now() - dt.timedelta(days=days)
        Release.objects.filter(pk=self.release.pk).update(released_at=then, released_on=timezone.localdate(then))


def plan() -> dict[str, object]:
    """The choices of a release whose way is through the districts."""
    return {
        "ask": Release.Ask.SET_UP,
        "deadline": timezone.localdate() + dt.timedelta(days=20),
        "who": "会員薬局",
        "what": "手順に沿って設定する",
        "through_districts": True,
    }


def written(cast: Cast) -> Way:
    """As it stands after its release, written row by row: to write a PDF for every test would take long."""
    release = cast.released(**plan())
    Delivery.objects.filter(release=release).delete()
    release.receipts.all().delete()
    Release.objects.filter(pk=release.pk).update(state=Release.State.SENDING)
    release.refresh_from_db()
    add_steps(release.notice)
    recipients.write(release)
    search.renew(release.notice_id)
    return Way(cast, release)


@pytest.fixture
def way(cast: Cast) -> Way:
    return written(cast)
