"""Digits and widths as they stand in official letters.

Digits are translated by an explicit table: superscripts, circled and other digits ('²', '①') are digits for
`str.isdigit` and must not become numbers here.
"""

import re

WIDE_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
KANJI_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
KANJI_NUMERAL = "〇○零一二三四五六七八九十百千"


def narrow(text: str) -> str:
    """The same text with full-width ASCII as ASCII; its length does not change."""
    return text.translate(WIDE_ASCII)


def squeeze(text: str) -> str:
    """The text without any space (also 　 and line breaks) and with full-width ASCII as ASCII."""
    return re.sub(r"[\s\u200b\ufeff]+", "", narrow(text))


def to_number(text: str) -> int | None:
    """The value of 337, ３３７, 三三七, 三百三十七 or 元 (1); None for anything else."""
    text = squeeze(text)
    if text == "元":
        return 1
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if not text or any(char not in KANJI_NUMERAL for char in text):
        return None
    if any(char in KANJI_UNITS for char in text):
        return _from_units(text)
    return int(ascii_digits(text))


def ascii_digits(text: str) -> str:
    """The ASCII digits of 六九一, 〇三一二〇〇一 (zeros in front kept) or 三百三十七; ASCII digits stay as they are."""
    if text.isascii():
        return text
    if any(char in KANJI_UNITS for char in text):
        return str(_from_units(text))
    return "".join(str(KANJI_DIGITS[char]) for char in text)


def _from_units(text: str) -> int:
    """三百三十七 → 337: each digit counts with the unit after it, a unit alone counts once."""
    total, digit = 0, None
    for char in text:
        if char in KANJI_UNITS:
            total += KANJI_UNITS[char] * (1 if digit is None else digit)
            digit = None
        else:
            digit = (digit or 0) * 10 + KANJI_DIGITS[char]
    return total + (digit or 0)
