"""訂正・廃止の発出: once the new letter is out, no message of the old one is offered to the mail server.

The old release is paused first, in a transaction of its own, and what is being offered at that moment gets a little
time to tell its outcome. The transaction of the new release then stops what is unsent of the old one. Where a server
hangs over an old message, the new one to that organisation waits for it. If anything fails, the old release goes on; if
the process dies, it stays paused, says why, and staff may resume it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import transaction
from django.db.models import QuerySet

from members import history
from members.history import Actor
from notices import succession
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
        if held:
            _let_go(relation.target.release, reason, actor)
        raise


@transaction.atomic
def _hold(old: Release, reason: str, actor: Actor) -> bool:
    """Pause the old release; False where it is not being sent."""
    going = Release.objects.filter(pk=old.pk, state=Release.State.SENDING)
    held = bool(going.update(state=Release.State.PAUSED, paused_reason=reason))
    if held:
        history.record("release.paused", old, actor=actor, reason=reason)
    return held


@transaction.atomic
def _let_go(old: Release, reason: str, actor: Actor) -> None:
    """Send the old release on, unless somebody else has steered it meanwhile."""
    held = Release.objects.filter(pk=old.pk, state=Release.State.PAUSED, paused_reason=reason)
    if held.update(state=Release.State.SENDING, paused_reason=""):
        history.record("release.resumed", old, actor=actor)
        outbox.ring()


def _wait(old: QuerySet[Release]) -> None:
    """Until no worker is offering one of the old messages, or patience is at its end."""
    offered = superseding.in_flight(old)
    until = monotonic() + PATIENCE_SECONDS
    while offered.exists() and monotonic() < until:
        sleep(GLANCE_SECONDS)


def lock(new: Release) -> None:
    """Hold the releases that the new one supersedes until the transaction ends, the oldest first, as everybody does."""
    list(_old(new.notice_id).order_by("released_at", "pk").select_for_update(no_key=True))


def stop(new: Release, actor: Actor) -> None:
    """Nothing of what the new release supersedes is sent any more. The old release is held by `lock`."""
    relation = succession.superseding(new.notice_id)
    if relation is None:
        return
    claims.recover()  # so that what a dead worker may have sent is known as such
    for old in _old(new.notice_id):
        stopped = superseding.stop(old)
        if old.notice_id == relation.target_id:
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
    """The releases of all that the notice supersedes."""
    return Release.objects.filter(notice__in=[each.pk for each in succession.before(notice_id)])
