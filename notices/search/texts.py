"""The texts of a notice and of a packet, place by place, as they are searched."""

from collections.abc import Iterable, Iterator

from members import wareki
from notices.folding import fold
from notices.models import Notice, Packet, Passage, Release

Kind = Passage.Kind


def of_notice(notice: Notice) -> list[Passage]:
    """Passages of all that stands in the notice itself; its files are read elsewhere."""
    attachments = list(notice.attachments.all())
    plan = Release.objects.filter(notice=notice).first()
    texts = [(Kind.LETTER, None, _letter(notice))]
    texts += [(Kind.ATTACHMENT, one, one.text) for one in attachments]
    texts += [(Kind.STEPS, None, _lines(*((step.title, step.hint) for step in notice.steps.all())))]
    if plan:
        asked = [plan.covering_pharmacies, plan.who, plan.what]
        texts += [(Kind.TO_CHAIRS, None, plan.covering_chairs), (Kind.TO_PHARMACIES, None, _lines(asked))]
        texts += [(Kind.CHANGED, None, plan.changed)]
    return _passages((Passage(kind=kind, notice=notice, attachment=one, text=text) for kind, one, text in texts))


def of_packet(packet: Packet) -> list[Passage]:
    """Passages of a packet: what is known of its letters, as corrected, and the text that arrived."""
    known = _lines([packet.receipt_number], *map(_known, _standing(packet)))
    return _passages(Passage(kind=Kind.ORIGINAL, packet=packet, text=text) for text in (known, packet.text))


def of_file(file: int, pages: Iterable[str], *, numbered: bool) -> list[Passage]:
    """Passages of a file, by its id: a page each."""
    return _passages(
        Passage(kind=Kind.FILE, file_id=file, page=number if numbered else None, text=text)
        for number, text in enumerate(pages, start=1)
    )


def head_of_notice(notice: Notice) -> str:
    """What is at the head of a notice, folded: who finds the word there looks for this very letter."""
    return fold(_lines([notice.number_text, notice.subject, notice.issuer_names]))


def head_of_packet(packet: Packet) -> str:
    """The same of a packet."""
    return fold(_lines([packet.receipt_number], *map(_known, _standing(packet))))


def _standing(packet: Packet) -> list[dict]:
    """The letters of a packet without those that staff left out: these are found by the text that arrived only."""
    return [letter for letter in packet.letters if not letter.get("left_out")]


def _letter(notice: Notice) -> str:
    """What stands on the sheet, from above; of a letter that is kept only as such, its original text."""
    issuers = [(issuer.organisation.name, issuer.title, issuer.name) for issuer in notice.issuers.all()]
    enclosed = [(f"{one.label} {one.title}", one.url) for one in notice.attachments.all()]
    return _lines(
        [number.text for number in notice.numbers.all()] or [notice.number_text],
        [wareki.long_date(notice.date) if notice.date else ""],
        [f"{name}　{notice.honorific}" for name in notice.addressees],
        [" ".join(filter(None, issuer)) for issuer in issuers],
        [notice.subject, notice.body or notice.text, notice.items],
        *enclosed,
        [notice.contact],
    )


def _known(letter: dict) -> list[str]:
    return [*letter["numbers"], letter["subject"], *(issuer["organisation"] for issuer in letter["issuers"])]


def _lines(*groups: Iterable[str]) -> str:
    return "\n".join(line for group in groups for line in group if line)


def _passages(passages: Iterable[Passage]) -> list[Passage]:
    """Those in which there is something to find."""
    return list(_folded(passages))


def _folded(passages: Iterable[Passage]) -> Iterator[Passage]:
    for passage in passages:
        passage.text = passage.text.replace("\0", "")  # no column holds one
        passage.folded = fold(passage.text)
        if passage.folded:
            yield passage
