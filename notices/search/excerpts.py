"""A few lines of a text around the words that somebody searches by, with the words marked."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from notices.folding import Folded
from notices.search.words import Word

# How much is shown, and how much of it before the first word, in characters.
LENGTH, BEFORE = 120, 30
_BLANKS = re.compile(r"\s+")


class Part(NamedTuple):
    """A piece of an excerpt, of one line; `is_word` where it is what was searched."""

    text: str
    is_word: bool


def excerpt(text: str, words: Sequence[Word]) -> list[Part]:
    """The text around the first word that stands in it; its beginning where none does."""
    folded, forms = Folded(text), _forms(words)
    nearest = folded.find(forms)
    spans = _spans(folded, forms, nearest, nearest + LENGTH) if nearest >= 0 else []
    first, end_of_first = spans[0] if spans else (0, 0)
    start = max(0, first - BEFORE)
    start = text.rfind("\n", start, first) + 1 or start  # from the line's beginning, where that is not far
    end = max(start + LENGTH, end_of_first)
    is_cut = start > 0 and text[start - 1] != "\n"
    return [Part("…", False)] * is_cut + _parts(text[:end], spans, start) + [Part("…", False)] * (end < len(text))


def marked(text: str, words: Sequence[Word]) -> list[Part]:
    """The whole text, with the words marked."""
    return _parts(text, _spans(Folded(text), _forms(words), 0, None), 0)


def _forms(words: Sequence[Word]) -> list[str]:
    """Longer ones first, so that each is marked as a whole."""
    return sorted((form for word in words for form in word.forms), key=len, reverse=True)


def _spans(folded: Folded, forms: Sequence[str], start: int, end: int | None) -> list[tuple[int, int]]:
    """Where in the text stand the words of this part of the copy, in their order."""
    copy = folded.fold_until(end)
    found = re.compile("|".join(map(re.escape, forms))).finditer(copy, start, end or len(copy)) if forms else ()
    return [folded.span(*at.span()) for at in found]


def _parts(text: str, spans: Sequence[tuple[int, int]], start: int) -> list[Part]:
    """What lies from `start` on, cut where words begin and end; overlapping words are one."""
    parts, at = [], start
    for begin, end in spans:
        if end <= at or begin >= len(text):
            continue
        parts += [Part(text[at:begin], False), Part(text[max(at, begin) : end], True)]
        at = end
    parts.append(Part(text[at:], False))
    return [Part(_BLANKS.sub(" ", part.text), part.is_word) for part in parts if part.text]
