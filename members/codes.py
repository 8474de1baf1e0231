"""保険薬局コード: ten digits, read in every form in which people write them.

Two digits for the prefecture, one for the tariff (4 is 調剤), seven for the pharmacy; the last is a check digit.
"""

import unicodedata

LENGTH = 10
DISPENSING = "4"
# Here the check digit is over the seven digits of the pharmacy; everywhere else over all ten.
SEVEN_CHECKED = {"11", "12", "13", "14"}  # 埼玉、千葉、東京、神奈川
SEPARATORS = frozenset("-‐−–—ー・.,、 \t　'")

NO_DIGITS = "数字ではない文字が入っています。10けたの数字で入れてください"


class NotACode(ValueError):
    """The text is no code; the message says in plain Japanese what is wrong with it."""


def read(text: str, prefecture: str = "") -> str:
    """The ten digits. Width, spaces, hyphens and commas do not count. Raises NotACode.

    Seven digits (40,1047,8) get those of the `prefecture` ("40") and of 調剤 before them, where it is given.
    """
    if len(text) == LENGTH and text.isascii() and text.isdecimal():
        return text
    if any(sign.isdigit() and not sign.isdecimal() for sign in text):  # NFKC would make a 2 of a raised ²
        raise NotACode(NO_DIGITS)
    folded = unicodedata.normalize("NFKC", text).strip()
    if "E+" in folded.upper():
        raise NotACode("Excel が数を丸めた書き方です。セルの書式を「文字列」にして、10けたの数字を入れ直してください")
    digits = "".join(sign for sign in folded if sign not in SEPARATORS)
    if not (digits.isascii() and digits.isdecimal()):
        raise NotACode(NO_DIGITS)
    if len(digits) == LENGTH - 1:
        raise NotACode("9けたしかありません。先頭の 0 が落ちていないか、確かめてください")
    if len(digits) == LENGTH - 3 and prefecture:
        return f"{prefecture}{DISPENSING}{digits}"
    if len(digits) == LENGTH - 3:
        raise NotACode("7けたです。前に、都道府県番号（2けた）と 4 を付けて、10けたで入れてください")
    if len(digits) != LENGTH:
        raise NotACode(f"{len(digits)}けたあります。10けたの数字で入れてください")
    return digits


def check_digit_fits(code: str) -> bool:
    """Whether the last digit belongs to those before it (Luhn). Real rosters hold codes of which it does not."""
    checked = code[-7:] if code[:2] in SEVEN_CHECKED else code
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(checked))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
