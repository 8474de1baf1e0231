"""Marks: what a letter's head shows by form alone: numbers, dates, 事務連絡, amendments, a left-out seal."""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from members import wareki
from notices.docnumber import EXTRA, DocumentNumber, find_numbers, find_uncounted, parse_number
from notices.intake.lines import Line

SEAL = re.compile(r"[(〔\[]?(?:公印|会長印|官印|印影?|契印)(?:・契印)?(?:は?省略|略)(?:します)?[)〕\]]?")
AMENDED = re.compile(r"(?:第[0-9一二三四五六七八九十]+次|最終|一部)改正|改正(?:経過|履歴)")
NOTICE = re.compile(r"事務連絡")
HONORIFIC = re.compile(r"殿|御中|各位|(?<![同仕多模有各一])様(?![式々子態相])|(?:あて|宛て?)$")

# More marks in a row than any heading with its amendments has.
MOST_MARKS = 60
_BETWEEN = re.compile(
    r"\([一-龠]{1,3}[Ⅰ-Ⅻ]?\)|[()\[\]〔〕【】・,、:/]|付け?$|文書番号|番号|日付|(?:発出|発信|通知|施行|作成)日|写し?$"
    r"|(?:別添|別紙|参考|資料)[0-9]*"
)
_BRACKETED = re.compile(r"\([一-龠]{1,3}[Ⅰ-Ⅻ]?[0-9]+[A-Z]?\)")
_PAGE_NUMBER = re.compile(r"-?[0-9]{1,3}-?(?=事務連絡)")
_STAMP = re.compile(r"[(〔]?(?:収受|受付|受領|接受)(?:印|日|年月日|番号)?[:：]?[)〕]?")
_STAMPED = re.compile(rf"(?:{wareki.DATE.pattern})|(?:No\.?|第)?[0-9]+号?")
# A date in form whose day or year no calendar has, or has been left blank: 平成31日4月12日, 令和6年10月 日.
_LIKE_A_DATE = re.compile(r"(?:(?:令和|平成|昭和|大正)[^\W]{0,4}?|[0-9]{4})[年日][^\W]{0,3}月[^\W]{0,3}?日?")


@dataclass(frozen=True)
class Mark:
    """One mark of a heading: where it stands in the line's text, and its value where it has one.

    `kind` is number, date, notice (事務連絡), amendment or seal. A date mark without a value is no date of a calendar.
    """

    kind: str
    start: int
    end: int
    value: DocumentNumber | datetime.date | None = None


def marks_from(text: str, position: int = 0) -> list[Mark]:
    """The marks that stand one after the other from `position` on; empty where none begins."""
    known = _numbers_and_dates(text)
    marks: list[Mark] = []
    while position < len(text) and len(marks) < MOST_MARKS:
        mark = known.get(position) or _word_mark(text, position)
        if mark:
            marks.append(mark)
            position = mark.end
            continue
        between = _BETWEEN.match(text, position) or _PAGE_NUMBER.match(text, position)
        if not between:
            break
        position = between.end()
    return _without_amendments(marks)


def starts_of_marks(text: str) -> list[int]:
    """Where numbers, dates and 事務連絡 begin anywhere in the text."""
    return sorted({*_numbers_and_dates(text), *(match.start() for match in NOTICE.finditer(text))})


def marks_of(line: Line) -> list[Mark]:
    """The marks of a line that holds nothing else; empty for any other line."""
    marks = marks_from(line.text)
    if marks and not _BETWEEN.sub("", line.text[marks[-1].end :]):
        return marks
    number = parse_number(line.text)
    if number and (number.series == "vol" or number.branch == EXTRA):
        return [Mark("number", 0, len(line.text), number)]
    if _LIKE_A_DATE.fullmatch(line.text) and len(line.text) <= 16:
        return [Mark("date", 0, len(line.text))]
    return []


def stamped(lines: list[Line]) -> set[int]:
    """The lines of a stamp that says when, and under what number of its own, an office received the letter."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        if _STAMP.fullmatch(line.text):
            following = range(index + 1, min(index + 3, len(lines)))
            found |= {below for below in following if _STAMPED.fullmatch(lines[below].text)}
    return found


def own_marks(marks: list[Mark]) -> list[Mark]:
    """The marks that are the letter's own: its number, date or 事務連絡."""
    return [mark for mark in marks if mark.kind in ("number", "date", "notice")]


@lru_cache(maxsize=4)
def _numbers_and_dates(text: str) -> dict[int, Mark]:
    found = {start: Mark("number", start, end, number) for start, end, number in find_numbers(text)}
    for start, end, number in find_uncounted(text):
        found.setdefault(start, Mark("number", start, end, number))
    for match in _BRACKETED.finditer(text):
        number = parse_number(match[0])
        if number:
            found[match.start()] = Mark("number", match.start(), match.end(), number)
    for match in wareki.DATE.finditer(text):
        found[match.start()] = Mark("date", match.start(), match.end(), wareki.parse_date(match[0]))
    return found


def _word_mark(text: str, position: int) -> Mark | None:
    for kind, pattern in (("notice", NOTICE), ("seal", SEAL), ("amendment", AMENDED)):
        match = pattern.match(text, position)
        if match:
            return Mark(kind, match.start(), match.end())
    return None


def _without_amendments(marks: list[Mark]) -> list[Mark]:
    """The marks with the dates and numbers of amendments taken into the amendment: they are not the letter's own."""
    first = next((index for index, mark in enumerate(marks) if mark.kind == "amendment"), len(marks))
    own, amended = marks[:first], marks[first:]
    if not amended:
        return own
    return [*own, Mark("amendment", amended[0].start, amended[-1].end)]
