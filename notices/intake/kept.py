"""What a packet keeps of its reading: the form of `manage.py readpacket`, with more beside it, as JSON.

Each letter has besides the reader's keys `body`, `items`, `contact`, its `span` and the `spans` of its fields; each
attachment a `text` (what came with the packet and is no letter), each step a `hint`, each reference `follows_up`,
each warning `settled`. The `kind` of a scan is empty until somebody chooses it. Pages without text have their numbers
as `blank`; what staff left out has `left_out` (`fates` says what becomes of which). `turned` are the pages that staff
have turned to the right (file and page, counted from 0: 1-0), with the degrees.
Of a packet of PDFs letters and such attachments have their `pages` (`notices.letters.received` says in which form).
Corrections by staff have the same form. Letters are counted from 0 here, from ① on the screen.
"""

import datetime as dt
import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils import timezone

from members import wareki
from members.names import search_key
from notices.intake import rest
from notices.intake.fates import Fate, fate, standing
from notices.intake.people import short_name
from notices.intake.reading import Reading, ReadLetter, Span
from notices.intake.subject import NOTE, exchange_kind, subject_kind

Letter = dict[str, Any]
Kept = dict[str, Any]

# A hop is called slow when it is the longest of the chain and took more days than this.
SLOW_DAYS = 7
# Of what a letter has several, each in a row of the form.
ROWS = ("issuers", "attachments", "references")


def keep(reading: Reading) -> Kept:
    """The reading as JSON. Warnings about the whole packet go to its top letter, the rest of the text to 別添."""
    kept = reading.as_json()
    kept["remainder"] = [list(span) for span in reading.remainder]
    kept["letters"] = [_letter(read) for read in reading.letters]
    kept["steps"] = [step.as_json() | {"hint": step.hint.strip()} for step in reading.steps]
    if kept["letters"]:
        top = kept["letters"][top_index(kept)]
        top["warnings"] += [warning | {"field": "", "settled": False} for warning in kept.pop("warnings")]
        rest.give(kept, reading.text, _order_for_rest(kept))
        rest.ask(kept, top_index(kept))
    return kept


def _letter(read: ReadLetter) -> Letter:
    letter = read.as_json() | ({"blank": read.blank} if read.blank else {})
    for attachment, place in zip(letter["attachments"], read.attachments, strict=True):
        attachment |= {"title": attachment["title"] or "", "text": "", "span": _plain(place.span)}
    for reference, place in zip(letter["references"], read.references, strict=True):
        reference |= {"follows_up": place.follows_up, "span": _plain(place.span)}
    for warning in letter["warnings"]:
        warning["settled"] = False
    return letter | {
        "subject": letter["subject"] or "",
        "body": read.body,
        "items": read.items,
        "contact": read.contact,
        "span": _plain(read.span),
        "spans": {name: [_plain(span) for span in spans] for name, spans in read.spans.items()},
    }


def _plain(span: Span | None) -> list[int] | None:
    """A place as JSON gives it back, so that what was just read compares equal to what was stored."""
    return list(span) if span else None


def _order_for_rest(kept: Kept) -> list[int]:
    """The letters, those first in whose chain the rest of the text belongs, its top letter before all."""
    top = top_of_rest(kept)
    return sorted(range(len(kept["letters"])), key=lambda index: (top_of(kept, index) != top, index != top, index))


def top_of_rest(kept: Kept) -> int:
    """The top letter in whose chain the rest of the text belongs, and the steps that were read in it.

    Where no 別添 holds the rest, that of the letter behind which most of it stands.
    """
    letters, there = kept["letters"], [index for index in standing(kept) if not kept["letters"][index].get("blank")]
    holding = [index for index in there if any(one["text"] for one in letters[index]["attachments"])]
    longest = max(kept["remainder"], key=lambda span: span[1] - span[0], default=[0, 0])
    before = [index for index in there if letters[index]["span"][0] < longest[0]]
    return top_of(kept, next(iter(holding), max(before, default=top_index(kept))))


# The chain -----------------------------------------------------------------------------------------------------------


def links(kept: Kept) -> list[list[int]]:
    """The chain between those that are letters, or may become so: (enclosed, enclosing)."""
    there = set(standing(kept))
    return [pair for pair in kept["chain"] if there.issuperset(pair)]


def tops(kept: Kept) -> list[int]:
    """The letters that nothing else in the packet encloses: each came last of its chain, and says what to do."""
    enclosed = {inner for inner, _ in links(kept)}
    return [index for index in standing(kept) if index not in enclosed]


def top_index(kept: Kept) -> int:
    """The top letter; the first of several, of which nobody may know yet what some are."""
    found = tops(kept)
    return next((index for index in found if fate(kept, index) == Fate.LETTER), next(iter(found), 0))


def top_of(kept: Kept, index: int) -> int:
    """The top letter of the chain in which the letter stands."""
    return _way_out(dict(map(tuple, links(kept))), index)[-1]


def way_to_top(kept: Kept, top: int | None = None) -> list[int]:
    """The longest line of letters, each enclosed in the next, that ends at this top letter, or at the first."""
    outer_of, top = dict(map(tuple, links(kept))), top_index(kept) if top is None else top
    ways = [_way_out(outer_of, index) for index in range(len(kept["letters"]))]
    return max((way for way in ways if way[-1] == top), key=lambda way: (len(way), way[::-1]))


def _way_out(outer_of: dict[int, int], index: int) -> list[int]:
    way = [index]
    while way[-1] in outer_of:
        way.append(outer_of[way[-1]])
    return way


def relinked(chain: list[list[int]], index: int, before: Letter, after: Letter) -> list[list[int]]:
    """The chain, in the reader's order, once the attachments of letter `index` have changed."""
    linked, unlinked = _linked(after), _linked(before) - _linked(after)
    left = [pair for pair in chain if pair[0] not in linked and not (pair[1] == index and pair[0] in unlinked)]
    return sorted([*left, *([inner, index] for inner in linked)], reverse=True)


def _linked(letter: Letter) -> set[int]:
    return {attachment["letter"] for attachment in letter["attachments"] if attachment["letter"] is not None}


def runs_in_a_circle(chain: list[list[int]]) -> bool:
    """Whether some letter would enclose itself, by way of others or directly."""
    outer_of = dict(map(tuple, chain))
    for start in outer_of:
        index, seen = outer_of[start], set()
        while index is not None and index not in seen:
            if index == start:
                return True
            seen.add(index)
            index = outer_of.get(index)
    return False


@dataclass(frozen=True)
class Stop:
    """One stop of the chain on the screen; `gap_days` and `slow` are of the hop that leaves it."""

    date: dt.date | None
    organisation: str
    document: str
    gap_days: int | None
    slow: bool
    passed: bool = True


def stops(kept: Kept, top: int | None = None) -> list[Stop]:
    """The way on which this top letter came, or the first, the oldest letter first."""
    letters = [kept["letters"][index] for index in way_to_top(kept, top)]
    dates = [date_of(letter) for letter in letters]
    gaps = [(after - before).days if before and after else None for before, after in pairwise(dates)]
    longest = max((gap for gap in gaps if gap is not None), default=0)
    return [
        Stop(date, issuer_label(letter), number_label(letter), gap, gap is not None and SLOW_DAYS < gap == longest)
        for letter, date, gap in zip(letters, dates, [*gaps, None], strict=True)
    ]


def referred(kept: Kept, index: int, reference: dict[str, Any]) -> int | None:
    """Which other letter of the packet a reference of letter `index` means, if any.

    The one with the number that is cited; without a number the enclosed one of that date.
    """
    letters, number = kept["letters"], reference["number"]
    if number:
        same = [other for other in standing(kept) if number in letters[other]["numbers"]]
    else:
        enclosed = [inner for inner, outer in links(kept) if outer == index]
        same = [inner for inner in enclosed if letters[inner]["date"] == reference["date"]]
    return next((other for other in same if other != index), None)


# Words about a letter ------------------------------------------------------------------------------------------------


def date_of(written: dict[str, Any]) -> dt.date | None:
    """The date of a letter or of a reference."""
    return dt.date.fromisoformat(written["date"]) if written["date"] else None


def deadline_of(letter: Letter) -> dt.date | None:
    """The deadline that the letter states."""
    return dt.date.fromisoformat(letter["deadline"]) if letter["deadline"] else None


def oldest_date(kept: Kept, top: int | None = None) -> dt.date | None:
    """The earliest date of the packet's letters, or of those in the chain of a top letter."""
    chosen = [kept["letters"][index] for index in standing(kept) if top is None or top == top_of(kept, index)]
    return min(filter(None, map(date_of, chosen)), default=None)


def issuer_label(letter: Letter) -> str:
    """The issuers as lists name them."""
    return "・".join(dict.fromkeys(short_name(issuer["organisation"]) for issuer in letter["issuers"])) or "発出元不明"


def number_label(letter: Letter) -> str:
    """The document numbers as lists show them; 事務連絡 where there is none for that reason."""
    return "・".join(letter["numbers"]) or (NOTE if kind_of(letter) == NOTE else "番号なし")


def kind_of(letter: Letter) -> str:
    """通知, 事務連絡 and so on; of a scan, until one is chosen, what number, subject and addressees speak for."""
    if letter["kind"]:
        return letter["kind"]
    if NOTE in letter["subject"]:
        return NOTE
    is_letter = letter["numbers"] or letter["addressees"]
    return exchange_kind(subject_kind(letter["subject"])) if is_letter else "その他"


def searched_by(kept: Kept, receipt_number: str) -> str:
    """The key by which the packet is found: receipt number, document numbers, subjects, issuers."""
    words = [receipt_number]
    for letter in (kept["letters"][index] for index in standing(kept)):
        words += [*letter["numbers"], letter["subject"], *(issuer["organisation"] for issuer in letter["issuers"])]
    return search_key(*words)


# Doubts --------------------------------------------------------------------------------------------------------------


def coming_deadline(letter: Letter, warning: int) -> dt.date | None:
    """The day meant by a deadline without a year, of that warning: the next such day from the letter's date."""
    if warning >= len(letter["warnings"]) or letter["warnings"][warning]["field"] != "deadline":
        return None
    since = date_of(letter) or timezone.localdate()
    return wareki.nearest(letter["warnings"][warning]["raw"], since, coming=True)


def doubts(letter: Letter) -> list[tuple[int, dict[str, Any]]]:
    """The warnings that nobody has settled yet, each with its index in the letter."""
    warnings = enumerate(letter["warnings"])
    return [each for each in warnings if not each[1]["settled"] and not _misses_no_number(letter, each[1])]


def _misses_no_number(letter: Letter, warning: dict[str, Any]) -> bool:
    """Whether the warning asks for the number of a letter that has none, being a 事務連絡."""
    return warning["field"] == "numbers" and not warning["raw"] and kind_of(letter) == NOTE


def count_doubts(kept: Kept) -> int:
    """How many warnings of all letters are still open."""
    return sum(len(doubts(kept["letters"][index])) for index in standing(kept))


def settled(letter: Letter, *, warning: int | None = None, fields: set[str] | None = None) -> Letter:
    """The letter with that warning settled, or those about the fields, or (with neither) all."""
    letter = deepcopy(letter)
    for index, one in enumerate(letter["warnings"]):
        named = index == warning or one["field"] in (fields or ())
        one["settled"] = one["settled"] or named or (warning is None and fields is None)
    return letter


def with_doubts_of(known: Letter, letter: Letter) -> Letter:
    """The letter with the warnings of `known`, settled where either says so: nobody takes that back."""
    warnings = deepcopy(known["warnings"])
    for warning, same in zip(warnings, letter["warnings"], strict=False):
        warning["settled"] = warning["settled"] or same["settled"]
    return letter | {"warnings": warnings}


def with_decision_of(known: Letter, letter: Letter) -> Letter:
    """The letter, left out as `known` is or not: that is no field of the form, and somebody may just have said so."""
    decided = {"left_out": known["left_out"]} if "left_out" in known else {}
    return {key: value for key, value in letter.items() if key != "left_out"} | decided


def changed_fields(before: Letter, after: Letter) -> set[str]:
    """The fields in which two states of a letter differ; what was settled does not count."""
    return {key for key in after if key != "warnings" and before.get(key) != after[key]}


def state_of(letter: Letter) -> str:
    """A short sign of what can be corrected, to see later whether somebody has: of the values, then of the rows."""
    values = {key: value for key, value in letter.items() if key not in (*ROWS, "warnings")}
    return f"{_sign(values)}-{_sign([letter[name] for name in ROWS])}"


def same_rows(state: str, other: str) -> bool:
    """Whether two states of a letter have the same issuers, attachments and references."""
    return state.partition("-")[2] == other.partition("-")[2]


def _sign(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
