"""Secrets that no free text may hold: My Number, passwords, PINs and codes.

Nothing of the kind is ever kept, so free text is screened before it is saved: refused with the reason, and given back
with the place masked. Naming a password is no secret: 「初期パスワードが分からない」 passes.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, groupby
from operator import itemgetter

MY_NUMBER = "マイナンバーらしい12桁の数字があります。個人番号は書かないでください。"
PASSWORD = "パスワードやコードらしい文字があります。パスワードやコードは書かないでください。"
STAR = "＊"
# As long whatever it stands for, which would be easier to guess otherwise, and no shorter than what may stand between a
# word and its secret: what follows comes no nearer to the word.
MASK = 10 * STAR
# A password or code has so many characters or more.
SHORTEST_SIGN = 4

# A half-width kana and its sound mark are one letter.
_LETTER = re.compile(r".[ﾞﾟ]?", re.DOTALL)
_HYPHENS = "‐-―−ー-"
_DIGITS = re.compile(rf"[0-9]+(?:[ {_HYPHENS}][0-9]+)*")
# Codes that a camera reads, that lists name (of medicines, 個別医薬品コード is YJ, of pharmacies, articles, places), or
# that a program shows with an error.
_OPEN_CODES = "".join(
    f"(?<!{name})"
    for name in (
        *("バー", "QR", "次元", "ダミー", "医薬品", "YJ", "JAN", "薬局", "機関", "商品", "郵便番号"),
        *("エラー", "終了", "応答", "ステータス"),
    )
)
# What names a password in Latin letters, by itself.
_LATIN = r"(?<![A-Za-z])(?i:pw|pass(?:word|code|wd)?|pin)(?![A-Za-z])"
_SIGN = re.compile(
    rf"(?:パスワード|暗証番号|{_LATIN}|{_OPEN_CODES}コード)(?P<between>.{{0,10}}?)"
    rf"(?P<sign>[!#-&*+@^_~]*[A-Za-z0-9](?:[!#-&*+=?@^_~{_HYPHENS}]*[A-Za-z0-9]){{{SHORTEST_SIGN - 1},}}"
    r"[!#-&*+=?@^_~]*)",
    re.DOTALL,
)
# Before or behind a sign, what makes it that of an error: エラー EP-4071, 「EP-4071」のエラー.
_ERROR_BEFORE = re.compile(r"エラー(?:コード|番号|メッセージ)?[は:\s「『(【\[]*(?:[A-Za-z0-9]{1,8}[-_:])*$")
_ERROR_BEHIND = re.compile(r"(?:[-_:][A-Za-z0-9]+)*[」』)】\]]?(?:の|という)エラー")
# What is shown, noted or set. A code is none in the name of a button that is pressed, nor in that of a list.
_HANDLED = re.compile(
    rf"パスワード|暗証番号|PIN|{_OPEN_CODES}コード(?!リーダ|一覧|表)(?![^「」]*」を(?:押|選|開|クリック|タップ))"
)


def find_secret(text: str) -> str | None:
    """Why the text may not be kept, in Japanese for the person who typed it; None when it holds no secret."""
    return next((reason for _, _, reason in _secrets(text)), None)


def mask_secrets(text: str) -> str:
    """The text with each secret replaced by `MASK`, everything else to the byte: what a form gives back."""
    letters, is_hidden = list(text), [False] * len(text)
    # What stood behind one secret may come to stand behind the word itself: hidden until nothing is left.
    while secrets := list(_secrets("".join(letters))):
        for start, end, _ in secrets:
            letters[start:end] = STAR * (end - start)
            is_hidden[start:end] = [True] * (end - start)
    pieces = groupby(zip(text, is_hidden, strict=True), key=itemgetter(1))
    return "".join(MASK if hidden else "".join(letter for letter, _ in piece) for hidden, piece in pieces)


def is_masked(text: str) -> bool:
    """Whether something in the text was replaced by `mask_secrets`."""
    return SHORTEST_SIGN * STAR in text


def handles_secret(step: str) -> bool:
    """Whether a step of a set-up has people handle a password, a PIN or a code, and is marked for that."""
    return bool(_HANDLED.search(_fold(step)[0]))


def is_my_number(digits: str) -> bool:
    """Whether twelve digits carry the check digit of a 個人番号.

    Source: 平成26年総務省令第85号 第5条 (the weights run 2–7 and again 2–6 from the right, modulus 11).
    """
    weights = [2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6]
    total = sum(weight * int(digit) for weight, digit in zip(weights, reversed(digits[:-1]), strict=True))
    return int(digits[-1]) == (0 if total % 11 <= 1 else 11 - total % 11)


def _secrets(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end (in the text as typed) and reason of each secret."""
    folded, places = _fold(text)
    for start, end in _my_numbers(folded):
        yield places[start], places[end], MY_NUMBER
    for match in _SIGN.finditer(folded):
        start, end = match.span("sign")
        if not (_ERROR_BEFORE.search(folded, match.start("between"), start) or _ERROR_BEHIND.match(folded, end)):
            yield places[start], places[end], PASSWORD


def _my_numbers(folded: str) -> Iterator[tuple[int, int]]:
    """Twelve digits in a row, or in groups with one space or hyphen between them."""
    for run in _DIGITS.finditer(folded):
        groups = list(re.finditer(r"[0-9]+", run[0]))
        lengths = [0, *accumulate(len(group[0]) for group in groups)]
        digits = "".join(group[0] for group in groups)
        for first, before in enumerate(lengths[:-1]):
            if before + 12 in lengths and is_my_number(digits[before : before + 12]):
                last = lengths.index(before + 12) - 1
                yield run.start() + groups[first].start(), run.start() + groups[last].end()


def _fold(text: str) -> tuple[str, list[int]]:
    """The text in one width without invisible characters, and for each of its places the place in the original."""
    folded, places = [], []
    for letter in _LETTER.finditer(text):
        if unicodedata.category(letter[0][0]) == "Cf":
            continue
        for char in unicodedata.normalize("NFKC", letter[0]):
            folded.append(char)
            places.append(letter.start())
    return "".join(folded), [*places, len(text)]
