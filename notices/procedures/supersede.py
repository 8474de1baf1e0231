"""訂正・廃止の発出: once the new letter is out, no message of the old one is offered to the mail server.

The old release is paused first, in a transaction of its own, and what is being offered at that moment gets a little
time to tell its outcome. The transaction of the new release then stops what is unsent of the old one. Where a server
hangs over an old message, the new one to that organisation waits for it. If anything fails, the old release goes on; if
the process dies, it stays paused, says why, and staff may resume it. The letters by which districts pass the old one on
go the same way with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import transaction
from django.db.models import QuerySet

from members import history
from members.history import Actor
from notices import follow_ups, succession
from notices.distribution import claims, outbox, superseding
from notices.models import Relation, Release

# How long what is being offered may take before the new letter goes out beside it.
PATIENCE_SECONDS = 5
GLANCE_SECONDS = 0.05
REASONS = {
    Relation.Kind.CORRECTS: "訂正の通知を発出しています。",
    Relation.Kind.WITHDRAWS: "廃止の通知を発出しています。",
}


@contextmanager
def holding(notice_id: int, actor: Actor) -> Iterator[None]:
    """Around the transaction of a release: what the draft corrects or withdraws is not sent on while it lasts."""
    relation = succession.superseding(notice_id)
    if relation is None:
        yield
        return
    reason = REASONS[Relation.Kind(relation.kind)]
    held = _hold(relation.target.release, reason, actor)
    try:
        _wait(_old(notice_id))
        yield
    except BaseException:
        _let_go(held, reason, actor)
        raise


@transaction.atomic
def _hold(old: Release, reason: str, actor: Actor) -> list[Release]:
    """Pause the old release and the districts' letters that pass it on; gives those that were being sent."""
    going = list(_in_order(Release.objects.whole(old).filter(state=Release.State.SENDING)))
    Release.objects.filter(pk__in=[each.pk for each in going]).update(state=Release.State.PAUSED, paused_reason=reason)
    for each in going:
        history.record("release.paused", each, actor=actor, reason=reason)
    return going


@transaction.atomic
def _let_go(held: list[Release], reason: str, actor: Actor) -> None:
    """Send the old releases on, but what somebody else has steered meanwhile."""
    for each in held:
        paused = Release.objects.filter(pk=each.pk, state=Release.State.PAUSED, paused_reason=reason)
        if paused.update(state=Release.State.SENDING, paused_reason=""):
            history.record("release.resumed", each, actor=actor)
            outbox.ring()


def _wait(old: QuerySet[Release]) -> None:
    """Until no worker is offering one of the old messages, or patience is at its end."""
    offered = superseding.in_flight(old)
    until = monotonic() + PATIENCE_SECONDS
    while offered.exists() and monotonic() < until:
        sleep(GLANCE_SECONDS)


def lock(new: Release) -> None:
    """Hold the releases that the new one supersedes until the transaction ends, the oldest first, as everybody does.

    So is the one that it makes known again, and a correction of that: nobody corrects or withdraws these meanwhile.
    """
    before = [each.release.pk for each in succession.before(new.notice_id)]
    again = follow_ups.followed_up(new.notice_id), follow_ups.taken_over(new)
    before += [earlier.release.pk for earlier in again if earlier]
    # Districts pass a release on under its lock: once it is held, no letter is added.
    list(_in_order(Release.objects.filter(pk__in=before)))
    list(_in_order(Release.objects.filter(passes_on__in=before)))


def _in_order(old: QuerySet[Release]) -> QuerySet[Release]:
    return old.order_by("released_at", "pk").select_for_update(no_key=True)


def stop(new: Release, actor: Actor) -> None:
    """Nothing of what the new release supersedes is sent any more. The old release is held by `lock`."""
    relation = succession.superseding(new.notice_id)
    if relation is None:
        return
    Release.objects.whole(relation.target.release).update(superseded_by=new)
    new.is_correction = relation.kind == Relation.Kind.CORRECTS
    new.save(update_fields=["is_correction"])
    claims.recover()  # so that what a dead worker may have sent is known as such
    for old in _old(new.notice_id).select_related("passes_on"):
        stopped = superseding.stop(old)
        if relation.target_id in (old.notice_id, old.passes_on and old.passes_on.notice_id):
            history.record(
                "release.superseded",
                old,
                actor=actor,
                by=new.notice_id,
                messages=stopped.messages,
                in_flight=stopped.in_flight,
            )


def queue_behind(new: Release) -> None:
    """What is still being offered of the old letter ends before the new one goes to the same organisation."""
    superseding.queue_behind(new, _old(new.notice_id))


def _old(notice_id: int) -> QuerySet[Release]:
    """The releases of all that the notice supersedes, and the districts' letters that pass these on."""
    return Release.objects.whole(*(each.release.pk for each in succession.before(notice_id)))
