"""What became of a claimed delivery, recorded with what it makes of its receipt and its release.

Locks are taken in one order: release, delivery, receipt.
"""

import datetime as dt
import logging
from itertools import chain, repeat

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from members import history
from notices.distribution import reach
from notices.distribution.answers import Answer, Verdict
from notices.distribution.claims import held
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach

logger = logging.getLogger(__name__)

State = Delivery.State
OUTCOME_LENGTH = Delivery._meta.get_field("outcome").max_length
REASON_LENGTH = Release._meta.get_field("paused_reason").max_length
NEVER_TAKEN = "くり返し送りましたが、受け取られませんでした"


def settle(delivery: Delivery, answer: Answer) -> None:
    """Record the answer to one message. A row that another worker has claimed meanwhile is left to that one."""
    if answer.verdict is Verdict.ACCEPTED:
        _accepted(delivery)
    elif answer.verdict is Verdict.REFUSED:
        _refused(delivery, answer.words)
    else:
        _later(delivery, answer)


@transaction.atomic
def _accepted(delivery: Delivery) -> None:
    if _end(delivery, State.SENT, ""):
        # The best there is, whatever became of the receipt's other messages.
        Receipt.objects.filter(pk=delivery.receipt_id).update(reach=Reach.SENT, reach_reason="")


@transaction.atomic
def _refused(delivery: Delivery, words: str) -> None:
    if _end(delivery, State.FAILED, words):
        reach.renew(delivery.receipt)


def _end(delivery: Delivery, state: str, words: str) -> bool:
    """The row's final state; False where it is no longer ours."""
    ended = held(delivery).update(
        state=state, leased_until=None, settled_at=Now(), outcome=words[:OUTCOME_LENGTH], unsure=False
    )
    if not ended:
        logger.warning("Delivery %s was claimed anew after attempt %s", delivery.pk, delivery.attempt)
    return bool(ended)


def _later(delivery: Delivery, answer: Answer) -> None:
    wait = next_wait(delivery.deferrals)
    if wait is None:
        _refused(delivery, f"{NEVER_TAKEN}（{answer.words}）")
        return
    _put_off(
        delivery,
        wait,
        deferrals=F("deferrals") + 1,
        outcome=answer.words[:OUTCOME_LENGTH],
        unsure=delivery.unsure or answer.verdict is Verdict.UNSURE,
    )


def next_wait(deferrals: int) -> dt.timedelta | None:
    """How long a message waits that was put off so often before: 1, 5, 15, 60, 60 … minutes; None after three days."""
    minutes = settings.SENDING_RETRY_MINUTES
    waits = chain(minutes, repeat(minutes[-1]))
    waited = sum(next(waits) for _ in range(deferrals))
    return None if waited >= settings.SENDING_GIVE_UP_HOURS * 60 else dt.timedelta(minutes=next(waits))


def give_back(delivery: Delivery, rest_seconds: float = 0) -> None:
    """Nothing was offered to anybody, so it counts for nothing: the row waits as before it was claimed."""
    _put_off(delivery, dt.timedelta(seconds=rest_seconds))


@transaction.atomic
def _put_off(delivery: Delivery, wait: dt.timedelta, **more: object) -> None:
    """The row waits again, or is stopped where its release was stopped meanwhile."""
    release = Release.objects.select_for_update().get(receipts=delivery.receipt_id)
    if release.state == Release.State.STOPPED and delivery.purpose == Delivery.Purpose.NOTICE:
        if _end(delivery, State.STOPPED, ""):
            reach.renew(delivery.receipt)
    else:
        held(delivery).update(state=State.WAITING, leased_until=None, due_at=Now() + wait, **more)


# Releases -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(release: Release, reason: str) -> None:
    """The release pauses itself because our mail server will not have its mail. Does nothing when it is at rest."""
    going = Release.objects.filter(pk=release.pk, state=Release.State.SENDING)
    if going.update(state=Release.State.PAUSED, paused_reason=reason[:REASON_LENGTH]):
        history.record("release.paused", release, reason=reason)


def close_finished() -> None:
    """発出済: releases of which nothing is left to send."""
    unfinished = Delivery.objects.unfinished().filter(receipt__release=OuterRef("pk"))
    Release.objects.filter(~Exists(unfinished), state=Release.State.SENDING).update(state=Release.State.SENT)


@transaction.atomic
def stop_abandoned() -> None:
    """What a worker claimed and never settled, of a release that was stopped meanwhile, is stopped too."""
    abandoned = Delivery.objects.abandoned().filter(
        purpose=Delivery.Purpose.NOTICE, receipt__release__state=Release.State.STOPPED
    )
    receipts = list(abandoned.values_list("receipt", flat=True))
    if receipts:
        abandoned.update(state=State.STOPPED, leased_until=None, settled_at=Now(), unsure=True)
        reach.renew_all(Receipt.objects.filter(pk__in=receipts))
