"""From a packet that was read and checked to notices in the archive, with their numbers, attachments and relations."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from members import history
from members.history import Actor
from notices import docnumber
from notices.intake import archive, blank_files, blanks, fates, kept, lengths
from notices.intake.fates import Fate
from notices.intake.kept import Letter
from notices.intake.reading import mark_of
from notices.models import Attachment, DocumentNumber, Notice, NoticeIssuer, Packet, Relation, StoredFile
from notices.search import index as search

# The first line of a guide that is its title is no longer.
LONGEST_TITLE = 60
UNDECIDED = "番号・日付・件名などを入力するか、ほかの文書の別添にするか、「この文書を除く」かを決めてください。"
NOT_TAKEN_OUT = "「別添から外す」を押してから、「この文書を除く」で除いてください。"
TWICE = "同じ文書なら、どちらかを「この文書を除く」で除いてください。別の文書なら、番号・日付・件名を直してください。"


class CannotRegister(ValueError):
    """The packet cannot be registered as it stands; the message says why, in Japanese. `letter` is where to look."""

    def __init__(self, message: str, letter: int) -> None:
        super().__init__(message)
        self.letter = letter


class DoubtsLeft(CannotRegister):
    """Some readings were marked doubtful and nobody has settled them."""


class Undecided(CannotRegister):
    """Nobody has said yet what some pages without text are."""


class Incomplete(CannotRegister):
    """A letter lacks what every notice needs, or has more than the archive holds."""


class NumberTwice(CannotRegister):
    """Two letters of the packet have the same number, or one letter has it twice."""


class NumberTaken(CannotRegister):
    """Another notice, `first`, has the number of one of the letters (or, without numbers, all else in common)."""

    def __init__(self, message: str, letter: int, first: Notice) -> None:
        super().__init__(message, letter)
        self.first = first


def top_notice(packet: Packet, index: int | None = None) -> Notice:
    """The notice that the packet's top letter `index` became, or the first of several.

    Raises Notice.DoesNotExist before it is registered, and where no top letter is at that place.
    """
    tops = packet.notices.tops().order_by("packet_order")
    return tops[:1].get() if index is None else tops.get(packet_order=index)


def notice_for(top: Notice) -> Notice | None:
    """The notice that tells members of a top letter: itself once it is drafted, or the letter that encloses it."""
    return enclosing_notice(top) if top.state == Notice.State.RECEIVED else top


def enclosing_notice(top: Notice) -> Notice | None:
    """The letter to members that encloses a received one, drafted or released; the first of several.

    Another received letter may enclose it, too: that tells nobody.
    """
    enclosing = Notice.objects.filter(relations__kind=Relation.Kind.ENCLOSES, relations__target=top)
    return enclosing.exclude(state=Notice.State.RECEIVED).order_by("pk").first()


@transaction.atomic
def register_letters(packet: Packet, actor: Actor) -> Notice:
    """Make a received notice of each letter; gives that of the top letter, the first of several.

    An enclosed letter that is in the archive already is linked, not made again, and so is a top letter beside one that
    is new. What was left out becomes nothing. `packet` must be locked by the caller. Raises CannotRegister, as `check`
    does, and NumberTaken.
    """
    known = packet.kept
    check(known)
    new = archive.new_tops(known)
    notices: dict[int, Notice] = {}
    made: set[int] = set()
    for index in kept.standing(known):
        letter = known["letters"][index]
        first = archive.archived(letter)
        if first and (first.packet_id == packet.pk or not archive.may_be_linked(first, known, index, new)):
            raise _taken(packet, index, first, letter)
        notices[index] = first or _notice(packet, index, letter)
        if not first:
            made.add(index)
    try:
        enclosed_pages = blank_files.of(packet, known)
    except blank_files.NotTakenOut as error:
        there = f"文書{mark_of(error.index)}（{blanks.named(known['letters'][error.index])}）"
        told = f"{there}を、別添のファイルとして取り出せませんでした。{NOT_TAKEN_OUT}"
        raise CannotRegister(told, error.index) from error
    for index in sorted(made):
        _attach(notices[index], known["letters"][index], notices, enclosed_pages)
        _relate(notices, index, known)
    for index in made:
        search.renew(notices[index].pk)
    packet.state = Packet.State.REGISTERED
    packet.registered_at = timezone.now()
    packet.save(update_fields=["state", "registered_at"])
    top = top_notice(packet)
    history.record("packet.registered", packet, actor=actor, notice=top.pk, letters=len(made))
    return top


def check(known: kept.Kept) -> None:
    """Raises Undecided, DoubtsLeft, Incomplete or NumberTwice where the letters cannot become notices yet."""
    there = [(index, known["letters"][index]) for index in kept.standing(known)]
    for index, letter in there:
        if fates.fate(known, index) == Fate.UNDECIDED:
            raise Undecided(f"文書{mark_of(index)}は、{blanks.named(letter)}です。{UNDECIDED}", index)
        if not letter["subject"]:
            raise Incomplete("件名がありません。件名を入れてから登録してください。", index)
        if not letter["issuers"] or not all(issuer["organisation"] for issuer in letter["issuers"]):
            raise Incomplete("発出者の団体名がありません。団体名を入れてから登録してください。", index)
        if sentence := lengths.too_long(letter):
            raise Incomplete(sentence, index)
        if text := _number_twice(letter):
            raise NumberTwice(f"この文書に、{text}が 2 つあります。どちらかを消してください。", index)
    for index, letter in there:
        if kept.doubts(letter):
            left = kept.count_doubts(known)
            raise DoubtsLeft(f"確かめてほしい読み取りが、あと {left} か所あります。", index)


def _number_twice(letter: Letter) -> str | None:
    """A number that an issuer of the letter has given it already, if only in another way of writing."""
    date, seen = kept.date_of(letter), set()
    for position, text in enumerate(letter["numbers"]):
        number = docnumber.identity(text, date)
        issuer = archive.name_key(archive.issuer_of_number(letter, position))
        one = (issuer, number.series, number.fiscal_year, number.serial)
        if number.complete and one in seen:
            return text
        seen.add(one)
    return None


def _taken(packet: Packet, index: int, first: Notice, letter: Letter) -> CannotRegister:
    what = kept.number_label(letter) if letter["numbers"] else "同じ発出者・日付・件名の文書"
    if first.packet_id == packet.pk:
        return NumberTwice(f"この受領文書の中に、{what}が 2 つあります。{TWICE}", index)
    return NumberTaken(f"{what}は、すでに登録されています。", index, first)


def _notice(packet: Packet, index: int, letter: Letter) -> Notice:
    """The notice with its issuers and numbers."""
    date, top = kept.date_of(letter), kept.top_of(packet.kept, index)
    notice = Notice.objects.create(
        state=Notice.State.RECEIVED,
        kind=kept.kind_of(letter),
        date=date,
        addressees=letter["addressees"],
        honorific=letter["honorific"],
        subject=letter["subject"],
        body=letter["body"],
        items="\n".join(letter["items"]),
        contact=letter["contact"],
        text=packet.text[slice(*letter["span"])],
        packet=packet,
        packet_order=index,
        packet_under=None if top == index else top,
        packet_oldest_on=kept.oldest_date(packet.kept, top) if top == index else None,
    )
    for position, issuer in enumerate(letter["issuers"]):
        NoticeIssuer.objects.create(
            notice=notice,
            organisation=archive.issuer_named(issuer["organisation"]),
            title=issuer["title"] or "",
            name=issuer["name"] or "",
            position=position,
        )
    for position, text in enumerate(letter["numbers"]):
        number = docnumber.identity(text, date)
        issuer = archive.issuer_named(archive.issuer_of_number(letter, position))
        DocumentNumber.objects.give(notice, issuer, **asdict(number))
    return notice


def _attach(
    notice: Notice, letter: Letter, notices: dict[int, Notice], enclosed_pages: dict[int, tuple[StoredFile, str]]
) -> None:
    files = {each.position: each for each in notice.packet.packet_files.select_related("file__safe_copy")}
    for position, attachment in enumerate(letter["attachments"], start=1):
        lies_in = files.get(attachment.get("file"))
        file, name = (lies_in.file.safe_copy or lies_in.file, lies_in.name) if lies_in else (None, "")
        file, name = enclosed_pages.get(attachment["letter"], (file, name))
        Attachment.objects.create(
            notice=notice,
            position=position,
            label=attachment["label"],
            title=attachment["title"] or _named_by(attachment, notices, enclosed_pages),
            enclosed=notices.get(attachment["letter"]),
            url=web_address(attachment["url"]),
            text=attachment["text"],
            file=file,
            file_name=name,
        )


def _named_by(attachment: dict[str, Any], notices: dict[int, Notice], enclosed_pages: Collection[int]) -> str:
    """The title of an attachment to which its letter gives none: the subject of the letter, or a guide's first line.

    Of pages without text nobody knows more than that.
    """
    if attachment["letter"] in notices:
        return notices[attachment["letter"]].subject
    if attachment["letter"] in enclosed_pages:
        return blanks.WITHOUT_TEXT
    return next((line.strip()[:LONGEST_TITLE] for line in attachment["text"].splitlines() if line.strip()), "")


def web_address(url: str | None) -> str:
    """The address where it is one of the web; nothing for any other scheme."""
    parts = urlsplit(url or "")
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _relate(notices: dict[int, Notice], index: int, known: kept.Kept) -> None:
    """encloses for the chain, follows_up and cites for what the letter refers to, each notice once."""
    source, letter = notices[index], known["letters"][index]
    enclosed = [notices[inner] for inner, outer in kept.links(known) if outer == index]
    for target in enclosed:
        Relation.objects.get_or_create(source=source, kind=Relation.Kind.ENCLOSES, target=target)
    told = {source.pk, *(target.pk for target in enclosed)}
    for reference in letter["references"]:
        date, number = kept.date_of(reference), reference["number"]
        if number in letter["numbers"]:  # its own
            continue
        beside = kept.referred(known, index, reference)
        found = notices[beside] if beside is not None else number and archive.cited(number, date, letter)
        target = found if isinstance(found, Notice) else None
        if target and target.pk in told:
            continue
        told |= {target.pk} if target else set()
        Relation.objects.create(
            source=source,
            kind=Relation.Kind.FOLLOWS_UP if reference["follows_up"] else Relation.Kind.CITES,
            target=target,
            cited_number=number or "",
            cited_date=date,
        )
