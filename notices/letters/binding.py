"""通知と別添をまとめたPDF: the letter and its enclosures bound as one, each page once with its label and its number.

What the site has as text is typeset, PDFs are taken as they are; what cannot be bound gets a page that says so, so that
one bad file spoils no packet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from django.conf import settings
from django.template.loader import render_to_string

from notices import pdf, pdf_binding
from notices.letters import manual, received
from notices.letters.letter import Letter, letter_of
from notices.letters.papers import Form, Paper, Reason, papers, without_content
from notices.models import Notice, StoredFile
from notices.pdf_binding import BindingFailed, Bookmark, Pages, Sheet

# Everything that `bind` raises.
FAILURES = (pdf.RenderFailed, BindingFailed)


@dataclass(frozen=True)
class Bound:
    """The packet as one PDF; `left_out` are the papers that are not in it: a page says so, or there was nothing."""

    content: bytes
    pages: int
    left_out: list[Paper]


@dataclass(frozen=True)
class Piece:
    """Pages of one paper, the letter's own without a paper: those of a PDF by its number, None until it is typeset.

    `turns` says which of them are turned to the right by how many degrees.
    """

    paper: Paper | None
    source: int | None = None
    first: int = 0
    end: int = 0
    turns: Mapping[int, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return self.end - self.first

    @property
    def label(self) -> str:
        return self.paper.label if self.paper else ""

    @property
    def is_our_own(self) -> bool:
        """Whether the site wrote the pages, with margins that are wide enough for the stamp."""
        return self.paper is None or self.paper.form not in (Form.FILE, Form.RECEIVED)


class Leaf(NamedTuple):
    """A page of the packet: letters that were received may share it, any other belongs to the one piece `of`."""

    source: int
    page: int
    of: int | None
    turn: int = 0


class Sources:
    """The PDFs that are put together: the letter, and each file once, in as many bytes as are allowed."""

    def __init__(self, letter: bytes) -> None:
        self.contents = [letter]
        self._places: dict[int, int] = {}

    def add(self, content: bytes) -> int:
        """The number of the PDF."""
        self.contents.append(content)
        return len(self.contents) - 1

    def add_file(self, file: StoredFile) -> int | None:
        """The number of the file; None for one that would make the whole too large, which is not even read."""
        if file.pk not in self._places:
            if sum(map(len, self.contents)) + file.size > settings.BOUND_MAX_BYTES:
                return None
            self._places[file.pk] = self.add(file.read())
        return self._places[file.pk]


def bind(notice: Notice, letter: bytes) -> Bound:
    """The packet of a notice whose own letter is that PDF. Raises one of FAILURES."""
    sources = Sources(letter)
    nothing = without_content(notice)
    there = [paper for paper in papers(notice) if paper not in nothing]
    pieces = [Piece(None, 0), *(piece for paper in there for piece in _pieces(paper, sources))]
    looked = pdf_binding.look_into(sources.contents)
    if looked[0].fault:
        raise BindingFailed(f"the letter itself is {looked[0].fault}")
    pieces = list(_within_pages(_usable(pieces, looked)))
    if any(piece.source is None for piece in pieces):
        pieces = _typeset(pieces, notice, sources, looked)
    leaves = _leaves(pieces)
    sheets = [Sheet(leaf.source, leaf.page, on[0].is_our_own, leaf.turn) for leaf, on in leaves.items()]
    bookmarks = [Bookmark(notice.subject, 0, 0), *_bookmarks(pieces, leaves)]
    content = pdf_binding.bind(sources.contents, sheets, bookmarks, _stamps(leaves, looked), notice.subject)
    apart = [piece.paper for piece in pieces if piece.paper and piece.paper.form == Form.APART]
    return Bound(content, len(leaves), [*apart, *nothing])


def has_papers(notice: Notice) -> bool:
    """Whether there is anything to bind with the letter."""
    return len(papers(notice)) > len(without_content(notice))


def _pieces(paper: Paper, sources: Sources) -> Iterator[Piece]:
    """Where the pages of a paper come from; those without a source are typeset."""
    if paper.form in (Form.LETTER, Form.TEXT):
        came_on = received.pages_of(paper.letter) if paper.letter else received.pages_with_text(paper.attachment)
        ranges = [(sources.add_file(each.file), each.first, each.end, each.turns) for each in came_on]
        if ranges and all(source is not None for source, *_ in ranges):
            came = replace(paper, form=Form.RECEIVED)
            yield from (Piece(came, *each) for each in ranges)
        else:
            yield Piece(paper)
    elif paper.form == Form.FILE:
        source = sources.add_file(paper.file)
        yield Piece(paper.apart(Reason.TOO_LARGE) if source is None else paper, source)
    elif paper.form == Form.STEPS:
        yield Piece(paper, sources.add(manual.manual_pdf(paper.attachment.notice, is_bound=True)))
    else:
        yield Piece(paper)


def _usable(pieces: Iterable[Piece], looked: Sequence[Pages]) -> Iterator[Piece]:
    """Each piece with where it ends; of a PDF that cannot be bound what came on it is typeset, or a page says so."""
    for piece in pieces:
        found = looked[piece.source] if piece.source is not None else None
        if found is None:
            yield piece
        elif piece.first < len(found):
            yield replace(piece, end=min(piece.end or len(found), len(found)))
        elif piece.paper.form == Form.RECEIVED:
            yield Piece(replace(piece.paper, form=Form.LETTER if piece.paper.letter else Form.TEXT))
        else:
            yield Piece(piece.paper.apart(Reason(found.fault)))


def _within_pages(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What would make too many pages stays outside; a page that letters share is one."""
    within: set[Leaf] = set()
    for number, piece in enumerate(pieces):
        leaves = within.union(_leaves_of(number, piece))
        if piece.paper and len(leaves) > settings.BOUND_MAX_PAGES:
            yield Piece(piece.paper.apart(Reason.TOO_LARGE))
        else:
            within = leaves
            yield piece


def _typeset(pieces: list[Piece], notice: Notice, sources: Sources, looked: list[Pages]) -> list[Piece]:
    """The pieces, those that have no pages yet with the pages of one document that is made of all of them."""
    sections = [(piece.paper, _letter(piece.paper)) for piece in pieces if piece.source is None]
    context = {"sections": sections, "notice": notice, "is_draft": notice.state == Notice.State.DRAFT}
    content = pdf.render(render_to_string("bound/typeset.html", context))
    source = sources.add(content)
    looked += pdf_binding.look_into([content])
    starts = [item.get_dest().get_index() for item in pypdfium2.PdfDocument(content).get_toc()]
    ranges = pairwise([*starts, len(looked[source])])
    return [piece if piece.source is not None else Piece(piece.paper, source, *next(ranges)) for piece in pieces]


def _letter(paper: Paper) -> Letter | None:
    return letter_of(paper.letter) if paper.form == Form.LETTER else None


def _leaves(pieces: Sequence[Piece]) -> dict[Leaf, list[Piece]]:
    """Each page once, in their order, with the pieces that lie on it."""
    leaves: dict[Leaf, list[Piece]] = {}
    for number, piece in enumerate(pieces):
        for leaf in _leaves_of(number, piece):
            leaves.setdefault(leaf, []).append(piece)
    return leaves


def _leaves_of(number: int, piece: Piece) -> list[Leaf]:
    of = None if piece.paper and piece.paper.form == Form.RECEIVED else number
    return [Leaf(piece.source, page, of, piece.turns.get(page, 0)) for page in range(piece.first, piece.end)]


def _bookmarks(pieces: Sequence[Piece], leaves: dict[Leaf, list[Piece]]) -> Iterator[Bookmark]:
    """One for each paper, at the first of its pages: a letter may have come in several files."""
    starts: dict[int, int] = {}
    for sheet, on in enumerate(leaves.values()):
        for paper in (piece.paper for piece in on if piece.paper):
            starts.setdefault(paper.attachment.pk, sheet)
    papers_of = {piece.paper.attachment.pk: piece.paper for piece in pieces if piece.paper}
    for key, paper in papers_of.items():
        yield Bookmark(f"{paper.label}　{paper.title}", paper.level, starts[key])


def _stamps(leaves: dict[Leaf, list[Piece]], looked: Sequence[Pages]) -> bytes:
    """A page for each of the packet's, with its labels and number only."""
    across = [
        (
            "・".join(dict.fromkeys(piece.label for piece in on)),
            looked[leaf.source].across[leaf.page] != bool(leaf.turn % 180) and not on[0].is_our_own,
        )
        for leaf, on in leaves.items()
    ]
    return pdf.render(render_to_string("bound/stamps.html", {"pages": across}))
