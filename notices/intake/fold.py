"""Folding: the copy of a text that is parsed, and the tidied text that people see.

Text extraction leaves spaces between characters, radicals in place of characters and mixed widths. Parsing works on a
folded copy without spaces that remembers where each character stood; what is shown keeps the characters as written,
without the spaces.
"""

import re
import unicodedata
from functools import lru_cache

import jaconv

from members.numerals import narrow
from members.wareki import LIGATURES

# CJK Radicals Supplement: the shapes that fonts give for whole characters. NFKC folds two of the block only.
RADICALS = str.maketrans(
    "⺝⺟⺠⺼⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻘⻙⻛⻝⻟⻢⻣⻤⻥⻦⻨⻩⻫⻭⻯⻲⻳",
    "月母民月虎西見角貝車長長長門青韋風食食馬骨鬼魚鳥麦黄斉歯竜亀亀",
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
JAPANESE = r"々〆〇ぁ-ゖァ-ヺー・\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff①-⑳Ⅰ-Ⅻ"

_URL = r"https?://[!-~]+"
_GAP = re.compile(rf"(?P<url>{_URL})|(?P<before>\S)(?P<gap>[ \t\u3000\u00a0]+)(?=(?P<after>\S))")
_SINGLE_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \u3000\u00a0]+[0-9])+(?![0-9A-Za-z])")
# A line that ends within a number: 0120-123-⏎456.
_WRAPPED_NUMBER = re.compile(r"(?<=[0-9０-９])\n(?=[0-9０-９‐－-])|(?<=[0-9０-９][‐－-])\n(?=[0-9０-９])")
_BETWEEN_JAPANESE = re.compile(rf"[{JAPANESE}]")


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """The parsing copy of a text and, for each of its characters, the offset in the text where it stood.

    No spaces, full-width ASCII as ASCII, half-width kana as full-width, radicals and compatibility ideographs as the
    characters they stand for, variation selectors gone. Superscripts and circled digits stay what they are.
    """
    folded, offsets = [], []
    position = 0
    while position < len(text):
        width = _kana_width(text, position)
        for char in _folded(text[position : position + width]):
            folded.append(char)
            offsets.append(position)
        position += width
    return "".join(folded), tuple(offsets)


def tidy(text: str) -> str:
    """The text on one line as people read it.

    Spaces that extraction put between Japanese characters and digits are gone, those between words of ASCII letters
    stay, radicals are characters again. Names of people keep their space: see `people.tidy_name`.
    """
    text = _WRAPPED_NUMBER.sub("", "\n".join(part.strip() for part in _plain_radicals(text).splitlines()))
    text = text.replace("\n", " ")
    text = _SINGLE_DIGITS.sub(lambda digits: re.sub(r"\s", "", digits[0]), text.strip())
    return _GAP.sub(_close_gap, text)


def _close_gap(match: re.Match[str]) -> str:
    if match["url"]:
        return match[0]
    before, after = match["before"], match["after"]
    if _BETWEEN_JAPANESE.match(before) or _BETWEEN_JAPANESE.match(after):
        # 「1. 下記」「Excel: 様式」 keep the space after ASCII punctuation.
        return before + (" " if before in ".,:;" else "")
    return before + ("" if before in "([" or after in ")]" else " ")


@lru_cache(maxsize=2**14)
def _folded(char: str) -> str:
    if char.isspace() or INVISIBLE.match(char):
        return ""
    char = _plain_radicals(narrow(char)).translate(LIGATURES)
    if "\uf900" <= char <= "\ufaff":
        return unicodedata.normalize("NFKC", char)
    if "\uff61" <= char[:1] <= "\uff9f":
        return jaconv.h2z(char, kana=True, ascii=False, digit=False)
    return char


def _plain_radicals(text: str) -> str:
    text = text.translate(RADICALS)
    return re.sub("[\u2f00-\u2fd5]", lambda radical: unicodedata.normalize("NFKC", radical[0]), text)


def _kana_width(text: str, position: int) -> int:
    """2 for a half-width kana with its voicing mark (ｶﾞ), else 1."""
    return 2 if "\uff66" <= text[position] <= "\uff9d" and text[position + 1 : position + 2] in ("ﾞ", "ﾟ") else 1
