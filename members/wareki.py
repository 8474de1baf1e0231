"""Japanese eras (和暦) and the fiscal year (年度).

An era begins on the day of its proclamation: 令和 on 1 May 2019 (平成三十一年政令第百四十三号), 平成 on 8 January 1989
(昭和六十四年政令第一号). The 年度 is 1 April to 31 March (会計法第一条); 2019年度 is 令和元年度 as the government
counts it (新元号への円滑な移行に向けた関係省庁連絡会議申合せ, April 2019).
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from members.numerals import KANJI_NUMERAL, squeeze, to_number


@dataclass(frozen=True)
class Era:
    """One era: its name, the letter and the single character it is shortened to, its first day."""

    name: str
    letter: str
    first_day: datetime.date

    @property
    def short(self) -> str:
        return self.name[0]


ERAS = (
    Era("令和", "R", datetime.date(2019, 5, 1)),
    Era("平成", "H", datetime.date(1989, 1, 8)),
    Era("昭和", "S", datetime.date(1926, 12, 25)),
    Era("大正", "T", datetime.date(1912, 7, 30)),
    Era("明治", "M", datetime.date(1868, 1, 25)),
)
WEEKDAYS = "月火水木金土日"
LIGATURES = str.maketrans({"㋿": "令和", "㍻": "平成", "㍼": "昭和", "㍽": "大正", "㍾": "明治"})

_NUMBER = rf"[0-9]{{1,2}}|[{KANJI_NUMERAL}]{{1,3}}"
_ERA = "令和|平成|昭和|大正|明治|[令平昭RHS]|(?<![A-Za-z])[TM]"
# Written on text without spaces; `finditer` on running text is as good as `fullmatch` on one value.
DATE = re.compile(
    rf"(?:(?P<era>{_ERA})(?P<era_year>元|{_NUMBER})|(?<![0-9])(?P<year>[0-9]{{4}}))"
    rf"(?:年(?P<month>{_NUMBER})月(?P<day>{_NUMBER})日"
    r"|(?P<mark>[./-])(?P<month2>[0-9]{1,2})(?P=mark)(?P<day2>[0-9]{1,2})(?![0-9]))"
)
_YEARLESS = re.compile(
    rf"(?P<month>{_NUMBER})月(?P<day>{_NUMBER})日|(?P<month2>[0-9]{{1,2}})[./-](?P<day2>[0-9]{{1,2}})"
)
# Has every day that a date without a year may be.
_LEAP_YEAR = 2024
_WEEKDAY = re.compile(rf"[(（][{WEEKDAYS}](?:曜日?)?[)）]$")


class ImpossibleDateError(ValueError):
    """A date that no calendar has; the message says why, in Japanese."""


@lru_cache(4096)  # the days of a roster repeat
def parse_date(text: str) -> datetime.date | None:
    """The day that the text names, in any era, width and spacing; None when it names none that exists.

    Understands 令和6年10月30日, 令 和 元 年 ５ 月 １ 日, R6.3.19, 令元.12.26, 昭和五〇年二月八日, 2024年10月30日,
    2024-10-30, each with or without a weekday behind. Nothing is rolled forward: 令和6年2月30日 is None. So is a day
    before 明治, which is a misread or mistyped one.
    """
    match = _match(text)
    if match is None:
        return None
    try:
        return date_of(match)
    except ImpossibleDateError:
        return None


def explain(text: str, like: str = "「令和○年○月○日」") -> str | None:
    """Why the text is not a date, in Japanese for a form (「11月は30日までです」); None when it is one.

    What is no date at all is to be written `like` that. Of 13/40 it is said which of the two there is not.
    """
    match = _match(text)
    try:
        if match is None:
            if yearless := _YEARLESS.fullmatch(_value(text)):
                _existing(_LEAP_YEAR, *_month_and_day(yearless), "")
            return f"日付として読めません。{like}のように入力してください"
        date_of(match)
    except ImpossibleDateError as error:
        return str(error)
    return None


def nearest(text: str, today: datetime.date, *, coming: bool = False) -> datetime.date | None:
    """The latest day up to today that 12/15 or 12月15日 may be, or `coming` the next from today; None for other text.

    A 29 February is that of the nearest leap year.
    """
    match = _YEARLESS.fullmatch(_value(text))
    if match is None:
        return None
    month, day = _month_and_day(match)
    for years in range(9):  # from one leap year to the next there may be eight
        year = today.year + (years if coming else -years)
        try:
            found = datetime.date(year, month, day)
        except ValueError:
            continue
        if found == today or (found > today) == coming:
            return found
    return None


def date_of(match: re.Match[str]) -> datetime.date:
    """The day of a match of `DATE`. Raises ImpossibleDateError with the reason."""
    month, day = _month_and_day(match)
    if match["year"]:
        found = _existing(int(match["year"]), month, day, f"{match['year']}年")
        era_of(found)
        return found
    era = next(era for era in ERAS if match["era"] in (era.name, era.letter, era.short))
    count = to_number(match["era_year"])
    if count == 0:
        raise ImpossibleDateError(f"{era.name}0年はありません")
    found = _existing(era.first_day.year + count - 1, month, day, f"{era.name}{match['era_year']}年")
    if era_of(found) is not era:
        raise ImpossibleDateError(_outside(era, found))
    return found


def era_of(day: datetime.date) -> Era:
    """The era of a day. Raises ImpossibleDateError before 明治."""
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise ImpossibleDateError("明治より前の日付は扱えません")


def long_date(day: datetime.date) -> str:
    """令和6年10月30日, the form of letters; the first year is 元年. 1806-12-13 before 明治, as `short_date` has it."""
    if day < ERAS[-1].first_day:
        return day.isoformat()
    era, count = _count(day)
    return f"{era.name}{'元' if count == 1 else count}年{day.month}月{day.day}日"


def short_date(day: datetime.date) -> str:
    """R6.10.30, the form of tables; 1800-01-01 before 明治, so that a slip of the keyboard breaks no page."""
    if day < ERAS[-1].first_day:
        return day.isoformat()
    era, count = _count(day)
    return f"{era.letter}{count}.{day.month}.{day.day}"


def day_with_weekday(day: datetime.date) -> str:
    """11月29日（金）, the form of deadlines."""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def deadline(day: datetime.date, year: int) -> str:
    """11月29日（金）, a deadline; 令和9年1月15日（金） where the day is of another year than that one."""
    return day_with_weekday(day) if day.year == year else f"{long_date(day)}（{WEEKDAYS[day.weekday()]}）"


def desk_date(day: datetime.date, year: int) -> str:
    """10/30（水）, the form of the desk's lists; R6.10.30（水） where the day is of another year than that one."""
    short = f"{day.month}/{day.day}" if day.year == year else short_date(day)
    return f"{short}（{WEEKDAYS[day.weekday()]}）"


def fiscal_year(day: datetime.date) -> int:
    """The 年度 of a day, as the year in which it began: 2025-03-31 → 2024."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_days(year: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the 年度 that began in that year."""
    return datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31)


def fiscal_year_in_era(day_or_year: datetime.date | int) -> int:
    """The number of the 年度 in its era: 2024 → 6 (令和6年度), a day counts for its 年度; 1806 → 1806, before 明治."""
    return _fiscal_count(day_or_year)[1]


def fiscal_year_label(day_or_year: datetime.date | int) -> str:
    """令和6年度, for the 年度 that began in that year or holds that day; 1806年度 before 明治."""
    era, count = _fiscal_count(day_or_year)
    if era is None:
        return f"{count}年度"
    return f"{era.name}{'元' if count == 1 else count}年度"


def parse_fiscal_year(text: str) -> int | None:
    """The 年度 that 令和6年度, R6 or 2024 names, as the year in which it began; None when it names none."""
    day = parse_date(re.sub("年度?$", "", squeeze(text).translate(LIGATURES)) + "年10月1日")
    return fiscal_year(day) if day else None


def _match(text: str) -> re.Match[str] | None:
    return DATE.fullmatch(_value(text))


def _value(text: str) -> str:
    """One value as the patterns have it, without a weekday behind."""
    return _WEEKDAY.sub("", squeeze(text).translate(LIGATURES))


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    return to_number(match["month"] or match["month2"]), to_number(match["day"] or match["day2"])


def _count(day: datetime.date) -> tuple[Era, int]:
    era = era_of(day)
    return era, day.year - era.first_day.year + 1


def _fiscal_count(day_or_year: datetime.date | int) -> tuple[Era | None, int]:
    # A 年度 is called after the era that holds its middle: 2019年度 is 令和元年度, 1988年度 is 昭和63年度.
    year = fiscal_year(day_or_year) if isinstance(day_or_year, datetime.date) else day_or_year
    if year < ERAS[-1].first_day.year:
        return None, year
    return _count(datetime.date(year, 10, 1))


def _existing(year: int, month: int, day: int, year_as_written: str) -> datetime.date:
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise ImpossibleDateError(f"{year_as_written}はありません")
    if not 1 <= month <= 12:
        raise ImpossibleDateError(f"{month}月はありません")
    last = calendar.monthrange(year, month)[1]
    if day == 0:
        raise ImpossibleDateError("0日はありません")
    if day > last:
        where = f"{year_as_written}2月" if month == 2 else f"{month}月"
        raise ImpossibleDateError(f"{where}は{last}日までです")
    return datetime.date(year, month, day)


def _outside(era: Era, day: datetime.date) -> str:
    if day < era.first_day:
        return f"{era.name}は{long_date(era.first_day)}からです"
    following = ERAS[ERAS.index(era) - 1]
    return f"{era.name}は{long_date(following.first_day - datetime.timedelta(days=1))}までです"
