"""Whom a release did not reach: why, and what to do next."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from members.models import Task
from members.models.organisation import Channel
from members.wareki import desk_date
from notices.distribution import recipients
from notices.distribution.recipients import Recipient
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach, ReceiptQuerySet, Via, asked_again, to_tell

State = Delivery.State


class Move(Enum):
    """What the button of a row does."""

    AGAIN = "もう一度送る"
    EMAIL = "メールで送る"
    FAX = "FAXで送る"
    POST = "郵送にする"
    MEND = "アドレスを直す"
    ENTER = "アドレスを入れる"
    CALL = "電話する"
    PAPERS = "紙を送る"
    RETURNED = "FAXが戻った"
    OPEN = "受領状況を開く"
    NONE = ""


# Moves that send over a channel of their own, whichever the organisation prefers.
OVER = {Move.EMAIL: Channel.EMAIL, Move.FAX: Channel.FAX, Move.POST: Channel.POST}


@dataclass(frozen=True)
class Case:
    """One recipient that was not reached. `state` is the key of a badge, `task` the open task about its address.

    `also` is the move for those in haste, `fax` the message by FAX that staff have sent by hand.
    """

    state: str
    reason: str
    addresses: list[str]
    advice: str
    move: Move = Move.NONE
    task: int | None = None
    also: Move = Move.NONE
    fax: int | None = None


def of(release: Release) -> ReceiptQuerySet:
    """Every receipt that is not 送信済, each with `retrying`, its messages and what `case` reads."""
    put_off = Delivery.objects.unfinished().filter(receipt=OuterRef("pk"), deferrals__gt=0)
    found = Receipt.objects.filter(release=release).exclude(reach=Reach.SENT)
    found = found.annotate(retrying=Exists(put_off), asked_again=asked_again())
    return (
        recipients.with_ways(found)
        .select_related("district", "release")
        .prefetch_related(
            Prefetch("deliveries", Delivery.objects.order_by("id"), to_attr="messages"),
            Prefetch("organisation__tasks", Task.objects.still_open(), to_attr="open_tasks"),
        )
    )


def pressing() -> Q:
    """A condition for those of `of` that need a look: whom what failed has still to reach, what the server put off."""
    return (Q(reach=Reach.FAILED) & to_tell()) | Q(reach=Reach.WAITING, retrying=True)


def without_way(release: Release) -> ReceiptQuerySet:
    """Pharmacies that it did not reach since the roster had no way to them: no message was made."""
    return Receipt.objects.filter(release=release, reach=Reach.FAILED, deliveries=None).pharmacies()


def goes_out(release: Release) -> bool:
    """Whether its messages may still be sent: it was not stopped, and its notice not corrected or withdrawn."""
    return release.state != Release.State.STOPPED and not release.is_superseded


def stopped_by_hand(release: Release) -> bool:
    """Whether it stands still only because staff stopped it, and may go out yet."""
    return release.state == Release.State.STOPPED and not release.is_superseded


def case(receipt: Receipt, *, goes_out: bool = True, by_hand: bool = False) -> Case:
    """What to say about a receipt of `of`, whose release goes out, was stopped `by_hand`, or is over for good.

    Whoever has confirmed needs nothing more, but for papers (`by_hand.still_open`) after a telephone call.
    """
    if _is_left(receipt):
        if receipt.asked_again:
            return _needs_nothing(receipt, "再周知の通知を送ったので、この通知は送りません")
        if receipt.confirmed_at and not (receipt.reach == Reach.OTHER and receipt.confirmed_via == Via.TELEPHONE):
            return _needs_nothing(receipt, "確認の返事があったので、送るものはありません")
    if receipt.reach == Reach.FAILED:
        return _failed(receipt) if goes_out else _too_late(receipt)
    if receipt.reach == Reach.STOPPED:
        return _stopped(receipt, goes_out, by_hand)
    return {Reach.WAITING: _waiting, Reach.OTHER: _by_hand}[Reach(receipt.reach)](receipt)


def _is_left(receipt: Receipt) -> bool:
    """Whether something of it would still have to be done, had it not confirmed and were it not asked again."""
    papers = any(message.state == State.OTHER and not message.settled_at for message in receipt.messages)
    return receipt.reach in (Reach.FAILED, Reach.STOPPED) or (receipt.reach == Reach.OTHER and papers)


def _failed(receipt: Receipt) -> Case:
    """The first of the ways on: an address that was not tried yet, mending the one that failed, another channel."""
    failed = [message for message in receipt.messages if message.state == State.FAILED]
    tried = {message.address for message in failed}
    recipient = recipients.recipient(receipt.organisation)
    reason, call = receipt.reach_reason, _call(receipt)
    task = next((each.pk for each in receipt.organisation.open_tasks if each.address in tried), None)
    sends, also = [way for way in recipient.ways if not way.by_hand], Move.NONE
    fresh = next((way for way in sends if way.address not in tried), None)
    if fresh:
        advice, move = f"名簿に{fresh.channel.label}の別の届け先があります。そこへ送れます", Move.AGAIN
    elif not failed:
        advice, move = f"{call}メールアドレスを聞き、名簿に入れてください", Move.ENTER
    elif sends and "受信箱" in reason:
        advice, move = f"{call}受信箱を空けてもらい、もう一度送ってください", Move.AGAIN
    elif task:
        advice, move = f"{call}新しいアドレスを聞いてください", Move.MEND
        if fax := next((way.address for way in recipient.over(Channel.FAX) if way.address not in tried), ""):
            advice, also = f"{advice}。急ぐときは FAX {fax} へ送れます", Move.FAX
    else:
        advice, move = _another_way(receipt, recipient, tried)
    return Case("failed", reason, [message.address for message in failed], advice, move, task, also)


def _call(receipt: Receipt) -> str:
    telephone = receipt.organisation.telephone
    return f"電話 {telephone} で" if telephone else "連絡をとって"


def _another_way(receipt: Receipt, recipient: Recipient, tried: set[str]) -> tuple[str, Move]:
    """Advice and button for an address that is right and yet refuses."""
    for move, advice in (
        (Move.EMAIL, "メールの登録があります。メールで送れます"),
        (Move.FAX, "相手に設定を見てもらうか、FAX で送ってください"),
        (Move.POST, "相手に設定を見てもらうか、郵送してください"),
    ):
        if any(way.address not in tried for way in recipient.over(OVER[move])):
            return advice, move
    if receipt.organisation.telephone:
        return f"{_call(receipt)}知らせ、ほかの届け先を聞いてください", Move.CALL
    return "届け先が分かったら、名簿に入れてください", Move.ENTER


def _too_late(receipt: Receipt) -> Case:
    """Nothing of the release goes out any more."""
    addresses = [message.address for message in receipt.messages if message.state == State.FAILED]
    move = Move.CALL if receipt.organisation.telephone else Move.OPEN
    advice = "この発出からは、もう送りません。要るときは電話で知らせてください"
    return Case("failed", receipt.reach_reason, addresses, advice, move)


def _needs_nothing(receipt: Receipt, advice: str) -> Case:
    """It has confirmed by another way, or has got a 再周知, or that has a line of its own in its release's list."""
    unsent = (State.FAILED, State.STOPPED, State.OTHER)
    addresses = [message.address for message in receipt.messages if message.state in unsent]
    return Case(receipt.reach, receipt.reach_reason, addresses, advice, Move.OPEN)


def _waiting(receipt: Receipt) -> Case:
    unfinished = [message for message in receipt.messages if message.state in (State.WAITING, State.SENDING)]
    addresses = [message.address for message in unfinished]
    put_off = [message for message in unfinished if message.deferrals]
    if not put_off:
        return Case("waiting", "", addresses, "順に送ります")
    first = min(put_off, key=lambda message: message.due_at)
    if receipt.release.state == Release.State.PAUSED:
        return Case("retrying", first.outcome, addresses, "発出を続けると、自動でもう一度送ります")
    again = f"自動でもう一度送ります（{first.deferrals + 1}回目）"
    at = timezone.localtime(first.due_at)
    day = "" if at.date() == timezone.localdate() else f"{desk_date(at.date(), timezone.localdate().year)} "
    advice = f"まもなく{again}" if at <= timezone.now() else f"{day}{at.hour}:{at.minute:02} に{again}"
    if first.unsure:
        advice += "。同じメールが2通届くことがあります"
    return Case("retrying", first.outcome, addresses, advice)


def _by_hand(receipt: Receipt) -> Case:
    message = next(message for message in receipt.messages if message.state == State.OTHER)
    failed = next((each for each in reversed(receipt.messages) if each.state == State.FAILED), None)
    by_fax = message.channel == Channel.FAX
    reason = failed.outcome if failed else f"{message.get_channel_display()}で送る宛先です"
    advice = "公文書を FAX で送ってください" if by_fax else "公文書を郵送してください"
    if message.settled_at and by_fax:
        advice = "送ったことを記録しました。戻ってきたときは、記録してください"
        return Case("other", message.outcome, [message.address], advice, Move.RETURNED, fax=message.pk)
    if message.settled_at:
        return Case("other", message.outcome, [message.address], "送ったことを記録しました", Move.NONE)
    return Case("other", reason, [message.address], advice, Move.PAPERS)


def _stopped(receipt: Receipt, goes_out: bool, by_hand: bool) -> Case:
    addresses = [message.address for message in receipt.messages if message.state == State.STOPPED]
    if by_hand:
        advice, move = "送るときは、上の「中止した宛先に送る」を押してください", Move.OPEN
    elif not goes_out:
        advice, move = "この発出からは、もう送りません", Move.OPEN
    elif any(not way.by_hand for way in recipients.recipient(receipt.organisation).ways):
        advice, move = "名簿に、いま使える届け先があります。そこへ送れます", Move.AGAIN
    else:
        advice, move = "届け先が分かったら、名簿に入れてください", Move.ENTER
    return Case("stopped", "送る前に中止しました", addresses, advice, move)
