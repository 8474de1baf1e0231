"""受付コード: eight letters on a sheet of paper that name one receipt, for whoever types in what came back.

The code is derived from the receipt's id by a permutation with a key that is not in the database, so that codes of
neighbours look nothing alike, and of 3.4 billion possible ones hardly any names a receipt. It is no authority: it opens
nothing, and only who may answer for the pharmacy anyway is shown what it names.
"""

import hashlib
import hmac
import unicodedata

from django.conf import settings

# Of letters that look alike on a FAX one was taken: no 0 O Q D, 1 I L, Z (2), S (5), G (6), B (8), U V.
ALPHABET = "23456789ACEFHJKMNPRTWXY"
# Typed for one that is there, these are taken for it.
LOOK_ALIKE = str.maketrans("ZSGB", "2568")
# 23 is prime: with a weight for each place, one wrong letter or two that changed places never give another code.
BASE = len(ALPHABET)
LETTERS = 7  # and one to check them
LEFT, RIGHT = BASE**4, BASE**3
MOST = LEFT * RIGHT
ROUNDS = 6  # four are enough where nobody has codes to compare (Luby and Rackoff, 1988)


class Mistyped(ValueError):
    """No code can look like this: a letter is wrong, missing or too many."""


def of(receipt_id: int) -> str:
    """The code of a receipt, always the same, as people read it: K7M4-HX29. Raises OverflowError above MOST."""
    letters = _letters(_permuted(receipt_id))
    letters += ALPHABET[_checking(letters)]
    return f"{letters[:4]}-{letters[4:]}"


def receipt_id(typed: str) -> int:
    """The receipt that a code names, whether there is one or not. Raises Mistyped.

    Width, case, spaces and hyphens do not count.
    """
    letters = _tidied(typed)
    if len(letters) != LETTERS + 1 or not set(letters) <= set(ALPHABET):
        raise Mistyped
    if ALPHABET[_checking(letters[:LETTERS])] != letters[LETTERS]:
        raise Mistyped
    number = 0
    for letter in letters[:LETTERS]:
        number = number * BASE + ALPHABET.index(letter)
    return _restored(number)


def _tidied(typed: str) -> str:
    """What was typed, without what does not count: letters and digits only, in their usual form."""
    usual = unicodedata.normalize("NFKC", typed).upper()
    return "".join(char for char in usual if char.isalnum() and char != "ー").translate(LOOK_ALIKE)


def _letters(number: int) -> str:
    letters = ""
    for _ in range(LETTERS):
        number, place = divmod(number, BASE)
        letters = ALPHABET[place] + letters
    return letters


def _checking(letters: str) -> int:
    """The place of the last letter, with which the sum of all, each by its weight from 1 to 8, is a multiple of 23."""
    weighed = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(letters, 1))
    return -weighed * pow(LETTERS + 1, -1, BASE) % BASE


# The permutation: a Feistel network whose halves are counted modulo their own sizes, so that it fills the range.


def _permuted(number: int) -> int:
    if not 0 <= number < MOST:
        raise OverflowError(f"receipt {number} has no code of {LETTERS + 1} letters")
    left, right = divmod(number, RIGHT)
    for turn in range(ROUNDS):
        if turn % 2:
            left = (left + _mixed(turn, right)) % LEFT
        else:
            right = (right + _mixed(turn, left)) % RIGHT
    return left * RIGHT + right


def _restored(number: int) -> int:
    left, right = divmod(number, RIGHT)
    for turn in reversed(range(ROUNDS)):
        if turn % 2:
            left = (left - _mixed(turn, right)) % LEFT
        else:
            right = (right - _mixed(turn, left)) % RIGHT
    return left * RIGHT + right


def _mixed(turn: int, half: int) -> int:
    key = hashlib.sha256(b"sheet code" + settings.SECRET_KEY.encode()).digest()
    return int.from_bytes(hmac.digest(key, f"{turn}:{half}".encode(), "sha256")[:16])
