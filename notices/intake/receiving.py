"""Taking packets in, and correcting what was read in them and under which number."""

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy

from django.db import transaction
from django.db.models import Count, Q

from members import history, tree
from members.history import Actor
from members.models import Organisation
from notices.intake import blanks, kept, paper, receipt_numbers
from notices.intake.arriving import Arrived, Incoming, LeftOut, NotTakenIn, arrived, text_of
from notices.intake.chain import link_letters
from notices.intake.kept import Kept, Letter
from notices.intake.reader import MOST_LETTERS, TooManyLetters, read_letters, to_be_typed
from notices.intake.reading import Reading
from notices.models import Packet, PacketFile
from notices.search import index as search


class NoLetterFound(NotTakenIn):
    """A text without any letter."""


class AlreadyReceived(Exception):
    """The same text was taken in before: as `packet`.

    `index` is the letter, of several that have nothing to do with each other, which came with other files and is to be
    passed on yet.
    """

    def __init__(self, packet: Packet, index: int | None = None) -> None:
        super().__init__(f"すでに受け取っています（収受 {packet.receipt_number}）。")
        self.packet, self.index = packet, index


class AlreadyRegistered(Exception):
    """The packet is registered or closed: its reading stays as it is."""


class ChangedMeanwhile(Exception):
    """Somebody has changed a letter since its form was opened: `packet` as it is now."""

    def __init__(self, packet: Packet) -> None:
        super().__init__(f"Packet {packet.pk} was changed meanwhile")
        self.packet = packet


class EnclosedInCircle(ValueError):
    """The attachments would make a letter enclose itself."""


# Receiving -----------------------------------------------------------------------------------------------------------


def receive(
    files: Sequence[Incoming], actor: Actor, receipt_number: str = "", left_out: Sequence[LeftOut] = ()
) -> Packet:
    """Keep the files, read their texts as one packet, and give it a receipt number (by default the next).

    A PDF in which no letter is found is one letter whose heading is to be typed, and so is each scan. The history
    keeps which files were chosen with these and `left_out`.
    Raises NotTakenIn (with the reason), AlreadyReceived, ReceiptNumberTaken.
    """
    looked_into = arrived(_each_once(files))
    reading = _read(text_of(looked_into))
    is_read, holds_pdf = bool(reading.letters), any(file.pdf for file in looked_into)
    if not is_read and not holds_pdf:
        raise NoLetterFound(
            "通知の文書が見つかりませんでした。文書番号・日付・宛先・件名のある文書の全文かどうか、確かめてください。"
        )
    if not is_read:
        whole = (0, len(reading.text))
        reading = Reading(reading.text, [to_be_typed(reading.text, whole)] if reading.text.strip() else [])
    mark = fingerprint(reading.text) if is_read else _fingerprint_of(looked_into)
    found = _kept(reading, paper.laid_out(reading.text, looked_into))
    with transaction.atomic():
        one_at_a_time()
        if first := Packet.objects.filter(fingerprint=mark).exclude(state=Packet.State.SET_ASIDE).first():
            raise AlreadyReceived(first)
        pdfs = [_digest(file) for file in looked_into if file.pdf]
        if len(pdfs) == len(looked_into) and (first := _with_same_files(pdfs, alone=not reading.text.strip())):
            raise AlreadyReceived(first, _waiting_in(first, looked_into))
        number = receipt_numbers.free(receipt_number)
        receipt_numbers.doubt_leap(found, number)
        packet = Packet.objects.create(
            fingerprint=mark,
            receipt_number=number,
            received_by=actor.account,
            text=reading.text,
            reading=found,
            oldest_on=kept.oldest_date(found),
            search_key=kept.searched_by(found, number),
        )
        for position, file in enumerate(looked_into):
            PacketFile.objects.create(
                packet=packet, file=file.keep(actor), position=position, name=file.name, pages=file.pages
            )
        search.renew_packet(packet)
        beside = {"files_left_out": [file.told for file in left_out]} if left_out else {}
        history.record(
            "packet.received", packet, actor=actor, receipt_number=number, letters=len(packet.letters), **beside
        )
    return packet


def _each_once(files: Sequence[Incoming]) -> list[Incoming]:
    """The files without those that others among them have the content of."""
    found: dict[bytes, Incoming] = {}
    for file in files:
        found.setdefault(file.content, file)
    return list(found.values())


def _read(text: str) -> Reading:
    try:
        return read_letters(text)
    except TooManyLetters as error:
        raise NotTakenIn(str(error)) from error


def _kept(reading: Reading, pages: list[paper.Page]) -> Kept:
    """The reading with its chain, and `pages` for each letter and for the attachment to which the rest belongs."""
    blanks.add_to(reading, pages)
    if len(reading.letters) > MOST_LETTERS:
        raise NotTakenIn(str(TooManyLetters(len(reading.letters))))
    reading.chain = link_letters(reading.letters)
    found = kept.keep(reading)
    blanks.ask(found, pages, reading.text)
    for index, letter in enumerate(found["letters"]):
        letter["pages"] = paper.ranges(paper.of_letter(pages, found, index))
        for attachment in letter["attachments"]:
            if attachment["text"]:
                attachment["pages"] = paper.ranges(paper.of_the_rest(pages, found))
    return found


def fingerprint(text: str) -> str:
    """SHA-256 of the text; blanks around it do not count, nor do those at the ends of its lines."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256(lines.encode()).hexdigest()


def _fingerprint_of(files: Sequence[Arrived]) -> str:
    """Of scans, which all have the same text: none."""
    return hashlib.sha256("".join(map(_digest, files)).encode()).hexdigest()


def _digest(file: Arrived) -> str:
    return hashlib.sha256(file.content).hexdigest()


def taken_in_anew(packet: Packet) -> Packet | None:
    """The packet of the same content, or with the same PDFs, that arrived since this one was set aside."""
    same = Packet.objects.filter(fingerprint=packet.fingerprint).exclude(state=Packet.State.SET_ASIDE)
    if (first := same.first()) or not all(file.is_pdf for file in packet.packet_files.all()):
        return first
    digests = list(packet.packet_files.values_list("file__sha256", flat=True))
    return _with_same_files(digests, alone=not packet.text.strip())


def _with_same_files(digests: Sequence[str], *, alone: bool) -> Packet | None:
    """The packet that holds the PDFs of these digests already, whatever their text is read as by now.

    `alone`: and no others. A scan that came beside letters may have been taken for their enclosure, and be a letter.
    """
    packets = Packet.objects.exclude(state=Packet.State.SET_ASIDE)
    if alone:
        packets = packets.annotate(held=Count("packet_files")).filter(held=len(digests))
    for digest in digests:
        packets = packets.filter(pk__in=PacketFile.objects.filter(_is_of(digest)).values("packet"))
    return packets.first()


def _is_of(digest: str) -> Q:
    """Rows of files with this content, or that are the copy of one that acts."""
    return Q(file__sha256=digest) | Q(file__originals__sha256=digest)


def _waiting_in(packet: Packet, files: Sequence[Arrived]) -> int | None:
    """The first letter in these files, of a packet with several top letters, that is to be passed on yet."""
    known, pages = packet.kept, paper.pages_of(packet)
    if packet.state in Packet.CLOSED or len(kept.tops(known)) < 2:
        return None
    waiting = set(packet.notices.to_pass_on().values_list("packet_order", flat=True))
    for file in files:
        positions = set(packet.packet_files.filter(_is_of(_digest(file))).values_list("position", flat=True))
        here = [page for page in pages if page.file.position in positions]
        for index in kept.standing(known):
            if paper.of_letter(here, known, index) and (
                packet.registered_at is None or kept.top_of(known, index) in waiting
            ):
                return index
    return None


def one_at_a_time() -> None:
    """Numbers and contents are compared with what is there: two people's packets are taken in one after the other."""
    Organisation.objects.select_for_update().get(pk=tree.association().pk)


# Correcting ----------------------------------------------------------------------------------------------------------


def locked(packet: Packet) -> Packet:
    """The packet as it is now, held until the transaction ends. Raises AlreadyRegistered where it waits no more."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    _must_wait(packet)
    return packet


def put(packet: Packet, after: Kept) -> None:
    """Keep what is known of the packet by now."""
    packet.corrected = after
    packet.oldest_on = kept.oldest_date(after)
    packet.search_key = kept.searched_by(after, packet.receipt_number)
    packet.save(update_fields=["corrected", "oldest_on", "search_key"])
    search.renew_packet(packet)


def _must_wait(packet: Packet) -> None:
    if packet.state != Packet.State.DOUBTFUL:
        raise AlreadyRegistered(f"収受 {packet.receipt_number} は{packet.get_state_display()}です。")


@transaction.atomic
def correct(
    packet: Packet, letters: Mapping[int, Letter], actor: Actor, seen: Mapping[int, str] | None = None
) -> Packet:
    """Put the corrected letters (by their index) in the place of what was read, which stays beside it.

    A warning about a field that was changed is settled by that. Links of attachments to letters make the chain.
    `seen` is `kept.state_of` the letters as the person saw them. Raises AlreadyRegistered, EnclosedInCircle, and
    ChangedMeanwhile where what was seen is not so any more and somebody's change would be lost.
    """
    packet = locked(packet)
    before, after = packet.kept, deepcopy(packet.kept)
    for index, letter in letters.items():
        old = before["letters"][index]
        letter = kept.with_decision_of(old, kept.with_doubts_of(old, letter))
        if seen and seen[index] != kept.state_of(old) and kept.changed_fields(old, letter):
            raise ChangedMeanwhile(packet)
        after["chain"] = kept.relinked(after["chain"], index, old, letter)
        after["letters"][index] = kept.settled(letter, fields=kept.changed_fields(old, letter))
        _move_rest(packet, after, index)
    if kept.runs_in_a_circle(after["chain"]):
        raise EnclosedInCircle("文書が、めぐりめぐって自分自身の別添になっています。別添の結び付けを直してください。")
    if after != before:
        put(packet, after)
        _record_corrections(packet, before, after, actor)
    return packet


def _move_rest(packet: Packet, known: Kept, index: int) -> None:
    """Where an attachment of letter `index` has become what belongs to no letter, it lies there and nowhere else."""
    new = [each for each in known["letters"][index]["attachments"] if each["text"] and "pages" not in each]
    for attachment in new:
        attachment["pages"] = paper.ranges(paper.of_the_rest(paper.pages_of(packet), known))
    others = [letter for other, letter in enumerate(known["letters"]) if other != index]
    for attachment in (each for letter in others for each in letter["attachments"] if new):
        attachment["text"] = ""


@transaction.atomic
def renumber(packet: Packet, typed: str, actor: Actor) -> Packet:
    """Give the packet the receipt number that was meant, for as long as it is not registered.

    Raises AlreadyRegistered, ReceiptNumberTaken.
    """
    one_at_a_time()
    packet = locked(packet)
    was, number = packet.receipt_number, receipt_numbers.free(typed, packet)
    if number == was:
        return packet
    after = deepcopy(packet.kept)
    receipt_numbers.doubt_leap(after, number, packet)
    if after != packet.kept:
        packet.corrected = after
    packet.receipt_number = number
    packet.search_key = kept.searched_by(after, number)
    packet.save(update_fields=["corrected", "receipt_number", "search_key"])
    search.renew_packet(packet)
    history.record("packet.renumbered", packet, actor=actor, receipt_number=number, was=was)
    return packet


def accept(packet: Packet, actor: Actor) -> Packet:
    """Declare every reading that is still doubtful right."""
    return correct(packet, {index: kept.settled(letter) for index, letter in enumerate(packet.letters)}, actor)


def _record_corrections(packet: Packet, before: dict, after: dict, actor: Actor) -> None:
    """Which fields of which letter were changed, and how many doubts settled; the values stay in the packet."""
    for index, (old, new) in enumerate(zip(before["letters"], after["letters"], strict=True)):
        changed = sorted(kept.changed_fields(old, new))
        settled = len(kept.doubts(old)) - len(kept.doubts(new))
        if changed or settled:
            history.record(
                "packet.corrected", packet, actor=actor, letter=index + 1, fields=changed, doubts_settled=settled
            )
