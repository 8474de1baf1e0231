"""What somebody searches by: the words that were typed, folded, each with the other ways in which it may be written."""

import datetime as dt
import re
from dataclasses import dataclass

from members import wareki
from members.names import MOST_WORDS
from members.numerals import KANJI_NUMERAL, KANJI_UNITS, ascii_digits, squeeze
from notices import docnumber
from notices.folding import fold
from notices.grams import LONGEST
from notices.search.spellings import spellings

# A phrase in quotation marks of any kind, or what stands between spaces.
_PIECE = re.compile(r"「([^」]*)」?|『([^』]*)』?|[\"“”＂]([^\"“”＂]*)[\"“”＂]?|([^\s「『\"“”＂]+)")
# What people say of a receipt number, and packets do not.
_RECEIPT = re.compile(r"収受(?:番号)?[\s:：]*(?=[0-9０-９])")
# Of a leap year, which has every day that a date without a year may name.
_LAST_DAY = dt.date(2024, 12, 31)
_NUMERAL = re.compile(rf"[{KANJI_NUMERAL}]{{2,}}")


@dataclass(frozen=True)
class Word:
    """One word: any of its `forms` (folded, never empty) has to stand in the text."""

    forms: tuple[str, ...]

    @property
    def is_proved_by_grams(self) -> bool:
        return all(len(form) <= LONGEST for form in self.forms)

    def stands_in(self, *texts: str) -> bool:
        """Whether one of the texts, as they were written, holds the word."""
        return any(form in folded for folded in map(fold, texts) for form in self.forms)


def words_of(typed: str) -> list[Word]:
    """The words, the first twenty; a document number or a date is one, however it is spaced or short.

    Marks alone are no word.
    """
    typed = _RECEIPT.sub("", typed.replace("\0", ""))
    if number := docnumber.parse_number(typed):
        return [_word(number.text, squeeze(typed), *docnumber.written_out(typed))]
    if written := _as_letters_date(typed):
        return [_word(typed, *docnumber.written_out(typed), *written)]
    pieces = ["".join(found) for found in _PIECE.findall(typed)]
    found = dict.fromkeys(
        _word(piece, _in_digits(piece), *docnumber.written_out(piece), *_as_letters_date(piece))
        for piece in pieces
        if fold(piece)
    )
    return list(found)[:MOST_WORDS]


def _word(*written: str) -> Word:
    forms = [form for form in map(fold, written) if form]
    return Word(tuple(dict.fromkeys([*forms, *(other for form in forms for other in spellings(form))])))


def _as_letters_date(typed: str) -> list[str]:
    """A date as letters have it: 令和8年11月18日 of R8.11.18, 11月18日 of 11/18; nothing of what is no date.

    1月8日 also stands in 11月8日: of the first two months only what follows a year is meant.
    """
    if day := wareki.parse_date(typed):
        return [wareki.long_date(day)]
    if day := wareki.nearest(typed, _LAST_DAY):
        return [f"{'年' if day.month <= 2 else ''}{day.month}月{day.day}日"]
    return []


def _in_digits(piece: str) -> str:
    """三百三十七号 as 337号, as document numbers are kept."""
    return _NUMERAL.sub(lambda found: ascii_digits(found[0]) if KANJI_UNITS.keys() & set(found[0]) else found[0], piece)
