"""Closing packets of which members are told nothing: filed ones, and doubles of what arrived before."""

from django.db import transaction

from members import history
from members.history import Actor
from notices.intake import archive, kept, registering
from notices.models import Notice, Packet


class CannotClose(ValueError):
    """The packet cannot be closed so, or opened again; the message says why, in Japanese."""


def doubled_by(packet: Packet) -> Notice | None:
    """The notice that the top letter of a packet, which waits to be registered, repeats: by its number, or all else.

    Not a draft that began here and may be discarded without a trace.
    """
    found = archive.archived(packet.letters[kept.top_index(packet.kept)])
    may_vanish = found and found.packet_id is None and found.state == Notice.State.DRAFT
    return None if may_vanish or packet.state != Packet.State.DOUBTFUL else found


def may_be_filed(packet: Packet) -> bool:
    """Whether it is registered, and no notice was begun for it."""
    if packet.state != Packet.State.REGISTERED:
        return False
    top = registering.top_notice(packet)
    return top.state == Notice.State.RECEIVED and registering.enclosing_notice(top) is None


@transaction.atomic
def file(packet: Packet, actor: Actor) -> Packet:
    """会員へは伝えない: the letters stay in the archive, and nobody is urged to pass them on. Raises CannotClose."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    if not may_be_filed(packet):
        raise CannotClose("この受領文書は、登録されていないか、通知があります。")
    return _put(packet, Packet.State.FILED, "packet.filed", actor)


@transaction.atomic
def close_double(packet: Packet, actor: Actor) -> Packet:
    """重複として閉じる: what it repeats is in the archive already. Raises CannotClose."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    packet.doubles = doubled_by(packet)
    if packet.doubles is None:
        raise CannotClose("この受領文書は、登録されたか、番号が変わりました。")
    return _put(packet, Packet.State.DOUBLE, "packet.doubled", actor, notice=packet.doubles.pk)


def reopen(packet: Packet, actor: Actor) -> None:
    """Take back that it was closed. Raises CannotClose for one that is not closed."""
    if not open_again(packet, actor):
        raise CannotClose("この受領文書は、閉じられていません。")


@transaction.atomic
def open_again(packet: Packet, actor: Actor) -> bool:
    """Take back that it was closed, where it is; gives whether it was."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    opened = {Packet.State.FILED: Packet.State.REGISTERED, Packet.State.DOUBLE: Packet.State.DOUBTFUL}
    if packet.state not in opened:
        return False
    packet.doubles = None
    _put(packet, opened[packet.state], "packet.reopened", actor)
    return True


def _put(packet: Packet, state: Packet.State, verb: str, actor: Actor, **detail: int) -> Packet:
    packet.state = state
    packet.save(update_fields=["state", "doubles"])
    history.record(verb, packet, actor=actor, **detail)
    return packet
