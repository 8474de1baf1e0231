"""The lines of a text in their folded form, each knowing where its characters stand in the original."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from notices.intake.fold import fold, tidy
from notices.intake.reading import Span

# Characters that mean something on a line of their own, and so are never a piece of vertical writing.
STANDS_ALONE = "記殿様写各"
# Between the pages of a PDF, and between files.
PAGE_END = "\f"
_PAGE_NUMBER = re.compile(r"[-－―‐–(]?(?:P\.?|p\.?)?[0-9]{1,3}(?:/[0-9]{1,3})?[-－―‐–)]?(?:頁|ページ)?")
# A line that goes on in the next one is nearly as wide as the widest of its page, or says so by a space at its end
# (RFC 3676, format=flowed), as the lines of a PDF do.
_FULL = 0.85
GOES_ON = " \n"


@dataclass(frozen=True)
class Line:
    """A line, or a part of one: `text` is folded and without spaces, `offsets` places its characters in `page`.

    `apart` says that a blank line stands before it, `full` that it reaches as far as lines of its page do.
    """

    page: str
    text: str
    offsets: tuple[int, ...]
    apart: bool = False
    full: bool = False

    @property
    def span(self) -> Span:
        return self.offsets[0], self.offsets[-1] + 1

    def turns_page(self, above: "Line") -> bool:
        """Whether it is the first of its page, where the line `above` stands before it."""
        return PAGE_END in self.page[above.span[1] : self.span[0]]

    @property
    def raw(self) -> str:
        """The characters as they stand in the original."""
        return self.page[slice(*self.span)]

    @property
    def tidy(self) -> str:
        return tidy(self.raw)

    @property
    def indented(self) -> bool:
        start = self.offsets[0]
        return self.page[max(0, start - 2) : start].endswith(("　", "  "))

    def part(self, start: int, end: int | None = None) -> "Line":
        return replace(
            self, text=self.text[start:end], offsets=self.offsets[start:end], apart=self.apart and start == 0
        )

    def gap(self, index: int) -> int:
        """How many spaces stand before the character at `index` in the original; 0 for the first.

        Where a line goes on in the next there is one between letter-spaced characters, else none.
        """
        between = self.page[self.offsets[index - 1] + 1 : self.offsets[index]] if index else ""
        if not between.endswith(GOES_ON):
            return len(between)
        return len(between) - len(GOES_ON) or int(self._is_spaced_around(index))

    def _is_spaced_around(self, index: int) -> bool:
        before, after = self.offsets[max(0, index - 2) : index], self.offsets[index : index + 2]
        return all(len(pair) == 2 and pair[1] - pair[0] == 2 for pair in (before, after))

    def words(self) -> list["Line"]:
        """The words of the line: what spaces divide, with letter-spaced words (日 本 薬 剤 師 会) put together."""
        cuts = [index for index in range(1, len(self.text)) if self.gap(index) > 0]
        words = [self.part(start, end) for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
        spaced: list[Line] = []
        for single, group in groupby(words, key=lambda word: len(word.text) == 1):
            members = list(group)
            spaced += _joined_singles(members) if single else members
        return spaced


def split_lines(text: str) -> list[Line]:
    """The lines of a text that hold anything, with vertical writing (one character a line) put together.

    Numbers of pages at their edges are left out. A new page divides like a blank line, unless a full line goes on.
    """
    lines: list[Line] = []
    text, position = _without_page_numbers(text), 0
    for page in text.split(PAGE_END):
        found = _full_marked(list(_lines_of(text, position, position + len(page))))
        if lines and found:
            found[0] = replace(found[0], apart=not _goes_over(lines[-1], text[:position]))
        lines += found
        position += len(page) + len(PAGE_END)
    if all(line.apart for line in lines[1:]):
        # Blank lines between all lines divide nothing.
        lines = [replace(line, apart=False) for line in lines]
    return _upright(lines)


def _without_page_numbers(text: str) -> str:
    """The text with spaces in the place of the numbers that stand first or last on its pages."""
    pages = text.split(PAGE_END)
    return PAGE_END.join(map(_without_page_number, pages)) if len(pages) > 1 else text


def _without_page_number(page: str) -> str:
    lines = page.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for index in {*filled[:1], *filled[-1:]}:
        if _PAGE_NUMBER.fullmatch(fold(lines[index])[0]):
            lines[index] = " " * len(lines[index])
    return "\n".join(lines)


def _goes_over(last: Line, before: str) -> bool:
    """Whether the last line of a page goes on overleaf; one behind which a line's end stands does not."""
    return last.full and not last.text.endswith("。") and not before.endswith(f"\n{PAGE_END}")


def _lines_of(text: str, position: int, end: int) -> Iterator[Line]:
    blank = False
    for physical in text[position:end].splitlines(keepends=True):
        folded, offsets = fold(physical)
        if folded:
            places = tuple(position + offset for offset in offsets)
            yield Line(text, folded, places, blank, physical.endswith(GOES_ON))
        blank = not folded
        position += len(physical)


def _full_marked(lines: list[Line]) -> list[Line]:
    widths = [_width(line.text) for line in lines]
    full = _FULL * max(widths, default=0)
    return [replace(line, full=line.full or width >= full) for line, width in zip(lines, widths, strict=True)]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def joined(lines: list[Line]) -> Line:
    """Several lines as one."""
    first = lines[0]
    return replace(
        first,
        full=lines[-1].full,
        text="".join(line.text for line in lines),
        offsets=tuple(offset for line in lines for offset in line.offsets),
    )


def _upright(lines: list[Line]) -> list[Line]:
    upright: list[Line] = []
    alone = groupby(lines, key=lambda line: len(line.text) == 1 and line.text not in STANDS_ALONE)
    for single, group in alone:
        members = list(group)
        upright += [joined(members)] if single and len(members) > 1 else members
    return upright


def _joined_singles(singles: list[Line]) -> list[Line]:
    """One-character words as words: wider gaps than the narrowest divide them (副 会 長　　森 昌 平)."""
    whole = joined(singles)
    gaps = [whole.gap(index) or 1 for index in range(1, len(singles))]
    words = [[singles[0]]]
    for gap, single in zip(gaps, singles[1:], strict=True):
        if gap > min(gaps):
            words.append([single])
        else:
            words[-1].append(single)
    return [joined(word) for word in words]
