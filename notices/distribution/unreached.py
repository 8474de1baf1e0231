"""Whom a release did not reach: why, and what to do next."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from members.models.organisation import Channel
from notices.distribution.recipients import NO_ADDRESS
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach, ReceiptQuerySet
from notices.wareki import desk_date

State = Delivery.State


@dataclass(frozen=True)
class Case:
    """One recipient that was not reached. `state` is the key of a badge; `mends` says that the roster wants a look."""

    state: str
    reason: str
    addresses: list[str]
    advice: str
    mends: bool = False


def of(release: Release) -> ReceiptQuerySet:
    """Every receipt that is not 送信済, each with `retrying`, its messages and what `case` reads."""
    put_off = Delivery.objects.unfinished().filter(receipt=OuterRef("pk"), deferrals__gt=0)
    return (
        Receipt.objects.filter(release=release)
        .exclude(reach=Reach.SENT)
        .annotate(retrying=Exists(put_off))
        .select_related("organisation", "district", "release")
        .prefetch_related(Prefetch("deliveries", Delivery.objects.order_by("id"), to_attr="messages"))
    )


# What needs a look where nothing is chosen: what failed, and what the server has put off.
PRESSING = Q(reach=Reach.FAILED) | Q(reach=Reach.WAITING, retrying=True)


def case(receipt: Receipt) -> Case:
    """What to say about a receipt of `of`."""
    return {
        Reach.FAILED: _failed,
        Reach.WAITING: _waiting,
        Reach.OTHER: _by_hand,
        Reach.STOPPED: _stopped,
    }[Reach(receipt.reach)](receipt)


def _failed(receipt: Receipt) -> Case:
    telephone = receipt.organisation.telephone
    call = f"電話 {telephone} で" if telephone else "連絡をとって"
    if not receipt.messages:
        return Case("failed", NO_ADDRESS, [], f"{call}メールアドレスを聞き、名簿に入れてください", mends=True)
    addresses = [message.address for message in receipt.messages if message.state == State.FAILED]
    if "受信箱" in receipt.reach_reason:
        return Case("failed", receipt.reach_reason, addresses, f"{call}受信箱を空けてもらい、新しいURLを送ってください")
    fax = f"。急ぐときは FAX {receipt.organisation.fax} へ" if receipt.organisation.fax else ""
    return Case("failed", receipt.reach_reason, addresses, f"{call}新しいアドレスを聞いてください{fax}", mends=True)


def _waiting(receipt: Receipt) -> Case:
    unfinished = [message for message in receipt.messages if message.state in (State.WAITING, State.SENDING)]
    addresses = [message.address for message in unfinished]
    put_off = [message for message in unfinished if message.deferrals]
    if not put_off:
        return Case("waiting", "", addresses, "順に送ります")
    first = min(put_off, key=lambda message: message.due_at)
    if receipt.release.state == Release.State.PAUSED:
        return Case("retrying", first.outcome, addresses, "発出を続けると、自動でもう一度送ります")
    at = timezone.localtime(first.due_at)
    day = "" if at.date() == timezone.localdate() else f"{desk_date(at.date())} "
    advice = f"{day}{at.hour}:{at.minute:02} に自動でもう一度送ります（{first.deferrals + 1}回目）"
    if first.unsure:
        advice += "。同じメールが2通届くことがあります"
    return Case("retrying", first.outcome, addresses, advice)


def _by_hand(receipt: Receipt) -> Case:
    [message] = [message for message in receipt.messages if message.state == State.OTHER][:1]
    advice = "公文書を FAX で送ってください" if message.channel == Channel.FAX else "公文書を郵送してください"
    return Case("other", "メールアドレスがありません", [message.address], advice)


def _stopped(receipt: Receipt) -> Case:
    addresses = [message.address for message in receipt.messages if message.state == State.STOPPED]
    return Case("stopped", "送る前に中止しました", addresses, "要るときは、新しいURLを送ってください")
