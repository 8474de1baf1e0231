"""Pausing, resuming and stopping a release by hand."""

from django.db import transaction
from django.db.models.functions import Now

from members import history
from members.history import Actor
from notices.distribution import gathering, outbox, reach
from notices.models import Delivery, Receipt, Release
from notices.models.delivery import AWAITED, TO_GATHER


class CannotSteer(Exception):
    """What was asked is not possible; nothing was changed. Its text says why."""


class NotInThisState(CannotSteer):
    """The release has moved on meanwhile."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"いまは「{release.get_state_display()}」です。画面を開いたあとに、状態が変わりました。")
        self.release = release


@transaction.atomic
def pause(release_id: int, actor: Actor) -> Release:
    """一時停止: what is not sent yet waits. Raises NotInThisState unless the release is being sent."""
    release = _held(release_id, Release.State.SENDING)
    release.state = Release.State.PAUSED
    release.save()
    history.record("release.paused", release, actor=actor)
    return release


@transaction.atomic
def resume(release_id: int, actor: Actor, *, blame: bool = False) -> Release:
    """続きから送る. Raises NotInThisState unless the release is paused.

    With `blame` the answer that several addresses got in a row is taken for the addresses' fault from now on.
    """
    release = _held(release_id, Release.State.PAUSED)
    if blame:
        release.blamed_reply = release.paused_reply
    release.state, release.paused_reason, release.paused_reply = Release.State.SENDING, "", ""
    release.save()
    gathering.go_alone(release)  # others may have gone in the mails that it was in
    history.record("release.resumed", release, actor=actor, blamed=release.blamed_reply if blame else "")
    outbox.ring()
    return release


@transaction.atomic
def send_now(release_id: int, actor: Actor) -> Release:
    """いま送る: what waits to be gathered goes out at once, each mail by itself; so does what is added later.

    Raises NotInThisState unless the release is being sent or paused and gathered.
    """
    release = _held(release_id, Release.State.SENDING, Release.State.PAUSED)
    if not release.is_gathered:
        raise NotInThisState(release)
    gathering.go_alone(release)
    waiting = Delivery.objects.filter(TO_GATHER, release=release, deferrals=0).update(due_at=Now())
    release.gathers = Release.Gathers.NOW
    release.save()
    history.record("release.ungathered", release, actor=actor, messages=waiting)
    outbox.ring()
    return release


@transaction.atomic
def stop(release_id: int, actor: Actor) -> Release:
    """未送信分を中止: what is not sent yet is never sent; what is being sent at this moment still tells its outcome.

    Raises NotInThisState unless the release is being sent or paused.
    """
    release = _held(release_id, Release.State.SENDING, Release.State.PAUSED)
    release.state, release.paused_reason = Release.State.STOPPED, ""
    release.save()
    unsent = Delivery.objects.filter(receipt__release=release, state=Delivery.State.WAITING).exclude(
        purpose__in=[*AWAITED, Delivery.Purpose.REMINDER]  # a reminder may name others as well
    )
    stopped = unsent.update(state=Delivery.State.STOPPED, settled_at=Now())
    reach.renew_all(Receipt.objects.filter(release=release))
    history.record("release.stopped", release, actor=actor, messages=stopped)
    return release


def _held(release_id: int, *states: str) -> Release:
    """The release, locked until the transaction ends, in one of the states."""
    release = Release.objects.select_for_update().get(pk=release_id)
    if release.state not in states:
        raise NotInThisState(release)
    return release
