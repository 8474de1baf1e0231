"""What staff decide about a 文書 of a packet as a whole: it is left out, or pages without text are somebody's 別添."""

import re
from copy import deepcopy

from django.db import transaction

from members import history
from members.history import Actor
from members.numerals import narrow
from notices.intake import fates, kept, paper, receiving
from notices.intake.fates import Fate, Reason
from notices.intake.kept import Kept
from notices.intake.twins import Signs, are_one, signs_of
from notices.models import Packet

ENCLOSED = "別添"
LONGEST_NOTE = 200
_COUNTED = re.compile(rf"{ENCLOSED}([0-9]{{1,3}})")


class CannotDecide(ValueError):
    """It cannot be decided so, as things stand; the message says why, in Japanese."""


@transaction.atomic
def leave_out(packet: Packet, index: int, reason: Reason, actor: Actor, note: str = "") -> Packet:
    """この文書を除く: it stays in the packet, and is no notice. Raises CannotDecide, receiving.AlreadyRegistered."""
    packet, after = _opened(packet, index)
    if after["letters"][index].get("left_out"):
        raise CannotDecide("この文書は、すでに除いてあります。")
    if kept.standing(after) == [index]:
        raise CannotDecide("ほかに文書がありません。受領そのものを取りやめてください。")
    after["letters"][index]["left_out"] = {"reason": str(reason), "note": note}
    return _decided(packet, after, "packet.letter_left_out", actor, index, reason=fates.REASONS[reason], note=note)


@transaction.atomic
def take_back(packet: Packet, index: int, actor: Actor) -> Packet:
    """Take back that it was left out. Raises CannotDecide, receiving.AlreadyRegistered."""
    packet, after = _opened(packet, index)
    if not after["letters"][index].pop("left_out", None):
        raise CannotDecide("この文書は、除かれていません。")
    return _decided(packet, after, "packet.letter_taken_back", actor, index)


@transaction.atomic
def place(packet: Packet, index: int, outer: int, row: int | None, actor: Actor) -> Packet:
    """Make pages without text the content of an attachment of letter `outer`: of that `row`, or of a new one.

    Raises CannotDecide, receiving.AlreadyRegistered.
    """
    packet, after = _opened(packet, index)
    if fates.fate(after, index) != Fate.UNDECIDED or (outer, row) not in places(after):
        raise CannotDecide("画面を開いたあとに、文書か別添が変わりました。")
    _unlink(after, index)
    rows = after["letters"][outer]["attachments"]
    if row is None:
        rows.append({"label": _next_label(rows), "title": "", "url": None, "text": "", "span": None})
        row = len(rows) - 1
    rows[row]["letter"] = index
    after["chain"] = sorted([*after["chain"], [index, outer]], reverse=True)
    if kept.runs_in_a_circle(after["chain"]):
        raise CannotDecide(
            "この文書の「別添・参考」が、その文書を別添にしています。先に、その結び付けを直してください。"
        )
    return _decided(packet, after, "packet.pages_placed", actor, index, into=outer + 1, label=rows[row]["label"])


@transaction.atomic
def free(packet: Packet, index: int, actor: Actor) -> Packet:
    """Take back that pages without text are the content of an attachment; that keeps its label and title.

    Raises CannotDecide, receiving.AlreadyRegistered.
    """
    packet, after = _opened(packet, index)
    if fates.fate(after, index) != Fate.PAGES:
        raise CannotDecide("このページは、別添になっていません。")
    _unlink(after, index)
    return _decided(packet, after, "packet.pages_freed", actor, index)


@transaction.atomic
def turn(packet: Packet, number: int, actor: Actor) -> Packet:
    """Turn a page of the packet's PDFs, counted from 1, a quarter to the right: as it is shown, and as it is bound.

    Raises CannotDecide, receiving.AlreadyRegistered.
    """
    packet = receiving.locked(packet)
    page = next((page for page in paper.pages_of(packet) if page.number == number and page.file.is_pdf), None)
    if page is None:
        raise CannotDecide("このページは、回せません。")
    after = deepcopy(packet.kept)
    degrees = (page.turn + 90) % 360
    after["turned"] = after.get("turned", {}) | {paper.key_of(page): degrees}
    receiving.put(packet, after)
    history.record("packet.page_turned", packet, actor=actor, page=number, degrees=degrees)
    return packet


def places(known: Kept) -> list[tuple[int, int | None]]:
    """What pages without text may be: an attachment of a letter that has no content yet, or a new one of it."""
    found: list[tuple[int, int | None]] = []
    for outer in kept.standing(known):
        if fates.fate(known, outer) == Fate.LETTER:
            rows = enumerate(known["letters"][outer]["attachments"])
            found += [(outer, row) for row, each in rows if is_without_content(each)]
            found.append((outer, None))
    return found


def is_without_content(attachment: kept.Letter) -> bool:
    """Whether nothing of the packet, nor an address, is said to be this attachment."""
    has_file = attachment.get("file") is not None
    return attachment["letter"] is None and not (attachment["url"] or attachment["text"] or has_file)


def _unlink(known: Kept, index: int) -> None:
    """Let the 文書 `index` be the content of no attachment, neither of one whose letter was left out."""
    for letter in known["letters"]:
        for attachment in letter["attachments"]:
            if attachment["letter"] == index:
                attachment["letter"] = None
    known["chain"] = [pair for pair in known["chain"] if pair[0] != index]


def twin(known: Kept, index: int) -> int | None:
    """Another letter of the packet that is the same come twice, of which one is to be left out."""
    signs = _signs(known["letters"][index])
    others = (other for other in kept.standing(known) if other != index)
    return next((other for other in others if are_one(signs, _signs(known["letters"][other]))), None)


def _signs(letter: kept.Letter) -> Signs:
    organisations = [issuer["organisation"] for issuer in letter["issuers"]]
    return signs_of(letter["numbers"], kept.date_of(letter), organisations)


def _next_label(rows: list[kept.Letter]) -> str:
    """別添4 behind 別添1 and 別添3: above all that are there, one without a number counted, too."""
    found = [_COUNTED.match(narrow(row["label"])) for row in rows if row["label"].startswith(ENCLOSED)]
    highest = max((int(match[1]) for match in found if match), default=0)
    return f"{ENCLOSED}{max(highest, len(found)) + 1}"


def _opened(packet: Packet, index: int) -> tuple[Packet, Kept]:
    """The packet under its lock, with what is known of it to be changed."""
    packet = receiving.locked(packet)
    if not 0 <= index < len(packet.letters):
        raise CannotDecide("この文書は、この受領文書にありません。")
    return packet, deepcopy(packet.kept)


def _decided(packet: Packet, after: Kept, verb: str, actor: Actor, index: int, **detail: str | int) -> Packet:
    receiving.put(packet, after)
    history.record(verb, packet, actor=actor, letter=index + 1, **detail)
    return packet
