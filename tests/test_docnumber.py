"""文書番号: read from any spacing, told apart from laws, placed in their 年度."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.docnumber import DocumentNumber, contradicted_year, find_numbers, fiscal_year_of, parse_number

SERIES = st.sampled_from(["福薬業発", "日薬業発", "薬発", "医政発", "文科ス", "墨総総", "健感発"])
DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("6 福薬業発第 3 3 7 号", DocumentNumber("6福薬業発第337号", 6, "福薬業発", 337)),
        ("６福薬業発第３３７号", DocumentNumber("6福薬業発第337号", 6, "福薬業発", 337)),
        ("元福薬業発第1号", DocumentNumber("元福薬業発第1号", 1, "福薬業発", 1)),
        ("日 薬 業 発 第 255 号", DocumentNumber("日薬業発第255号", None, "日薬業発", 255)),
        ("薬生発0926第5号", DocumentNumber("薬生発0926第5号", None, "薬生発0926", 5)),
        ("医政発第0329003号", DocumentNumber("医政発第0329003号", None, "医政発", 329003)),
        ("18文科ス第20号", DocumentNumber("18文科ス第20号", 18, "文科ス", 20)),
        ("(薬第六九一号)", DocumentNumber("薬第691号", None, "薬", 691)),
        ("老老発第〇三一二〇〇一号", DocumentNumber("老老発第0312001号", None, "老老発", 312001)),
        ("こ成母第12号", DocumentNumber("こ成母第12号", None, "こ成母", 12)),
        ("薬第5号の2", DocumentNumber("薬第5号の2", None, "薬", 5, "の2")),
        ("総第123-2号", DocumentNumber("総第123-2号", None, "総", 123, "-2")),
        ("( 保 241)", DocumentNumber("(保241)", None, "保", 241)),
        ("Vol.723", DocumentNumber("vol.723", None, "vol", 723)),
    ],
)
def test_a_number_is_read_in_every_form(written: str, number: DocumentNumber) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    "written", ["事務連絡", "昭和35年法律第145号", "平成26年政令第278号", "第5条第1項第3号", "第5号", ""]
)
def test_laws_articles_and_notices_without_number_are_no_document_numbers(written: str) -> None:
    assert parse_number(written) is None


def test_a_serial_whose_digits_were_lost_is_unknown() -> None:
    number = parse_number("薬食安発第 号")
    assert number == DocumentNumber("薬食安発第号", None, "薬食安発", None)


@pytest.mark.parametrize("written", ["6福薬業発第99999999999号", "vol.99999999999"])
def test_a_serial_beyond_all_bounds_is_unknown(written: str) -> None:
    assert parse_number(written).serial is None


@given(st.none() | st.integers(1, 64), SERIES, st.integers(1, 99999))
def test_every_number_is_read_back_from_its_text_and_from_wide_spaced_text(
    year: int | None, series: str, serial: int
) -> None:
    text = f"{year or ''}{series}第{serial}号"
    expected = DocumentNumber(text, year, series, serial)
    assert parse_number(text) == expected
    assert parse_number(" ".join(text.translate(DIGITS))) == expected


KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


def in_units(serial: int) -> str:
    """337 as 三百三十七."""
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, serial = divmod(serial, unit)
        if digit:
            text += ("" if digit == 1 and name else str(digit).translate(KANJI)) + name
    return text


@given(st.none() | st.integers(1, 64), SERIES, st.integers(1, 9999), st.sampled_from(["", " ", "　", "\n"]))
def test_a_number_in_kanji_is_the_same_number(year: int | None, series: str, serial: int, space: str) -> None:
    canonical = parse_number(f"{year or ''}{series}第{serial}号")
    for digits in (str(serial).translate(KANJI), in_units(serial)):
        read = parse_number(space.join(f"{year or ''}{series}第{digits}号"))
        assert (read.text, read.serial, read.year_prefix) == (canonical.text, serial, year)


@given(
    st.one_of(
        st.builds("{}第{}号の{}".format, SERIES, st.integers(1, 9999), st.integers(1, 9)),
        st.builds("{}{:02}{:02}第{}号".format, SERIES, st.integers(1, 12), st.integers(1, 31), st.integers(1, 99)),
        st.builds("{}第{:07}号".format, SERIES, st.integers(1, 9999999)),
        st.builds("({}{})".format, st.sampled_from(["保", "地", "介Ⅰ"]), st.integers(1, 999)),
        st.builds("vol.{}".format, st.integers(1, 9999)),
        st.builds("{}第号".format, SERIES),
    )
)
def test_the_text_of_a_number_is_read_back_as_that_number(written: str) -> None:
    number = parse_number(written)
    assert number.text == written
    assert parse_number(number.text.translate(DIGITS)) == parse_number(number.text) == number


@pytest.mark.parametrize(
    ("prose", "numbers"),
    [
        ("6福薬業発第303号にてお知らせした。", ["6福薬業発第303号"]),
        ("令和6年10月2日付け日薬業発第245号", ["日薬業発第245号"]),
        ("(平成13年3月29日健疾発第22号)", ["健疾発第22号"]),
        ("医政経発0629第1号薬食安発0629第1号厚生労働省", ["医政経発0629第1号", "薬食安発0629第1号"]),
        ("1薬生発0926第5号", ["薬生発0926第5号"]),
        ("標記の法律(平成25年法律第85号)第5条第1項第3号", []),
        ("平成16年墨田区訓令第11号で全部が改正され", []),
    ],
)
def test_numbers_are_found_in_prose_and_laws_are_not(prose: str, numbers: list[str]) -> None:
    assert [number.text for _, _, number in find_numbers(prose)] == numbers


@pytest.mark.parametrize(
    ("written", "day", "year"),
    [
        ("6福薬業発第337号", datetime.date(2024, 10, 30), 2024),
        ("日薬業発第255号", datetime.date(2025, 3, 31), 2024),
        ("15墨総総第892号", datetime.date(2004, 4, 1), 2003),
        ("31福薬業発第5号", datetime.date(2019, 5, 20), 2019),
        ("元福薬業発第5号", datetime.date(2020, 3, 31), 2019),
    ],
)
def test_the_fiscal_year_comes_from_the_prefix_next_to_the_date(written: str, day: datetime.date, year: int) -> None:
    assert fiscal_year_of(parse_number(written), day) == year


def test_without_a_date_the_fiscal_year_is_unknown() -> None:
    assert fiscal_year_of(parse_number("6福薬業発第337号"), None) is None


@pytest.mark.parametrize(
    ("written", "day", "year"),
    [
        ("6福薬業発第351号", datetime.date(2026, 11, 27), 2024),
        ("7福薬業発第351号", datetime.date(2026, 11, 27), 2025),
        ("9福薬業発第351号", datetime.date(2026, 11, 27), 2027),
        ("8福薬業発第351号", datetime.date(2026, 11, 27), None),
        ("8福薬業発第900号", datetime.date(2027, 3, 31), None),
        ("元福薬業発第1号", datetime.date(2019, 6, 1), None),
        ("31福薬業発第1号", datetime.date(2019, 6, 1), None),
        ("日薬業発第255号", datetime.date(2026, 11, 27), None),
        ("6福薬業発第351号", None, None),
        # The number was given in the old 年度, or in the new one before its first day.
        ("15墨総総第892号", datetime.date(2004, 4, 1), None),
        ("6福薬業発第960号", datetime.date(2025, 5, 31), None),
        ("6福薬業発第960号", datetime.date(2025, 6, 1), 2024),
        ("8福薬業発第1号", datetime.date(2026, 3, 1), None),
        ("8福薬業発第1号", datetime.date(2026, 2, 28), 2026),
    ],
)
def test_a_number_of_another_fiscal_year_is_none_of_the_date_but_around_the_first_of_april(
    written: str, day: datetime.date | None, year: int | None
) -> None:
    assert contradicted_year(parse_number(written), day) == year
