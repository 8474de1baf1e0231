"""What became of a claimed delivery, recorded with what it makes of its receipt and its release.

What the server took is recorded by `ledger`, a statement a message; here is everything else. A gathered mail is settled
with all that it carries. Locks are taken in one
order: release, delivery, receipt.
"""

import datetime as dt
import logging
from itertools import chain, repeat

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
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
REASON_LENGTH = Release._meta.get_field("paused_reason").max_length
NEVER_TAKEN = "くり返し送りましたが、受け取られませんでした"


def settle(delivery: Delivery, answer: Answer) -> bool:
    """Record an answer that is not a plain yes. A row that another worker has claimed meanwhile is left to that one.

    False where the answer is in doubt: it came while it was held to be our fault, and says nothing anew.
    """
    if answer.verdict is Verdict.ACCEPTED:
        return _sent(delivery)
    if answer.verdict is Verdict.REFUSED:
        return _refused(delivery, answer)
    if answer.verdict is Verdict.WITHDRAWN:
        claims.give_back([delivery])
    elif answer.verdict is Verdict.BROKEN:
        claims.crashed(delivery)
    else:
        _later(delivery, answer)
    return True


@transaction.atomic
def _sent(delivery: Delivery) -> bool:
    """A gathered mail was taken, and all that it carries with it. A bounce of it comes before or after this."""
    claims.hold(delivery)
    ended = {"state": State.SENT, "claim": None, "leased_until": None, "settled_at": Now()}
    if not held(delivery).update(**ended, outcome="", reply="", unsure=False):
        warn_of_fence(delivery)
        return False
    return True


@transaction.atomic
def _refused(delivery: Delivery, answer: Answer) -> bool:
    """Final for this address, with a task and the organisation's other way.

    Where the release has paused because one address after the other got this very answer, nobody is to blame yet.
    """
    release = claims.hold(delivery)
    if _is_in_doubt(delivery, release, answer):
        held(delivery).update(reply="")
        claims.give_back([delivery])
        return False
    if _failed(delivery, answer.words, answer.reply):
        _look_after(delivery, answer.words, suspend=answer.bad_address)
    return True


def _is_in_doubt(delivery: Delivery, release: Release, answer: Answer) -> bool:
    """Whether this answer was held to be our fault when it came, be it that staff have gone on since."""
    if answer.key == release.blamed_reply:
        return False
    paused = release.state == Release.State.PAUSED and answer.key == release.paused_reply
    return paused or held(delivery).filter(reply=answer.key).exists()


def _look_after(delivery: Delivery, reason: str, *, suspend: bool) -> None:
    reach.settle([each.receipt_id for each in delivery.mail])
    troubles.raise_for(delivery, reason, suspend=suspend)
    for each in delivery.mail:
        troubles.fall_back(each.receipt)


def _failed(delivery: Delivery, words: str, reply: str) -> bool:
    """不達; False where the row is no longer ours."""
    ended = held(delivery).update(
        state=State.FAILED,
        claim=None,
        leased_until=None,
        settled_at=Now(),
        outcome=words[:OUTCOME_LENGTH],
        reply=reply,
        unsure=False,
    )
    if not ended:
        warn_of_fence(delivery)
    return bool(ended)


def warn_of_fence(delivery: Delivery) -> None:
    logger.warning("Delivery %s was claimed anew after attempt %s", delivery.pk, delivery.attempt)


@transaction.atomic
def _later(delivery: Delivery, answer: Answer) -> None:
    wait = next_wait(delivery.deferrals)
    if wait is None:
        _given_up(delivery, answer)
        return
    if delivery.carried:
        claims.hold(delivery)
    held(delivery).update(
        state=State.WAITING,
        claim=None,
        leased_until=None,
        due_at=Now() + wait,
        deferrals=F("deferrals") + 1,
        outcome=answer.words[:OUTCOME_LENGTH],
        reply=answer.reply,
        unsure=delivery.unsure or answer.verdict is Verdict.UNSURE,
    )


@transaction.atomic
def _given_up(delivery: Delivery, answer: Answer) -> None:
    claims.hold(delivery)
    if _failed(delivery, f"{NEVER_TAKEN}（{answer.words}）", answer.reply):
        _look_after(delivery, NEVER_TAKEN, suspend=False)


def next_wait(deferrals: int) -> dt.timedelta | None:
    """How long a message waits that was put off so often before: 1, 5, 15, 60, 60 … minutes; None after three days."""
    minutes = settings.SENDING_RETRY_MINUTES
    waits = chain(minutes, repeat(minutes[-1]))
    waited = sum(next(waits) for _ in range(deferrals))
    return None if waited >= settings.SENDING_GIVE_UP_HOURS * 60 else dt.timedelta(minutes=next(waits))


# Releases -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(release: Release, reason: str, reply: str = "") -> None:
    """The release pauses itself because our mail server will not have its mail. Does nothing when it is at rest.

    With the key of a `reply` staff may blame the address that got it.
    """
    going = Release.objects.filter(pk=release.pk, state=Release.State.SENDING)
    if going.update(state=Release.State.PAUSED, paused_reason=reason[:REASON_LENGTH], paused_reply=reply):
        history.record("release.paused", release, reason=reason)


@transaction.atomic
def pause_over(refused: list[Delivery], answer: Answer) -> None:
    """One address after the other got the same refusal: the release pauses, and whom it failed for this waits again.

    What other workers failed for the same reason in the same minutes is taken back with it, and what they have in hand
    is marked by the answer: told later, it is in doubt as well. Does nothing where staff have said that the addresses
    are to blame.
    """
    release = _hold_with_mails(refused[0].release_id, answer)
    if release.state != Release.State.SENDING or release.blamed_reply == answer.key:
        return
    same = _failed_by(release, answer)
    Delivery.objects.filter(pk__in=[each.pk for each in same]).update(
        state=State.WAITING, settled_at=None, outcome="", reply="", due_at=Now()
    )
    # Of what their mails carried, notices may be through since.
    others = {each.release_id for each in same if each.release_id != release.pk}
    Release.objects.filter(pk__in=others, state=Release.State.SENT).update(state=Release.State.SENDING)
    Delivery.objects.filter(release=release, state=State.SENDING).update(reply=answer.key)
    troubles.withdraw(same)
    reach.renew_all(Receipt.objects.filter(pk__in=[each.receipt_id for each in same]))
    reason = answers.same_for_all(answer)
    release.state, release.paused_reason, release.paused_reply = (
        Release.State.PAUSED,
        reason[:REASON_LENGTH],
        answer.key,
    )
    release.save(update_fields=["state", "paused_reason", "paused_reply"])
    history.record("release.paused", release, reason=reason, messages=len(same))


def _hold_with_mails(release_id: int, answer: Answer) -> Release:
    """The release, held, with those of all that failed in one mail with a message of it."""
    keys = {release_id, *(each.release_id for each in _failed_by(Release.objects.get(pk=release_id), answer))}
    held = Release.objects.filter(pk__in=keys).order_by("released_at", "pk").select_for_update(no_key=True)
    return next(each for each in list(held) if each.pk == release_id)


def _failed_by(release: Release, answer: Answer) -> list[Delivery]:
    """What the release's messages failed for this answer in these minutes, the last one to each address.

    So did what was in one mail with them. One that came back, or that staff have sent again since, is left as it is.
    """
    since = Now() - dt.timedelta(minutes=5)
    failed = Delivery.objects.filter(state=State.FAILED, settled_at__gte=since, bounced_at=None)
    own = failed.filter(release=release)
    if mails := set(own.exclude(gathered_in=None).values_list("gathered_in", flat=True)):
        own = failed.filter(Q(release=release) | Q(gathered_in__in=mails))
    last = {(each.receipt_id, each.channel, each.address): each for each in own.order_by("pk")}
    repeated = Delivery.objects.unfinished().filter(receipt__in={receipt for receipt, _, _ in last})
    under_way = set(repeated.values_list("receipt", "channel", "address"))
    return [
        each
        for place, each in last.items()
        if place not in under_way and Answer(Verdict.REFUSED, reply=each.reply).key == answer.key
    ]


@transaction.atomic
def close_finished() -> None:
    """発出済: releases of which nothing is left to send, and whose receipts know it; paused ones too, if by hand."""
    unfinished = Delivery.objects.unfinished().filter(release=OuterRef("pk"))
    behind = Receipt.objects.filter(release=OuterRef("pk"), reach=Reach.WAITING)
    open_ones = Q(state=Release.State.SENDING) | Q(state=Release.State.PAUSED, paused_reason="")
    finished = Release.objects.filter(open_ones, ~Exists(unfinished), ~Exists(behind))
    held = finished.order_by("released_at", "pk").select_for_update(no_key=True, of=("self",))
    if keys := list(held.values_list("pk", flat=True)):
        # Asked again once they are held: somebody may just have added a message.
        finished.filter(pk__in=keys).update(state=Release.State.SENT)
