"""Breaking a heading at phrases: no word is cut, and the lines are of like length, the first ones rather longer."""

import re
import unicodedata
from functools import cache
from itertools import combinations, pairwise

from budoux import Parser, load_default_japanese_parser

# Widths in full-width letters: a heading up to SINGLE stays on one line, no line is wider than LONGEST.
SINGLE, LONGEST, MOST_LINES = 24, 36, 4
# What a line of a heading holds on a telephone.
NARROW = 10
# By so much a line may be shorter than the one below it before a break further on is better.
LONGER_BELOW = 6

_OPENING = re.compile(r"(?=[（「『【〔(])")
# Where the text is parted before it is parsed: what stands in 【】 in front is no part of the sentence.
_PARTS = re.compile(rf"{_OPENING.pattern}|(?<=】)")
_CLOSING = re.compile(r"[）」』】〕)、。，．]")
_MAY_END = re.compile(r"[ぁ-ん、。，．・）」』】〕)\s]$")
# 開始に|ついて and the like stay together.
_JOINED = re.compile(
    r"(?:ついて|つき|おけ|係[るり]|かか[るり]|関[すし]|対[すし]|伴[うい]|よ[るり]|基づ|向け|当た|あた)"
)

# Where one kind of letters follows another, a word ends as a rule.
_KANJI, _KATAKANA = "[々\u3400-\u9fff]", "[\u30a1-\u30fa\u30fc]"
_BORDER = re.compile(
    f"(?<={_KANJI})(?={_KATAKANA})|(?<={_KATAKANA})(?={_KANJI})|(?<=[\u3041-\u3096])(?={_KANJI}|{_KATAKANA})"
)


@cache
def _parser() -> Parser:
    return load_default_japanese_parser()


def width(text: str) -> float:
    """The width in full-width letters; half-width ones count half, combining marks nothing."""
    return sum(_width(char) for char in text)


def _width(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Cf"):
        return 0
    return 1 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def phrases(text: str) -> list[str]:
    """The text in phrases: 訪問診療等における・マイナ資格確認アプリの・利用開始について."""
    found: list[str] = []
    for part in filter(None, _PARTS.split(text)):
        for phrase in _parser().parse(part):
            if found and not _may_break(found[-1], phrase):
                found[-1] += phrase
            else:
                found.append(phrase)
    return found


def _may_break(before: str, after: str) -> bool:
    if _CLOSING.match(after):
        return False
    if _OPENING.match(after):
        return True
    return bool(_MAY_END.search(before)) and not (before.endswith("に") and _JOINED.match(after))


def pieces(text: str) -> list[str]:
    """The phrases, those that no line of a telephone holds parted between words: 電子処方箋管理・サービスにおける."""
    return [piece for phrase in phrases(text) for piece in _pieces(phrase)]


def _pieces(phrase: str) -> list[str]:
    return list(filter(None, _BORDER.split(phrase))) if width(phrase) > NARROW else [phrase]


def balanced_lines(text: str) -> list[str]:
    """A heading in as few lines as its width needs, broken at phrases and balanced; one that is overlong as it is."""
    if not SINGLE < width(text) <= LONGEST * MOST_LINES:
        return [text]
    parts = phrases(text)
    for lines in range(2, min(len(parts), MOST_LINES) + 1):
        ways = (_joined(parts, cuts) for cuts in combinations(range(1, len(parts)), lines - 1))
        fitting = [way for way in ways if max(map(width, way)) <= LONGEST]
        if fitting:
            return min(fitting, key=_unbalance)
    return [text]


def _joined(parts: list[str], cuts: tuple[int, ...]) -> list[str]:
    return ["".join(parts[start:end]) for start, end in pairwise([0, *cuts, len(parts)])]


def _unbalance(lines: list[str]) -> float:
    widths = [width(line) for line in lines]
    return max(widths) - min(widths) + LONGER_BELOW * sum(lower > above for above, lower in pairwise(widths))
