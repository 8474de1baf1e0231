"""What became of a claimed delivery, recorded with what it makes of its receipt and its release.

What the server took is recorded by `ledger`, a statement a message; here is everything else. Locks are taken in one
order: release, delivery, receipt.
"""

import datetime as dt
import logging
from itertools import chain, repeat

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from members import history
from notices.distribution import answers, claims, reach, troubles
from notices.distribution.answers import Answer, Verdict
from notices.distribution.claims import held
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach

logger = logging.getLogger(__name__)

State = Delivery.State
OUTCOME_LENGTH = Delivery._meta.get_field("outcome").max_length
REPLY_LENGTH = Delivery._meta.get_field("reply").max_length
REASON_LENGTH = Release._meta.get_field("paused_reason").max_length
NEVER_TAKEN = "くり返し送りましたが、受け取られませんでした"


def settle(delivery: Delivery, answer: Answer) -> None:
    """Record an answer that is not a plain yes. A row that another worker has claimed meanwhile is left to that one."""
    if answer.verdict is Verdict.REFUSED:
        _refused(delivery, answer)
    elif answer.verdict is Verdict.WITHDRAWN:
        claims.give_back([delivery])
    elif answer.verdict is Verdict.BROKEN:
        claims.crashed(delivery, unsure=False)
    else:
        _later(delivery, answer)


@transaction.atomic
def _refused(delivery: Delivery, answer: Answer) -> None:
    """Final for this address, with a task and the organisation's other way.

    Where the release has paused because one address after the other got this very answer, nobody is to blame yet.
    """
    release = Release.objects.select_for_update(of=("self",)).get(receipts=delivery.receipt_id)
    if release.state == Release.State.PAUSED and answer.key == release.paused_reply:
        claims.give_back([delivery])
    elif _failed(delivery, answer.words, answer.reply):
        reach.renew(delivery.receipt)
        troubles.raise_for(delivery, answer.words, suspend=answer.bad_address)
        troubles.fall_back(delivery.receipt)


def _failed(delivery: Delivery, words: str, reply: str) -> bool:
    """不達; False where the row is no longer ours."""
    ended = held(delivery).update(
        state=State.FAILED,
        claim=None,
        leased_until=None,
        settled_at=Now(),
        outcome=words[:OUTCOME_LENGTH],
        reply=reply[:REPLY_LENGTH],
        unsure=False,
    )
    if not ended:
        warn_of_fence(delivery)
    return bool(ended)


def warn_of_fence(delivery: Delivery) -> None:
    logger.warning("Delivery %s was claimed anew after attempt %s", delivery.pk, delivery.attempt)


def _later(delivery: Delivery, answer: Answer) -> None:
    wait = next_wait(delivery.deferrals)
    if wait is None:
        _given_up(delivery, answer)
        return
    held(delivery).update(
        state=State.WAITING,
        claim=None,
        leased_until=None,
        due_at=Now() + wait,
        deferrals=F("deferrals") + 1,
        outcome=answer.words[:OUTCOME_LENGTH],
        reply=answer.reply[:REPLY_LENGTH],
        unsure=delivery.unsure or answer.verdict is Verdict.UNSURE,
    )


@transaction.atomic
def _given_up(delivery: Delivery, answer: Answer) -> None:
    Release.objects.select_for_update(of=("self",)).get(receipts=delivery.receipt_id)
    if _failed(delivery, f"{NEVER_TAKEN}（{answer.words}）", answer.reply):
        reach.renew(delivery.receipt)
        troubles.raise_for(delivery, NEVER_TAKEN, suspend=False)
        troubles.fall_back(delivery.receipt)


def next_wait(deferrals: int) -> dt.timedelta | None:
    """How long a message waits that was put off so often before: 1, 5, 15, 60, 60 … minutes; None after three days."""
    minutes = settings.SENDING_RETRY_MINUTES
    waits = chain(minutes, repeat(minutes[-1]))
    waited = sum(next(waits) for _ in range(deferrals))
    return None if waited >= settings.SENDING_GIVE_UP_HOURS * 60 else dt.timedelta(minutes=next(waits))


# Releases -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(release: Release, reason: str) -> None:
    """The release pauses itself because our mail server will not have its mail. Does nothing when it is at rest."""
    going = Release.objects.filter(pk=release.pk, state=Release.State.SENDING)
    if going.update(state=Release.State.PAUSED, paused_reason=reason[:REASON_LENGTH], paused_reply=""):
        history.record("release.paused", release, reason=reason)


@transaction.atomic
def pause_over(refused: list[Delivery], answer: Answer) -> None:
    """One address after the other got the same refusal: the release pauses, and whom it failed for this waits again.

    What other workers failed for the same reason in the same minutes is taken back with it. Does nothing where staff
    have said that the addresses are to blame.
    """
    release = Release.objects.select_for_update().get(pk=refused[0].receipt.release_id)
    if release.state != Release.State.SENDING or release.blamed_reply == answer.key:
        return
    since = Now() - dt.timedelta(minutes=5)
    failed = Delivery.objects.filter(receipt__release=release, state=State.FAILED, settled_at__gte=since)
    same = [each for each in failed if Answer(Verdict.REFUSED, reply=each.reply).key == answer.key]
    Delivery.objects.filter(pk__in=[each.pk for each in same]).update(
        state=State.WAITING, settled_at=None, outcome="", reply="", due_at=Now()
    )
    reach.renew_all(Receipt.objects.filter(pk__in=[each.receipt_id for each in same]))
    troubles.withdraw(same)
    reason = answers.same_for_all(answer)
    release.state, release.paused_reason, release.paused_reply = (
        Release.State.PAUSED,
        reason[:REASON_LENGTH],
        answer.key,
    )
    release.save(update_fields=["state", "paused_reason", "paused_reply"])
    history.record("release.paused", release, reason=reason, messages=len(same))


def close_finished() -> None:
    """発出済: releases of which nothing is left to send, and whose receipts know it."""
    unfinished = Delivery.objects.unfinished().filter(receipt__release=OuterRef("pk"))
    behind = Receipt.objects.filter(release=OuterRef("pk"), reach=Reach.WAITING)
    sending = Release.objects.filter(state=Release.State.SENDING)
    sending.filter(~Exists(unfinished), ~Exists(behind)).update(state=Release.State.SENT)
