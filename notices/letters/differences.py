"""What has changed between two versions of a draft: which part, and in it what was taken out and what put in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from notices.letters.version import Version

# Letters of one kind stay together, a number with what it counts, so that 15日 becomes 22日 and 4.3 becomes 4.5.
_NUMBER = r"\d+(?:[.,:．，：]\d+)*[年月日号時分条項版頁]?"
_WORD = r"[A-Za-z]+|[\u3005\u3400-\u9fff]+|[\u3041-\u3096]+|[\u30a1-\u30fa\u30fc]+"
_PIECES = re.compile(f"{_NUMBER}|{_WORD}|.", re.DOTALL)
# Lines with less than this in common are two lines, not one that was changed.
ALIKE = 0.4
# Longer lines are not compared piece by piece: it would take seconds.
LONGEST = 4000


class Kind(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


# The pieces of a line in their order.
Line = list[tuple[Kind, str]]


@dataclass(frozen=True)
class Difference:
    """A part of the draft with its changed lines; those that stayed as they were are left out."""

    part: str
    lines: list[Line]


def differences(before: Version, after: Version) -> list[Difference]:
    """The parts that differ, in the order in which they stand in the draft."""
    parts = [*after, *(part for part in before if part not in after)]
    found = ((part, before.get(part, []), after.get(part, [])) for part in parts)
    return [Difference(part, list(_lines(old, new))) for part, old, new in found if old != new]


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            continue
        for old, new in zip_longest(before[a:b], after[c:d], fillvalue=""):
            yield from _changed(old, new)


def _changed(old: str, new: str) -> Iterator[Line]:
    """One line with its pieces where it was changed, two where one was put in another's place."""
    pieces = _PIECES.findall(old), _PIECES.findall(new)
    matcher = SequenceMatcher(None, *pieces, autojunk=False)
    if max(len(old), len(new)) > LONGEST or not old or not new or matcher.ratio() < ALIKE:
        yield from ([(kind, text)] for kind, text in ((Kind.OUT, old), (Kind.IN, new)) if text)
        return
    line: Line = []
    for step, a, b, c, d in matcher.get_opcodes():
        out, put_in = "".join(pieces[0][a:b]), "".join(pieces[1][c:d])
        line += [(Kind.SAME, out)] if step == "equal" else [(Kind.OUT, out), (Kind.IN, put_in)]
    yield [(kind, text) for kind, text in line if text]
