"""What the page of a packet shows: its parts, the chain, the original beside what was read, and what is still open."""

from dataclasses import dataclass
from functools import cached_property

from members.uploads.refusals import UnusableFile
from notices.forms.readings import ReadingForm
from notices.intake import archive, closing, kept, original, paper, registering, rest
from notices.intake.kept import Letter
from notices.intake.reading import mark_of
from notices.intake.steps import REFERENCE
from notices.letters import guide
from notices.models import Notice, Packet
from notices.views.packet_fates import OpenFate, label_of
from notices.views.packet_tops import TopLetter, letter_url, top_letters
from notices.views.reading_rows import Where
from notices.views.reading_sheet import ReadingSheet, day, first_doubt

REST = "rest"
AS_TEXT = "text"


@dataclass(frozen=True)
class Part:
    """One part of the packet: a letter, or what belongs to none; `doubts` are still open.

    `pages` names its pages in a packet of PDFs: 1–2・5.
    """

    mark: str
    label: str
    url: str
    doubts: int
    current: bool
    is_letter: bool = True
    pages: str = ""


@dataclass(frozen=True)
class KnownLetter:
    """Another letter of the packet that is in the ledger as `notice`; registering links it, or cannot be."""

    mark: str
    label: str
    url: str
    notice: Notice
    is_linked: bool


class PacketPage:
    """The page of one packet with one of its parts open: a letter by its index, or None for the rest of the text.

    A packet of PDFs is shown as its pages, or `as_text`.
    """

    def __init__(
        self, packet: Packet, index: int | None, form: ReadingForm | None = None, *, as_text: bool = False
    ) -> None:
        self.packet, self.index, self.as_text = packet, index, as_text
        self.known = packet.kept
        self._form = form

    @property
    def title(self) -> str:
        subject = self.known["letters"][kept.top_index(self.known)]["subject"] or str(self.packet)
        return f"{subject} ほか {len(self.tops) - 1} 件" if self.tops else subject

    @property
    def is_open(self) -> bool:
        """Whether it waits to be checked and registered."""
        return self.packet.state == Packet.State.DOUBTFUL

    @cached_property
    def parts(self) -> list[Part]:
        there = kept.standing(self.known)
        parts = [
            Part(
                mark_of(index),
                label_of(self.known, index),
                letter_url(self.packet, index) + self._view,
                len(kept.doubts(letter)) if self.is_open and index in there else 0,
                index == self.index,
                pages=numbered(paper.of_letter(self.all_pages, self.known, index)),
            )
            for index, letter in enumerate(self.known["letters"])
        ]
        beside = paper.beside(self.all_pages, self.known)
        if self.known["remainder"] or beside:
            rest = f"{self.packet.get_absolute_url()}?letter={REST}{self._view}"
            pages = numbered(beside)
            parts.append(Part("", "残りの文章", rest, 0, self.index is None, is_letter=False, pages=pages))
        return parts

    @property
    def letters(self) -> list[Part]:
        return [part for part in self.parts if part.is_letter]

    @property
    def stops(self) -> list[kept.Stop]:
        """The way of the chain in which the open letter stands; of the first chain for the rest of the text."""
        return kept.stops(self.known, None if self.index is None else kept.top_of(self.known, self.index))

    @cached_property
    def tops(self) -> list[TopLetter]:
        """The letters of which members are told each by itself, where there are several; else none."""
        return top_letters(self.packet)

    @cached_property
    def known_letters(self) -> list[KnownLetter]:
        """The letters beside the open one, while the packet is open, that are in the ledger already."""
        there = kept.standing(self.known) if self.is_open else []
        held = {index: archive.archived(self.known["letters"][index]) for index in there if index != self.index}
        found = {index: notice for index, notice in held.items() if notice}
        new = archive.new_tops(self.known) if found else []
        return [
            KnownLetter(
                mark_of(index),
                label_of(self.known, index),
                letter_url(self.packet, index) + self._view,
                notice,
                archive.may_be_linked(notice, self.known, index, new),
            )
            for index, notice in found.items()
        ]

    @property
    def doubt_count(self) -> int:
        return sum(part.doubts for part in self.parts)

    @property
    def next_doubt(self) -> str:
        """Where the next doubt is: in the open letter first, then in the others in their order; "" without any.

        Within a letter from above.
        """
        order = sorted(kept.standing(self.known), key=lambda index: index != self.index)
        for index in order:
            if (warning := first_doubt(self.known["letters"][index])) is not None:
                return f"{letter_url(self.packet, index)}#doubt-{warning}"
        return ""

    # Its pages, where it came as PDFs --------------------------------------------------------------------------------

    @cached_property
    def all_pages(self) -> list[paper.Page]:
        """The pages of a packet that holds a PDF; none otherwise."""
        pages = paper.pages_of(self.packet)
        return pages if any(page.file.is_pdf for page in pages) else []

    @property
    def on_paper(self) -> bool:
        """Whether pages are shown, rather than the text."""
        return bool(self.all_pages) and not self.as_text

    @cached_property
    def pages(self) -> list[paper.Page]:
        """The pages of the open part, with what was read marked on them where they can be drawn."""
        if self.letter is None:
            return paper.beside(self.all_pages, self.known)
        pages = paper.of_letter(self.all_pages, self.known, self.index)
        try:
            return paper.marked(self.packet, self.letter, pages)
        except UnusableFile:
            return pages

    @property
    def part(self) -> str:
        """How the address names the open part."""
        return REST if self.index is None else str(self.index + 1)

    @property
    def other_view(self) -> str:
        """The address of the same part, shown the other way."""
        view = "" if self.as_text else f"&view={AS_TEXT}"
        return f"{self.packet.get_absolute_url()}?letter={self.part}{view}"

    @property
    def _view(self) -> str:
        return f"&view={AS_TEXT}" if self.as_text else ""

    # The open part ---------------------------------------------------------------------------------------------------

    @property
    def letter(self) -> Letter | None:
        return None if self.index is None else self.known["letters"][self.index]

    @property
    def mark(self) -> str:
        return "" if self.index is None else mark_of(self.index)

    @cached_property
    def fate(self) -> OpenFate | None:
        """What becomes of the open letter."""
        return None if self.index is None else OpenFate(self.packet, self.index)

    @property
    def paragraphs(self) -> list[original.Paragraph]:
        if self.letter is None:
            return original.plain_paragraphs(rest.rest_of(self.known, self.packet.text))
        return original.paragraphs(self.packet.text, self.letter)

    @property
    def rest_goes_to(self) -> list[str]:
        """The attachments that hold text which came with the packet."""
        return [
            f"{mark_of(index)} {attachment['label']} {attachment['title']}".strip()
            for index, letter in enumerate(self.known["letters"])
            for attachment in letter["attachments"]
            if attachment["text"]
        ]

    @property
    def steps(self) -> list[dict]:
        """The steps of the set-up, as they were read from the guides, without the guides' numbers."""
        return [step | {"title": guide.without_number(step["title"])} for step in self.known["steps"]]

    @property
    def steps_to_read(self) -> int:
        """How many of them only lead somewhere, and are not ticked."""
        return sum(step["group"] == REFERENCE for step in self.steps)

    @cached_property
    def sheet(self) -> ReadingSheet:
        """The open letter in its form."""
        return ReadingSheet(self.packet, self.index, self._form, self.places)

    @cached_property
    def places(self) -> dict[str, Where]:
        """Where the values of the open letter stand, by their names."""
        if self.on_paper:
            return {
                mark.name: Where(f"at-{mark.name}", f"{page.number}ページ")
                for page in reversed(self.pages)
                for mark in page.marks
                if mark.is_first
            }
        found = {place.name for place in original.places(self.packet.text, self.letter)}
        return {name: Where(f"at-{name}", "原文") for name in found}

    @cached_property
    def may_be_double(self) -> bool:
        """Whether the open letter, that on top, repeats a notice, so that the packet may be closed for that."""
        return self.index == kept.top_index(self.known) and closing.doubled_by(self.packet) is not None

    # Once it is registered -------------------------------------------------------------------------------------------

    @cached_property
    def notice(self) -> Notice | None:
        """The notice that the open letter became."""
        made = self.packet.notices.filter(packet_order=self.index).first()
        return made or archive.archived(self.letter)

    @cached_property
    def to_issue(self) -> Notice | None:
        """The notice to issue for its top letter, the only one."""
        return registering.notice_for(registering.top_notice(self.packet)) if self.packet.registered_at else None

    @property
    def may_be_filed(self) -> bool:
        return bool(self.packet.registered_at) and closing.may_be_filed(registering.top_notice(self.packet))

    @property
    def facts(self) -> list[tuple[str, list[str]]]:
        """The open letter as it was registered, for reading only."""
        letter = self.letter
        rows = [
            ("文書番号", [kept.number_label(letter)]),
            ("日付", [day(letter["date"])]),
            ("宛先", [" ".join(filter(None, ("、".join(letter["addressees"]), letter["honorific"])))]),
            ("発出者", ["　".join(filter(None, one.values())) for one in letter["issuers"]]),
            ("件名", [letter["subject"]]),
            ("期限", [day(letter["deadline"])]),
            ("関連", ["　".join(filter(None, (one["number"], day(one["date"])))) for one in letter["references"]]),
            ("別添・参考", [f"{one['label']}　{one['title']}" for one in letter["attachments"]]),
        ]
        return [(label, filled) for label, lines in rows if (filled := [line for line in lines if line])]


def chosen_part(packet: Packet, wanted: str) -> int | None:
    """The index of the letter that the address names, None for the rest; the top letter where it names none."""
    if wanted == REST and (packet.kept["remainder"] or paper.beside(paper.pages_of(packet), packet.kept)):
        return None
    index = int(wanted) - 1 if wanted.isdecimal() and len(wanted) < 4 else -1
    return index if 0 <= index < len(packet.letters) else kept.top_index(packet.kept)


def numbered(pages: list[paper.Page]) -> str:
    """The numbers of pages, those that follow one another as 1–2."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][-1] == page.number - 1:
            runs[-1].append(page.number)
        else:
            runs.append([page.number])
    return "・".join(f"{run[0]}–{run[-1]}" if run[1:] else str(run[0]) for run in runs)
