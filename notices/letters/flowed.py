"""The text of what was received, as pages show it: what the width of a page has broken is in one piece again."""

import re

# A space at its end says that a line goes on in the next (RFC 3676, as the text of a PDF is kept). Between words of
# ASCII letters it stays; Japanese has none at the end of a line, nor has a number.
_WRAP = re.compile(r"(?<=(?P<before>\S))[ ]\n(?=(?P<after>\S))")
# What begins an item: below a full stop it stands on a line of its own, however wide the line above is.
_ITEM = r"(?:手順|操作|ステップ|STEP|[QAＱＡ問答])[0-9０-９]|[(（]?[0-9０-９]{1,2}[)）.．、 \u3000]|[①-⑳・○●■□◆◇※【]"
# The number of an item begins a line, whatever stands above, unless a sentence goes on with it: ①及び⏎②の, 約⏎2.5倍,
# 電話⏎(03) 3353-….
_GOES_ON = r"[のをにはがとへでも、。・及又並若～〜]|から|まで|より|だけ|参照|[ \u3000]*[0-9０-９]"
_NUMBER = rf"(?:[0-9０-９]{{1,2}}[.．]|[(（][0-9０-９]{{1,2}}[)）]|[①-⑳])(?!{_GOES_ON})"
_LEADS = r"(?<!及び)(?<!又は)(?<!並びに)(?<!若しくは)(?<![のとや、・～〜])"
_BEGINS = re.compile(rf"{_LEADS} \n(?=[ \u3000]*(?:{_NUMBER}))|(?<=。) \n(?=[ \u3000]*(?:{_ITEM}))")
_CUT_NUMBER = re.compile(r"(?<=[0-9０-９][-‐－])[ ]?\n[ \u3000]*(?=[0-9０-９])")


def flowed(text: str) -> str:
    """The text with the lines joined that go on in the next, and with numbers whole: 0120-123-456."""
    apart = _BEGINS.sub("\n", text.replace("\r\n", "\n"))
    return _WRAP.sub(_joint, _CUT_NUMBER.sub("", apart))


def _joint(wrap: re.Match[str]) -> str:
    return " " if all(char.isascii() and char.isalpha() for char in (wrap["before"], wrap["after"])) else ""
