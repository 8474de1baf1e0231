"""The characters of a PDF's page as lines, in the order in which people read them.

A PDF places characters; it knows no lines. What pdfium makes of them is taken where it stands in order: each line below
the one before, each character right of the one before. Where boxes come in any order, or every character by itself,
lines are built anew from where the characters stand. Places are in points, from the lower left corner of the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

# In em, the size of a full-width character: heights that are one, a gap that is none, one that is a space, one that is
# a wide space (the margins of cells are one, a half-width space is none), one that divides columns, how far a
# paragraph's first line is indented.
SAME_HEIGHT = 0.5
TIGHT = 0.05
SPACE, WIDE_SPACE = 0.2, 0.6
COLUMNS = 6
INDENT = (0.7, 1.6)
# Further out (points) than any page reaches (ISO 32000-1, annex C.2).
FAR = 1e6
# How much further than usual a line stands from the one before where a blank line is meant.
APART = 1.35
# A line that is nearly as wide as the widest goes on in the next.
FULL = 0.85
# What no line's end divides: a character with brackets in front of it, and what never begins a line.
_NEVER_FIRST = "、。，．・：；？！）」』】〕］〉》,.:;?!)々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
PIECE = re.compile(rf"[「『（(【〔［〈《]*.[{re.escape(_NEVER_FIRST)}]*", re.DOTALL)
LONGEST_PIECE = 4
# How much more room than that (em) may be left at the end of a line.
LOOSE = 0.6
# The number of an item: ア、, １）, 一．
ITEM = re.compile(r"[(（]?[0-9０-９一二三四五六七八九十アイウエオ][)）、．.]")
# No line that names a person is longer.
SHORT = 16


class Char(NamedTuple):
    """One character and the box that it takes up; one that was put in between (a space, a line's end) has none."""

    text: str
    left: float = 0
    bottom: float = 0
    right: float = 0
    top: float = 0

    @property
    def is_mark(self) -> bool:
        """Whether it is to be seen, on any page there is."""
        return -FAR < self.left < self.right < FAR and not self.text.isspace()

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(slots=True)
class Row:
    """Characters that are read together: of one line, or `upright`, one below the other."""

    chars: list[Char]
    marks: list[Char]
    left: float
    right: float
    middle: float
    em: float
    upright: bool = False

    @property
    def is_straight(self) -> bool:
        """Whether the characters stand at one height, each right of the one before."""
        if len(self.marks) == 1:
            return True
        level = all(abs(char.middle - self.middle) <= SAME_HEIGHT * self.em for char in self.marks)
        return level and all(after.left >= before.left for before, after in pairwise(self.marks))

    def comes_before(self, other: "Row") -> bool:
        """Whether the other stands where the next line does: below, or further right at the same height."""
        down = self.middle - other.middle
        reach = SAME_HEIGHT * min(self.em, other.em)
        return down > reach or (down >= -reach and other.left >= self.right + reach)


def in_reading_order(found: Iterable[list[Char]]) -> list[Char]:
    """The characters with spaces and ends of lines between them, from the lines that pdfium `found`.

    A blank line stands where lines are further apart than usual, a full-width space before one that is indented, and a
    space behind one that goes on in the next (RFC 3676, format=flowed).
    """
    rows = [_row(line, marks) for line in found if (marks := [char for char in line if char.is_mark])]
    if sum(not row.is_straight for row in rows) > len(rows) / 2:
        # Writing that runs down the page or along its side: pdfium's order is the best there is.
        rows = [replace(row, upright=True) for row in rows]
    elif not _in_order(rows):
        rows = _built(rows)
    return list(_laid_out(rows))


def _row(chars: list[Char], marks: list[Char], upright: bool = False) -> Row:
    first = marks[0]
    if len(marks) == 1:
        return Row(chars, marks, first.left, first.right, first.middle, _em(marks))
    middle = first.middle if upright else _middle(char.middle for char in marks)
    left, right = min(char.left for char in marks), max(char.right for char in marks)
    return Row(chars, marks, left, right, middle, _em(marks), upright)


def _em(marks: list[Char]) -> float:
    """The width of full-width characters, or what the height of others tells."""
    widths = [char.right - char.left for char in marks if char.text >= "\u3000"]
    if len(widths) == 1:
        return widths[0]
    # A font may give its characters no height.
    return _middle(widths) if widths else max(0.7 * _middle(char.top - char.bottom for char in marks), 1)


def _in_order(rows: list[Row]) -> bool:
    return all(row.is_straight for row in rows) and all(above.comes_before(below) for above, below in pairwise(rows))


# Rows built anew -----------------------------------------------------------------------------------------------------


def _built(rows: list[Row]) -> list[Row]:
    """Rows from where the characters stand; what is written one below the other stays together."""
    columns = list(_runs(rows, reach=3.5))
    if sum(len(run) for run in columns if len(run) > 2) > len(_marks(rows)) / 2:
        return list(map(_upright, columns))  # a page that is written down, not across
    runs = list(_runs(rows, reach=2))
    upright = [_upright(run) for run in runs if len(run) > 2]
    loose = sorted(_marks(row for run in runs if len(run) <= 2 for row in run), key=lambda char: -char.middle)
    level = [_row(_spaced(part), part) for line in _heights(loose) for part in _columns(line)]
    return sorted([*upright, *level], key=lambda row: (-row.middle, row.left))


def _marks(rows: Iterable[Row]) -> list[Char]:
    return [char for row in rows for char in row.marks]


def _upright(run: list[Row]) -> Row:
    """Characters one below the other as one row, with a space where the gap is wider than usual."""
    marks = _marks(run)
    steps = [above.middle - below.middle for above, below in pairwise(marks)]
    chars = marks[:1]
    for step, mark in zip(steps, marks[1:], strict=True):
        chars += [Char(" "), mark] if step > 1.6 * _low(steps) else [mark]
    return _row(chars, marks, upright=True)


def _runs(rows: list[Row], reach: float) -> Iterator[list[Row]]:
    """Rows of one character that pdfium found one below the other (`reach` em), together; any other row by itself."""
    run: list[Row] = []
    for row in rows:
        if run and not _goes_down(run[-1], row, reach):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _goes_down(above: Row, below: Row, reach: float) -> bool:
    if not len(above.marks) == len(below.marks) == 1:
        return False
    em = max(above.em, below.em)
    return abs(above.left - below.left) < 0.3 * em and 0 < above.middle - below.middle < reach * em


def _heights(marks: list[Char]) -> Iterator[list[Char]]:
    """The characters of each height, from the left to the right."""
    line: list[Char] = []
    for char in marks:
        if line and line[0].middle - char.middle > SAME_HEIGHT * 0.7 * (char.top - char.bottom):
            yield sorted(line, key=lambda each: each.left)
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda each: each.left)


def _columns(line: list[Char]) -> Iterator[list[Char]]:
    """What stands far apart at one height are lines of their own."""
    start, widest = 0, COLUMNS * _em(line)
    for index, (before, after) in enumerate(pairwise(line), start=1):
        if after.left - before.right > widest:
            yield line[start:index]
            start = index
    yield line[start:]


# Spaces, blank lines, indents ----------------------------------------------------------------------------------------


def _laid_out(rows: list[Row]) -> Iterator[Char]:
    usual, margin, edge = _usual_distance(rows), _margin(rows), max((row.right for row in rows), default=0)
    for above, row in zip([None, *rows], rows, strict=False):
        if above:
            if above.left - margin < 3 * above.em and edge - above.right < _room_for(above, row):
                yield Char(" ")
            yield Char("\n")
            if above.middle - row.middle > APART * usual:
                yield Char("\n")
        if INDENT[0] <= (row.left - margin) / row.em <= INDENT[1] and not row.chars[0].text.isspace():
            yield Char("\u3000")
        yield from row.chars if row.upright or not _is_spaced_out(row) else _spaced(row.marks)


def _room_for(above: Row, row: Row) -> float:
    """The room that the row would have taken behind the one above: its first character with what stays beside that.

    Neither a new sentence nor a new item is taken for the rest of a word.
    """
    start = "".join(mark.text for mark in row.marks[:LONGEST_PIECE])
    divided = above.marks[-1].text == "。" or ITEM.match(start)
    return (1 if divided else len(PIECE.match(start)[0])) * above.em + LOOSE * above.em


def _is_spaced_out(row: Row) -> bool:
    """Whether pdfium takes gaps between the characters for spaces between words, or there are too many of them."""
    guessed = any(char.text.isspace() and char.right <= char.left for char in row.chars)
    return guessed or len(row.chars) - len(row.marks) > 0.4 * len(row.marks)


def _spaced(marks: list[Char]) -> list[Char]:
    """The characters of a line with a space where the gap is wider than the line's usual one.

    A short line whose gaps are all alike keeps them: names are written so, and mean something by it (森 昌 平).
    """
    wider = _wider(marks)
    even = 1 < len(marks) <= SHORT and max(wider) <= SPACE and _gap(*marks[:2]) > SPACE * _em(marks)
    spaced = marks[:1]
    for before, after, more in zip(marks, marks[1:], wider, strict=False):
        if more > SPACE or (even and before.text >= "\u3000" <= after.text):
            spaced.append(Char("\u3000" if more > WIDE_SPACE else " "))
        spaced.append(after)
    return spaced


def _wider(marks: list[Char]) -> list[float]:
    """By how much (em) each character stands further from the one before than is usual in its line.

    Half-width characters in cells of their own have wider gaps, but their edges or middles stand no further apart.
    """
    pairs, em = list(pairwise(marks)), _em(marks)
    measures = [[max(0, _gap(before, after)) for before, after in pairs]]
    if pairs and _low(measures[0]) > TIGHT * em:
        measures.append([after.left - before.left for before, after in pairs])
        measures.append([(after.left + after.right - before.left - before.right) / 2 for before, after in pairs])
    wider = [[(value - usual) / em for value in values] for values in measures if pairs for usual in [_low(values)]]
    return [min(each) for each in zip(*wider, strict=True)]


def _gap(before: Char, after: Char) -> float:
    return after.left - before.right


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _low(values: list[float]) -> float:
    """The lower quartile."""
    return sorted(values)[len(values) // 4]


def _usual_distance(rows: list[Row]) -> float:
    """How far a line stands from the one before where a paragraph goes on, else as a rule. 0 where nothing tells."""
    if not rows:
        return 0
    full = FULL * max(row.right - row.left for row in rows)
    steps = [(above, above.middle - below.middle) for above, below in pairwise(rows)]
    steps = [(above, down) for above, down in steps if down > SAME_HEIGHT * above.em]
    going_on = [down for above, down in steps if above.right - above.left >= full]
    return _middle(going_on) if len(going_on) > 2 else _low([down for _, down in steps] or [0])


def _margin(rows: list[Row]) -> float:
    """Where most of the longer lines begin."""
    widest = max((row.right - row.left for row in rows), default=0)
    begins = Counter(round(row.left) for row in rows if row.right - row.left > widest / 2)
    return max(begins, key=lambda left: (begins[left], -left), default=0)
