"""A few lines of a text around the words that somebody searches by, with the words marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from notices.folding import Folded
from notices.search.words import Word

# How much is shown, and how much of it before the first word, in characters.
LENGTH, BEFORE = 120, 30
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """A piece of an excerpt, of one line; `is_word` where it is what was searched."""

    text: str
    is_word: bool


def excerpt(text: str, words: Sequence[Word]) -> list[Part]:
    """The text around the first word that stands in it; its beginning where none does."""
    spans = _spans(text, words)
    first = spans[0][0] if spans else 0
    start = max(0, first - BEFORE)
    end = max(start + LENGTH, spans[0][1] if spans else 0)
    parts = _parts(text[:end], spans, start)
    return [Part("…", False)] * (start > 0) + parts + [Part("…", False)] * (end < len(text))


def marked(text: str, words: Sequence[Word]) -> list[Part]:
    """The whole text, with the words marked."""
    return _parts(text, _spans(text, words), 0)


def _spans(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where the words stand near the first of them, in their order."""
    folded = Folded(text)
    firsts = [at for word in words for form in word.forms if (at := folded.copy.find(form)) >= 0]
    if not firsts:
        return []
    nearest = min(firsts)
    near = folded.copy[: nearest + 2 * LENGTH]
    found = [
        (at.start(), at.end()) for word in words for form in word.forms for at in re.finditer(re.escape(form), near)
    ]
    found += [
        (nearest, nearest + len(form)) for word in words for form in word.forms if folded.copy.startswith(form, nearest)
    ]
    return sorted({folded.span(*span) for span in found})


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
