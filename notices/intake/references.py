"""Earlier notices that a letter cites, by number, date, or both. Laws are not notices."""

import datetime
import re
from bisect import bisect_right

from members import wareki
from notices.docnumber import find_numbers, parse_number
from notices.intake.lines import Line
from notices.intake.reading import ReadReference

# Between a citation's date and its number: 付け, the writer's name, a bracket.
_BETWEEN = re.compile(r"(?:付け?)?[、(]?(?:[^、。()「」0-9]{0,30})?[、(]?")
_NOTICE_ON = re.compile(r"付け?(?:の|で|けで)?[^、。]{0,40}?(?:事務連絡|通知|通達|依頼|連名)|付け?事務連絡")
_BRACKETED = re.compile(r"(?<=付け|.付)\([一-龠]{1,3}[Ⅰ-Ⅻ]?[0-9]+[A-Z]?\)")
_AGAIN = re.compile(r"再度|再び|改めて|再周知|再々周知|重ねて")
# A sentence that goes on for longer behind its citation is not read to its end.
_LONGEST_SENTENCE = 200


def read_references(paragraphs: list[Line], own: list[str]) -> list[ReadReference]:
    """The notices that the paragraphs cite, each once; the letter's own numbers are left out."""
    found: dict[tuple, ReadReference] = {}
    for paragraph in paragraphs:
        for reference in _in_paragraph(paragraph):
            if reference.number not in own:
                found.setdefault((reference.number, reference.number is None and reference.date), reference)
    return list(found.values())


def _in_paragraph(paragraph: Line) -> list[ReadReference]:
    text = paragraph.text
    dates = [(match, wareki.parse_date(match[0])) for match in wareki.DATE.finditer(text)]
    ends = [match.end() for match, _ in dates]
    cited: list[ReadReference] = []
    last_end, last_date, dated_by = 0, None, set()
    for start, end, number in _numbers(text):
        before = bisect_right(ends, start) - 1
        date = None
        if before >= 0 and last_end <= ends[before] and _BETWEEN.fullmatch(text, ends[before], start):
            date = dates[before][1]
            dated_by.add(dates[before][0].start())
        elif cited and re.fullmatch(r"[、・及び]*", text[last_end:start]):
            date = last_date
        if number.serial is not None:
            cited.append(_reference(paragraph, number.text, date, start, end))
        last_end, last_date = end, date
    for match, day in dates:
        notice = _NOTICE_ON.match(text, match.end())
        if day and notice and match.start() not in dated_by:
            cited.append(_reference(paragraph, None, day, match.start(), notice.end()))
    return cited


def _numbers(text: str) -> list[tuple]:
    bracketed = [(match.start(), match.end(), parse_number(match[0])) for match in _BRACKETED.finditer(text)]
    return sorted([*find_numbers(text), *bracketed], key=lambda found: found[0])


def _reference(paragraph: Line, number: str | None, date: datetime.date | None, start: int, end: int) -> ReadReference:
    sentence, _, _ = paragraph.text[end : end + _LONGEST_SENTENCE].partition("。")
    return ReadReference(number, date, paragraph.part(start, end).span, bool(_AGAIN.search(sentence)))
