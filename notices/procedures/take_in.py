"""受領から通知まで: take a packet in, correct its reading, register it, and have the notice to issue."""

from django.db import transaction

from members import tree
from members.history import Actor
from members.models import Organisation
from notices.intake import closing, deadlines, kept, receiving, registering
from notices.intake.arriving import Incoming
from notices.intake.receiving import accept, correct, renumber
from notices.letters import composing, guide
from notices.models import Notice, Packet

__all__ = ["accept", "correct", "draft", "receive", "receive_files", "record", "register", "renumber"]


def receive(content: bytes, name: str, actor: Actor, receipt_number: str = "") -> Packet:
    """Take one file in. Raises receiving.NotTakenIn, AlreadyReceived, receipt_numbers.ReceiptNumberTaken."""
    return receiving.receive([Incoming(name, content)], actor, receipt_number)


receive_files = receiving.receive


@transaction.atomic
def record(packet: Packet, actor: Actor) -> Notice:
    """登録だけする: put the letters into the archive; gives the top letter's notice. A second time gives the same.

    Raises registering.CannotRegister.
    """
    # Two packets may claim the same number: they are registered one after the other.
    Organisation.objects.select_for_update().get(pk=tree.association().pk)
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    if packet.registered_at:
        return registering.top_notice(packet)
    if packet.state in closing.NEVER_REGISTERED:
        closed = f"{packet.get_state_display()}として閉じてあります。"
        raise registering.CannotRegister(closed, kept.top_index(packet.kept))
    return registering.register_letters(packet, actor)


@transaction.atomic
def register(packet: Packet, actor: Actor, index: int | None = None) -> Notice:
    """登録して通知を作る: the notice to issue for the top letter `index`, or for the first of several, made once.

    The top letter itself where the association issued it; otherwise a new letter that encloses it as 別添1. Raises
    registering.CannotRegister, and Notice.DoesNotExist where no top letter is at that place.
    """
    top = record(packet, actor)
    if index is not None:
        top = registering.top_notice(packet, index)
    made = registering.notice_for(top)
    if made:
        return made
    try:
        return draft(top, actor)
    except composing.AlreadyADraft as there:  # somebody was quicker, on the page of the letter itself
        return there.draft


@transaction.atomic
def draft(received: Notice, actor: Actor) -> Notice:
    """通知を作る: the notice to issue for a received letter, with the steps that the guides of its chain ask for.

    With steps to tick it asks for 確認＋設定, and by the deadline that the letters state, until staff change that.

    Members were not to be told of it? Now they are. Raises composing.AlreadyADraft and NotADraft.
    """
    notice = composing.draft_from(received, actor)
    if received.packet:
        top = kept.top_of(received.packet.kept, received.packet_order)
        closing.open_again(received.packet, actor, top)
        if top == kept.top_of_rest(received.packet.kept) and not notice.steps.exists():
            guide.arrange(notice.pk, guide.suggested(received.packet), actor)
    if any(step.ticked for step in notice.steps.all()):
        composing.ask_set_up(notice)
    composing.propose_deadline(notice, deadlines.proposed(notice))
    return notice
