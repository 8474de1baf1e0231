"""Which letter of a packet encloses which: the way that a notice came."""

import datetime
import re
from functools import lru_cache

from members import wareki
from members.numerals import squeeze
from notices.intake.people import short_name
from notices.intake.reading import ReadAttachment, ReadLetter, Warning, letters_named, mark_of
from notices.intake.twins import Signs, are_one, signs_of

# A title that matches in subject alone is evidence enough only where no other letter matches better.
LEAST = 1
# The names by which letters call associations for short.
_CALLED = {"日本薬剤師会": "日薬", "日本医師会": "日医", "日本歯科医師会": "日歯", "厚生労働省": "厚労省"}
# The remark that says who made a guide; and what makes another organisation of a name before it.
_MADE_BY = re.compile(r"\([^()]*作成[^()]*\)")
_NO_LONGER_NAME = r"(?!(?:歯科)?(?:医師|薬剤師|病院薬剤師)会)"
ALIKE = "{label}を文書{taken}としましたが、文書{others}にも同じように当てはまります。どの文書かを確かめてください。"

_plain = lru_cache(maxsize=2**12)(squeeze)


def link_letters(letters: list[ReadLetter]) -> list[tuple[int, int]]:
    """(enclosed, enclosing) pairs, the innermost first; the attachments get the index of the letter that they are.

    A later letter is enclosed in an earlier one that lists it among its attachments (by number, date, issuer or
    subject). Each letter is enclosed once. Where a title fits two alike the first is taken, and the letter warns of it.
    """
    outer_of: dict[int, int] = {}
    unsure: list[tuple[int, ReadAttachment, list[int]]] = []
    signs = list(map(_signs, letters))
    for outer, letter in enumerate(letters):
        for attachment in letter.attachments:
            free = {
                index
                for index in range(outer + 1, len(letters))
                if index not in outer_of and not are_one(signs[outer], signs[index])
            }
            if fitting := _fitting(attachment, letter, letters, free):
                attachment.letter = fitting[0]
                outer_of[fitting[0]] = outer
                unsure.append((outer, attachment, fitting[1:]))
    for outer, attachment, others in unsure:
        # What another letter encloses was not meant.
        alike = [other for other in others if outer_of.get(other, outer) == outer]
        if alike and attachment.title:
            letters[outer].warnings.append(_doubt(attachment, alike))
    return sorted(outer_of.items(), reverse=True)


def _signs(letter: ReadLetter) -> Signs:
    organisations = [issuer.organisation for issuer in letter.issuers]
    return signs_of([number.text for number in letter.numbers], letter.date, organisations)


def _fitting(attachment: ReadAttachment, letter: ReadLetter, letters: list[ReadLetter], free: set[int]) -> list[int]:
    """The letters that fit the attachment best, the first of which it is."""
    if attachment.url or re.match("参考", attachment.label):
        return []
    likeness = {index: _likeness(attachment, letter, letters[index]) for index in sorted(free)}
    most = max(likeness.values(), default=0)
    return [index for index, found in likeness.items() if found == most >= LEAST]


def _doubt(attachment: ReadAttachment, alike: list[int]) -> Warning:
    told = ALIKE.format(label=attachment.label, taken=mark_of(attachment.letter), others=letters_named(alike))
    return Warning("attachments", attachment.title, told)


def _likeness(attachment: ReadAttachment, outer: ReadLetter, inner: ReadLetter) -> int:
    """How much speaks for the attachment being the letter: the words of its title, or what the outer letter cites."""
    title = _plain(attachment.title or "")
    likeness = 4 * any(number.text in title for number in inner.numbers)
    likeness += 2 * bool(inner.date and _names_day(title, inner))
    likeness += 2 * any(_names(title, issuer.organisation) for issuer in inner.issuers if issuer.organisation)
    likeness += bool(likeness and inner.kind == "事務連絡" and inner.kind in title)
    likeness += bool(inner.subject and _plain(inner.subject) in title)
    if not inner.subject or not title or title in _plain(inner.subject):
        likeness += bool(_cites(outer, inner))
    return likeness


def _names(title: str, organisation: str) -> bool:
    """Whether a title names who issued it: in full, or for short (厚生労働省 for a division of it).

    福岡県薬剤師会 does not name 福岡県, and （福岡県薬剤師会作成版） says who made a guide, not whose letter it is.
    """
    short = _plain(short_name(organisation))
    names = {_plain(organisation), short, _CALLED.get(short, short)} - {""}
    title = _MADE_BY.sub("", title)
    return any(re.search(re.escape(name) + _NO_LONGER_NAME, title) for name in names)


def _names_day(title: str, inner: ReadLetter) -> bool:
    return any(form in title for form in _forms(inner.date))


@lru_cache(maxsize=2**10)
def _forms(day: datetime.date) -> tuple[str, ...]:
    return wareki.long_date(day), wareki.short_date(day), f"{day:%Y%m%d}", f"{day:%y%m%d}"


def _cites(outer: ReadLetter, inner: ReadLetter) -> bool:
    """Whether the outer letter cites the inner one, by number or date, or has the same subject and is later."""
    numbers = {number.text for number in inner.numbers}
    cited = any(ref.number in numbers or (ref.date and ref.date == inner.date) for ref in outer.references)
    return cited or bool(outer.subject and inner.subject and _core(outer.subject) == _core(inner.subject))


def _core(subject: str) -> str:
    """A subject without its kind: （周知）, (依頼) come and go between the letters of a chain."""
    return re.sub(r"\([^()]*\)$", "", _plain(subject))
