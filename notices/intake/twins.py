"""Whether two letters of a packet are one that came twice: by the same number of the same issuer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from members.names import search_key
from notices import docnumber
from notices.docnumber import Identity
from notices.intake.people import short_name


@dataclass(frozen=True)
class Signs:
    """What tells one letter from another: its numbers, and its issuers as folded names."""

    numbers: tuple[Identity, ...]
    issuers: frozenset[str]


def signs_of(numbers: Iterable[str], date: dt.date | None, organisations: Iterable[str]) -> Signs:
    """The signs of a letter with these numbers and issuers."""
    issuers = frozenset(search_key(short_name(name)) for name in organisations if name)
    return Signs(tuple(docnumber.identity(text, date) for text in numbers), issuers)


def are_one(letter: Signs, other: Signs) -> bool:
    """Whether both are the same letter. An issuer that is not known tells none from another."""
    numbered = any(_is_same(*pair) for pair in product(letter.numbers, other.numbers))
    named_apart = letter.issuers and other.issuers and not letter.issuers & other.issuers
    return numbered and not named_apart


def _is_same(number: Identity, other: Identity) -> bool:
    """By series, 年度 and serial where both tell them, else as they are written."""
    if number.complete and other.complete:
        return _line(number) == _line(other)
    return search_key(number.text) == search_key(other.text)


def _line(number: Identity) -> tuple[str, int | None, int | None]:
    return search_key(number.series), number.fiscal_year, number.serial
