"""もう一度送る: new messages to recipients that were not reached, at the addresses of this moment.

Locks: release, then receipts. The release's makes whoever presses second see what the first did.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from members import history
from members.history import Actor
from members.models import Task
from members.models.organisation import Channel
from notices import succession
from notices.distribution import outbox, reach, recipients
from notices.distribution.ways import Way
from notices.models import Delivery, Notice, Receipt, Release
from notices.models.receipt import Reach, ReceiptQuerySet, to_tell

State = Delivery.State


class CannotRepeat(RuntimeError):
    """Nothing can be sent again; nothing was changed. Its text says why."""


class Stopped(CannotRepeat):
    """The release was stopped by hand."""


class Superseded(CannotRepeat):
    """The notice was corrected or withdrawn since: `by` is what goes out in its place."""

    def __init__(self, by: Notice) -> None:
        super().__init__(f"この通知は、あとから「{by}」で訂正または廃止されています。前の文書は、もう送りません。")
        self.by = by


class AskedAgain(CannotRepeat):
    """The recipient has got a 再周知 since, and answers that: `by`."""

    def __init__(self, by: Notice) -> None:
        super().__init__(f"この宛先は、再周知の「{by}」に答えます。前の通知は、もう送りません。")
        self.by = by


class NoAddress(CannotRepeat):
    """The roster has no address that may be used."""


class NothingToRepeat(CannotRepeat):
    """Nobody is left unreached: a message is on its way already, or has arrived meanwhile."""


@dataclass(frozen=True)
class Again:
    """What would be sent again: each receipt with its ways, and those for whom the roster has no way that sends.

    So many more were `asked_again` by a 再周知, and get that alone; so many others have `confirmed` by another way.
    """

    reached: list[tuple[Receipt, list[Way]]]
    left_out: list[Receipt]
    asked_again: int = 0
    confirmed: int = 0

    @property
    def messages(self) -> dict[str, int]:
        """Channel → number of messages."""
        return dict(Counter(way.channel.label for _, ways in self.reached for way in ways))


def plan(release: Release, receipts: ReceiptQuerySet | None = None) -> Again:
    """What sending again to all that failed would do by today's roster; messages by hand are not part of it."""
    failed = release.receipts.filter(reach=Reach.FAILED) if receipts is None else receipts
    waiting = failed.filter(to_tell()).select_related("organisation", "district")
    reached, left_out = [], []
    for receipt in recipients.with_ways(waiting.order_by("district__position", "pk")):
        ways = [way for way in recipients.recipient(receipt.organisation).ways if not way.by_hand]
        if ways:
            reached.append((receipt, ways))
        else:
            left_out.append(receipt)
    asked_again = failed.asked_again().count()
    return Again(reached, left_out, asked_again, failed.count() - asked_again - len(reached) - len(left_out))


def plan_for_stopped(release: Release) -> Again:
    """The same for all whom a stop by hand left without the message."""
    return plan(release, release.receipts.filter(reach=Reach.STOPPED))


def failed_at(task: Task) -> list[Receipt]:
    """The receipts that failed at the task's address and still wait for an answer, the latest release first."""
    found = Receipt.objects.unconfirmed().filter(organisation=task.organisation_id, reach=Reach.FAILED)
    refused = Delivery.objects.filter(state=State.FAILED, channel=task.channel, address__iexact=task.address)
    found = found.filter(pk__in=refused.values("receipt")).exclude(release__state=Release.State.STOPPED)
    found = found.current().select_related("release__notice").prefetch_related("release__notice__numbers")
    return list(found.order_by("-release__released_at", "-pk"))


@transaction.atomic
def send_again_to_failed(release_id: int, actor: Actor) -> int:
    """New messages to every recipient that failed and is still to be told (`to_tell`). Gives their number.

    Raises Stopped, Superseded, NoAddress when the roster has a way for none of them, or NothingToRepeat.
    """
    release = _repeatable(release_id)
    failed = release.receipts.filter(reach=Reach.FAILED)
    list(failed.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    again = plan(release, failed)
    if not again.reached and again.left_out:
        raise NoAddress("名簿に、いま使えるアドレスがありません。")
    if not again.reached:
        raise NothingToRepeat("不達の宛先は、もうありません。")
    made = _write(release, again.reached)
    history.record("delivery.repeated", release, actor=actor, recipients=len(again.reached), messages=made)
    return len(again.reached)


@transaction.atomic
def send_to_stopped(release_id: int, actor: Actor) -> int:
    """中止した宛先に送る: new messages to all whom a stop by hand left without; the release goes out again.

    Gives the number of recipients. Raises Superseded, NoAddress or NothingToRepeat.
    """
    release = _repeatable(release_id, though_stopped=True)
    stopped = release.receipts.filter(reach=Reach.STOPPED)
    list(stopped.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    again = plan_for_stopped(release)
    if not again.reached and again.left_out:
        raise NoAddress("名簿に、いま使えるアドレスがありません。")
    if not again.reached:
        raise NothingToRepeat("中止した宛先は、もうありません。")
    made = _write(release, again.reached)
    history.record("delivery.repeated", release, actor=actor, recipients=len(again.reached), messages=made)
    return len(again.reached)


@transaction.atomic
def send_again(receipt_id: int, actor: Actor, channel: str = "") -> int:
    """New messages to one recipient that was not reached. Gives their number.

    They go over the channels that send by themselves, or over the one that is asked for: post, and FAX without a
    gateway, are then marked as to be sent by hand. Raises Stopped, Superseded, AskedAgain, NoAddress or
    NothingToRepeat.
    """
    release = _repeatable(Release.objects.values_list("pk", flat=True).get(receipts=receipt_id))
    found = Receipt.objects.filter(pk=receipt_id).select_for_update(no_key=True, of=("self",))
    receipt = recipients.with_ways(found).get()
    if by := succession.successor_of(receipt):
        raise AskedAgain(by.notice)
    if receipt.reach not in (Reach.FAILED, Reach.OTHER, Reach.STOPPED):
        raise NothingToRepeat(f"いまは「{receipt.get_reach_display()}」です。")
    ways = _ways(receipt, channel)
    if not ways:
        words = Channel(channel).label if channel else "メール・FAX"
        raise NoAddress(f"名簿に、いま使える{words}の宛先がありません。")
    made = _write(release, [(receipt, ways)])
    if not made:
        raise NothingToRepeat("その宛先には、もう手配してあります。")
    history.record("delivery.repeated", receipt, actor=actor, organisation=receipt.organisation, messages=made)
    return made


def _ways(receipt: Receipt, channel: str) -> list[Way]:
    recipient = recipients.recipient(receipt.organisation)
    return recipient.over(Channel(channel)) if channel else [way for way in recipient.ways if not way.by_hand]


def _repeatable(release_id: int, *, though_stopped: bool = False) -> Release:
    """The release, locked until the transaction ends, unless nothing of it goes out any more."""
    release = Release.objects.select_for_update().get(pk=release_id)
    if release.state == Release.State.STOPPED and not though_stopped:
        raise Stopped("この発出は中止されています。")
    if by := Notice.objects.superseding(release.notice_id).first():
        raise Superseded(by)
    return release


def _write(release: Release, rows: Iterable[tuple[Receipt, list[Way]]]) -> int:
    """A message for each way, but none where one to the same address is unfinished or waits for somebody's hands."""
    receipts = [receipt.pk for receipt, _ in rows]
    under_way = Delivery.objects.filter(
        receipt__in=receipts, state__in=[State.WAITING, State.SENDING, State.OTHER]
    ).values_list("receipt", "channel", "address")
    taken = set(under_way)
    made = Delivery.objects.bulk_create(
        [
            Delivery(
                receipt=receipt,
                release=release,
                purpose=Delivery.Purpose.REPEAT,
                channel=way.channel,
                address=way.address,
                state=way.state,
            )
            for receipt, ways in rows
            for way in ways
            if (receipt.pk, way.channel, way.address) not in taken
        ],
        recipients.ROWS_AT_ONCE,
    )
    reach.renew_all(Receipt.objects.filter(pk__in=receipts))
    if any(delivery.state == State.WAITING for delivery in made):
        standing = [Release.State.SENT, Release.State.STOPPED]
        Release.objects.filter(pk=release.pk, state__in=standing).update(state=Release.State.SENDING)
    outbox.ring()
    return len(made)
