"""That a question was answered is told whatever became of the release about which it was asked."""

import pytest

from members.history import NOBODY
from notices.distribution import claims, outbox, steering, superseding
from notices.models import Delivery, Relation, Release
from notices.models.receipt import Via
from notices.procedures import answer as answering
from notices.tracking import helping
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting


@pytest.mark.parametrize("became", ["paused", "stopped", "withdrawn", "corrected"])
def test_the_mail_goes_out_whatever_became_of_the_release(cast: Cast, sink: FailingSink, became: str) -> None:
    release = cast.released("在宅の届出について")
    receipt = cast.receipt(release, cast.pharmacies[0])
    asked = helping.ask(receipt.pk, None, "", actor=NOBODY, via=Via.PERSONAL)
    Release.objects.filter(pk=release.pk).update(state=Release.State.SENDING)
    answering.answer(asked.pk, "手順 3 を先に", actor=acting(cast))
    if became == "paused":
        steering.pause(release.pk, acting(cast))
    elif became == "stopped":
        steering.stop(release.pk, acting(cast))
    else:
        kind = Relation.Kind.WITHDRAWS if became == "withdrawn" else Relation.Kind.CORRECTS
        cast.supersede(release, cast.released("次の通知"), kind)
        superseding.stop(Release.objects.get(pk=release.pk))
    claims.stop_leftovers()
    outbox.send_due(5)
    mail = receipt.deliveries.get(purpose=Delivery.Purpose.ANSWER)
    assert [taken.recipients for taken in sink.mails] == [(mail.address,)]
    assert mail.state == Delivery.State.SENT


def test_the_next_message_of_a_run_is_offered_though_its_release_rests(cast: Cast, sink: FailingSink) -> None:
    """What is recorded of one message asks about the next in the same statement."""
    release = cast.released("在宅の届出について")
    for pharmacy in cast.pharmacies[:3]:
        asked = helping.ask(cast.receipt(release, pharmacy).pk, None, "", actor=NOBODY, via=Via.PERSONAL)
        answering.answer(asked.pk, "手順 3 を先に", actor=acting(cast))
    Release.objects.filter(pk=release.pk).update(state=Release.State.PAUSED)
    outbox.send_due(5)
    assert len(sink.mails) == 3
    assert set(Delivery.objects.filter(purpose=Delivery.Purpose.ANSWER).values_list("state", flat=True)) == {"sent"}
