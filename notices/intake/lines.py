"""The lines of a text in their folded form, each knowing where its characters stand in the original."""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from notices.intake.fold import fold, tidy
from notices.intake.reading import Span

# Characters that mean something on a line of their own, and so are never a piece of vertical writing.
STANDS_ALONE = "記殿様写各"


@dataclass(frozen=True)
class Line:
    """A line, or a part of one: `text` is folded and without spaces, `offsets` places its characters in `page`.

    `apart` says that a blank line stands before it.
    """

    page: str
    text: str
    offsets: tuple[int, ...]
    apart: bool = False

    @property
    def span(self) -> Span:
        return self.offsets[0], self.offsets[-1] + 1

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
        """How many spaces stand before the character at `index` in the original; 0 for the first."""
        return self.offsets[index] - self.offsets[index - 1] - 1 if index else 0

    def words(self) -> list["Line"]:
        """The words of the line: what spaces divide, with letter-spaced words (日 本 薬 剤 師 会) put together."""
        cuts = [index for index in range(1, len(self.text)) if self.gap(index) > 0]
        words = [self.part(start, end) for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
        spaced: list[Line] = []
        for single, group in groupby(words, key=lambda word: len(word.text) == 1):
            members = list(group)
            spaced += _joined_singles(members) if single else members
        return spaced


def split_lines(page: str) -> list[Line]:
    """The lines of a text that hold anything, with vertical writing (one character a line) put together."""
    lines, position, blank = [], 0, False
    for physical in page.splitlines(keepends=True):
        text, offsets = fold(physical)
        if text:
            lines.append(Line(page, text, tuple(position + offset for offset in offsets), blank))
        blank = not text
        position += len(physical)
    if all(line.apart for line in lines[1:]):
        # Blank lines between all lines divide nothing.
        lines = [replace(line, apart=False) for line in lines]
    return _upright(lines)


def joined(lines: list[Line]) -> Line:
    """Several lines as one."""
    first = lines[0]
    return replace(
        first,
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
    gaps = [after.offsets[0] - before.offsets[0] - 1 for before, after in pairwise(singles)]
    words = [[singles[0]]]
    for gap, single in zip(gaps, singles[1:], strict=True):
        if gap > min(gaps):
            words.append([single])
        else:
            words[-1].append(single)
    return [joined(word) for word in words]
