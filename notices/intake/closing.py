"""Closing packets of which members are told nothing: filed ones, doubles of what arrived before, and those set aside.

Of a packet with several top letters each is filed by itself; the packet is, once all of them are.
"""

from django.db import transaction

from members import history
from members.history import Actor
from notices.intake import archive, kept, receiving, registering
from notices.models import Notice, Packet

MEANWHILE = "画面を開いたあとに、状態が変わりました。"
NEVER_REGISTERED = (Packet.State.DOUBLE, Packet.State.SET_ASIDE)


class CannotClose(ValueError):
    """The packet cannot be closed so, or opened again; the message says why, in Japanese."""


def doubled_by(packet: Packet) -> Notice | None:
    """The notice that the top letter of a packet, which waits to be registered, repeats: by its number, or all else.

    Of several top letters each must repeat one; it is that of the first. Not a draft that began here and may be
    discarded without a trace.
    """
    found = [archive.archived(packet.letters[top]) for top in kept.tops(packet.kept)]
    lasting = all(each and not archive.may_vanish(each) for each in found)
    return found[0] if found and lasting and packet.state == Packet.State.DOUBTFUL else None


def may_be_filed(top: Notice) -> bool:
    """Whether members are to be told of a top letter, and no notice was begun for it."""
    return not top.filed and registering.notice_for(top) is None


@transaction.atomic
def file(packet: Packet, actor: Actor, index: int | None = None, because: str = "") -> Packet:
    """会員へは伝えない: the top letter `index`, or each, stays in the archive, and nobody is urged to pass it on.

    `because` is the reason, up to 200 signs. Raises CannotClose.
    """
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    tops = [top for top in packet.notices.tops() if index in (None, top.packet_order)]
    if not tops or not all(map(may_be_filed, tops)):
        raise CannotClose(f"この受領文書は、登録されていないか、通知があります。{MEANWHILE}")
    packet.notices.filter(pk__in=[top.pk for top in tops]).update(filed=True, filed_because=because)
    detail = {} if index is None else {"letter": index + 1, "reason": because}
    is_left = packet.notices.tops().filter(filed=False).exists()
    return _put(packet, packet.state if is_left else Packet.State.FILED, "packet.filed", actor, **detail)


@transaction.atomic
def close_double(packet: Packet, actor: Actor) -> Packet:
    """重複として閉じる: what it repeats is in the archive already. Raises CannotClose."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    packet.doubles = doubled_by(packet)
    if packet.doubles is None:
        raise CannotClose(f"この受領文書は、登録されたか、番号が変わりました。{MEANWHILE}")
    return _put(packet, Packet.State.DOUBLE, "packet.doubled", actor, notice=packet.doubles.pk)


@transaction.atomic
def set_aside(packet: Packet, actor: Actor, because: str) -> Packet:
    """受領を取りやめる: it stays with its files and is never registered; these may be taken in anew.

    `because` is the reason, up to 200 signs. Raises CannotClose.
    """
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    if packet.state != Packet.State.DOUBTFUL:
        raise CannotClose(f"この受領文書は、登録されたか、閉じられました。{MEANWHILE}")
    packet.set_aside_because = because
    return _put(packet, Packet.State.SET_ASIDE, "packet.set_aside", actor, reason=because)


def reopen(packet: Packet, actor: Actor, index: int | None = None) -> None:
    """Take back that it was closed, or its top letter `index` filed. Raises CannotClose where it is not."""
    if not open_again(packet, actor, index):
        raise CannotClose(f"この受領文書は、閉じられていません。{MEANWHILE}")


@transaction.atomic
def open_again(packet: Packet, actor: Actor, index: int | None = None) -> bool:
    """Take back that it was closed, or its top letter `index` filed, where it is; gives whether it was."""
    if packet.state == Packet.State.SET_ASIDE:  # nobody takes the same in meanwhile
        receiving.one_at_a_time()
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    filed = packet.notices.filter(filed=True)
    filed = filed if index is None else filed.filter(packet_order=index)
    opened = {Packet.State.FILED: Packet.State.REGISTERED} | dict.fromkeys(NEVER_REGISTERED, Packet.State.DOUBTFUL)
    if not filed.update(filed=False, filed_because="") and packet.state not in NEVER_REGISTERED:
        return False
    if packet.state == Packet.State.SET_ASIDE and (other := receiving.taken_in_anew(packet)):
        raise CannotClose(f"同じ文書を、あらためて受領しています（収受 {other.receipt_number}）。")
    packet.doubles, packet.set_aside_because = None, ""
    detail = {} if index is None else {"letter": index + 1}
    _put(packet, opened.get(packet.state, packet.state), "packet.reopened", actor, **detail)
    return True


def _put(packet: Packet, state: Packet.State, verb: str, actor: Actor, **detail: int | str) -> Packet:
    packet.state = state
    packet.save(update_fields=["state", "doubles", "set_aside_because"])
    history.record(verb, packet, actor=actor, **detail)
    return packet
