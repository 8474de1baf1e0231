"""Document numbers (文書番号) of official letters.

`6福薬業発第337号`: the 337th of the series 福薬業発 in 令和6年度; `日薬業発第255号` carries no year; `薬生発0926第5号`
is a ministry's, with month and day, as is the older `医政発第0329003号`; `(保241)` is 日本医師会's; `vol.723` an
information sheet's. A series restarts every 年度, so a number is one letter only together with its issuer and 年度.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from members import wareki
from members.numerals import KANJI_NUMERAL, ascii_digits, squeeze, to_number

_DIGITS = rf"[0-9]+|[{KANJI_NUMERAL}]+"
# A hiragana never belongs to a series, save the こ of こども家庭庁.
_LETTERS = r"(?:こ(?=[成支総]))?[々〆一-龠ァ-ヺーA-ZⅠ-Ⅻ]{1,12}?(?:[0-9]{4})?"
# These three are written for text without spaces.
_NUMBER = re.compile(
    rf"(?:(?P<year>(?<![0-9])[0-9]{{1,2}}|元)(?=[々〆一-龠ァ-ヺ]))?(?P<series>{_LETTERS})"
    rf"第(?:(?P<serial>{_DIGITS})(?P<branch>[-－―‐の](?:{_DIGITS}))?)?号(?P<after>の[0-9]+(?!第))?"
)
_BRACKETED = re.compile(rf"[(（](?P<series>[一-龠]{{1,3}}[Ⅰ-Ⅻ]?)(?P<serial>{_DIGITS})(?P<suffix>[A-Z]?)[)）]")
_VOLUME = re.compile(r"(?P<series>vol)\.?(?P<serial>[0-9]+)", re.IGNORECASE)

# Outside the count of its series: 健薬号外.
EXTRA = "号外"
_EXTRA = re.compile(
    rf"(?:(?P<year>(?<![0-9])[0-9]{{1,2}}|元)(?=[々〆一-龠ァ-ヺ]))?(?P<series>{_LETTERS})(?P<counter>第)?{EXTRA}(?!第)"
)

# As some issuers print theirs, where the 発 of the series tells what it is: 薬機安企発1008001号.
_UNCOUNTED = re.compile(
    r"(?:(?P<year>(?<![0-9])[0-9]{1,2})(?=[一-龠]))?(?P<series>[一-龠]{1,11}発)(?P<serial>[0-9]{1,7})号"
)

# How people write one short: 8福薬業発341, 8-341.
_SHORT = re.compile(r"(?P<series>(?:[0-9]{1,2}|元)?[々〆一-龠ァ-ヺーA-Z]{2,12})(?P<serial>[0-9]{1,7})号?")
_PLAIN = re.compile(rf"(?P<series>(?:[0-9]{{1,2}}|元)?[々〆一-龠ァ-ヺーA-Z]{{2,12}})第(?P<serial>{_DIGITS})号")
_OF_A_YEAR = re.compile(r"[0-9]{1,2}[-－―‐‑–—−ー─](?P<serial>[0-9]{1,7})")

# Words that stand before a number without a break and are not part of its series.
_BEFORE_SERIES = re.compile(
    r".*(?:日付|付|同日|通知|事務連絡|改正|連名|会長|局長|課長|部長|室長|知事|市長|次官|通達|別添|別紙|参考|年|月)"
)
# What is counted with 第…号 and is not a letter: laws, their parts, forms.
_NO_LETTER = re.compile(
    r"(?:法|法律|令|政令|省令|府令|勅令|規則|条例|規程|規定|告示|訓令|布告|条約|条|項|号|章|節|編|款|目|表|様式|別記|附則|付則|議案|請願|同|各|台風|官報|公報)$"
)

# What is longer is a misprint or some other number; no series comes near.
HIGHEST_SERIAL = 9_999_999


@dataclass(frozen=True)
class DocumentNumber:
    """One document number.

    `text` is canonical: no spaces, ASCII digits (6福薬業発第337号). `year_prefix` is the era year in front (6), None
    where there is none. `serial` is None where its digits were lost (薬食安発第号) and
    of a 号外; `branch` keeps a 枝番 (の2) or 号外.
    """

    text: str
    year_prefix: int | None
    series: str
    serial: int | None
    branch: str = ""

    @property
    def line(self) -> str:
        """The series with the 枝番, as the ledger keeps it: 第1号 and 第1号の2 are two letters."""
        return self.series + self.branch


@dataclass(frozen=True)
class Identity:
    """Which letter a number is, next to its issuer: `series` holds a 枝番, too.

    `fiscal_year` and `serial` are None where the number does not tell; such a number identifies nothing.
    """

    text: str
    series: str
    fiscal_year: int | None
    serial: int | None

    @property
    def complete(self) -> bool:
        return self.fiscal_year is not None and self.serial is not None


def identity(text: str, date: datetime.date | None) -> Identity:
    """What a document number says, next to the date of its letter. A number of unknown form is kept as it stands."""
    number = parse_number(text)
    if number is None:
        return Identity(text, text[:80], None, None)
    return Identity(number.text, number.line, fiscal_year_of(number, date), number.serial)


def parse_number(raw: str) -> DocumentNumber | None:
    """The document number that the text is, in any width and spacing; None when it is none (事務連絡, 法律第85号)."""
    text = squeeze(raw)
    for candidate in (text, text.strip("()")):
        for pattern in (_NUMBER, _BRACKETED, _VOLUME, _EXTRA):
            match = pattern.fullmatch(candidate)
            if match and not _NO_LETTER.search(match["series"]):
                return _number(match)
    return None


def written_out(raw: str) -> list[str]:
    """What may stand in a letter whose number somebody wrote short; nothing of what is no number.

    福薬業発第341号 of 福薬業発341, 第341号 of 8-341; where the 発 was left out, too, that one with it: of 日薬業287
    and 日薬業第287号 日薬業発第287号.
    """
    text = squeeze(raw)
    if of_a_year := _OF_A_YEAR.fullmatch(text):
        return [f"第{of_a_year['serial']}号"]
    if not (match := _PLAIN.fullmatch(text) or _SHORT.fullmatch(text)):
        return []
    series, serial = match["series"], match["serial"]
    is_short_of_it = "発" not in series and not _NO_LETTER.search(series)
    return [f"{series}第{serial}号", *([f"{series}発第{serial}号"] if is_short_of_it else [])]


def find_uncounted(text: str) -> Iterator[tuple[int, int, DocumentNumber]]:
    """Each number of a letter's head that is printed without 第, in text without spaces: start, end and number."""
    for match in _UNCOUNTED.finditer(wareki.DATE.sub(lambda match: "|" * len(match[0]), text)):
        year = match["year"]
        number = DocumentNumber(match[0], int(year) if year else None, match["series"], int(match["serial"]))
        yield match.start(), match.end(), number


def find_numbers(text: str) -> Iterator[tuple[int, int, DocumentNumber]]:
    """Each 第…号 that stands in text without spaces: its start, its end and the number.

    Dates are stepped over, so that 平成26年12月22日健疾発第1号 gives 健疾発第1号; laws and articles are left out.
    The short forms (保241) and vol.723 are recognised only where they stand alone, by `parse_number`.
    """
    masked = wareki.DATE.sub(lambda match: "|" * len(match[0]), text)
    for match in _NUMBER.finditer(masked):
        before = _BEFORE_SERIES.match(match["series"])
        start = match.start("series") + before.end() if before else match.start()
        if match["series"][-4:].isdecimal():
            # A series with month and day (薬生発0926) has no year in front: that digit is a page number.
            start = max(start, match.start("series"))
        number = parse_number(masked[start : match.end()])
        if number:
            yield start, match.end(), number


def fiscal_year_of(number: DocumentNumber, letter_date: datetime.date | None) -> int | None:
    """The 年度 of a number, as the year in which it began; None when the letter's date is unknown.

    A year prefix is an era year next to the date's 年度 and may differ from it around 1 April
    (15墨総総第892号 of 平成16年4月1日 is 平成15年度). A prefix that fits no era leaves the 年度 of the date.
    """
    if letter_date is None:
        return None
    by_date = wareki.fiscal_year(letter_date)
    if number.year_prefix is None:
        return by_date
    near = [year for year in _years(number.year_prefix) if abs(year - by_date) <= 1]
    return min(near, key=lambda year: abs(year - by_date), default=by_date)


def contradicted_year(number: DocumentNumber, letter_date: datetime.date | None) -> int | None:
    """The 年度 in front of a number, where a letter of this date is of another one; None where both agree.

    Around 1 April they may differ: a number of the old 年度 goes out in April or May, one of the new in March.
    """
    if letter_date is None or number.year_prefix is None:
        return None
    by_date = wareki.fiscal_year(letter_date)
    others = {3: by_date + 1, 4: by_date - 1, 5: by_date - 1}
    possible = (by_date, others.get(letter_date.month, by_date))
    nearest = min(_years(number.year_prefix), key=lambda year: abs(year - by_date))
    return None if nearest in possible else nearest


def _years(prefix: int) -> list[int]:
    """The years that a number in front of the series may mean, one of each era."""
    return [era.first_day.year + prefix - 1 for era in wareki.ERAS]


def _number(match: re.Match[str]) -> DocumentNumber:
    parts = match.groupdict()
    year, written = parts.get("year"), parts.get("serial")
    serial = to_number(written) if written else None
    if serial and serial > HIGHEST_SERIAL:
        serial = None
    digits = ascii_digits(written) if written else ""
    if match.re is _NUMBER:
        branch = (parts["branch"] or "") + (parts["after"] or "")
        text = f"{year or ''}{parts['series']}第{digits}{parts['branch'] or ''}号{parts['after'] or ''}"
    elif match.re is _BRACKETED:
        branch = parts["suffix"]
        text = f"({parts['series']}{digits}{branch})"
    elif match.re is _EXTRA:
        branch = EXTRA
        text = f"{year or ''}{parts['series']}{parts['counter'] or ''}{EXTRA}"
    else:
        return DocumentNumber(f"vol.{digits}", None, "vol", serial or None)
    return DocumentNumber(text, to_number(year) if year else None, parts["series"], serial or None, branch)
