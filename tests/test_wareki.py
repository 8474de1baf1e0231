"""和暦 and 年度: dates are read as people write them, and written as letters and tables want them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import wareki

DAYS = st.dates(datetime.date(1868, 1, 25), datetime.date(2099, 12, 31))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和6年10月30日", (2024, 10, 30)),
        ("令 和 6 年 1 0 月 3 0 日", (2024, 10, 30)),
        ("令和６年１０月３０日（水）", (2024, 10, 30)),
        ("平成29年 3月24日", (2017, 3, 24)),
        ("令和元年5月1日", (2019, 5, 1)),
        ("R6.3.19", (2024, 3, 19)),
        ("令元.12.26", (2019, 12, 26)),
        ("昭和五〇年二月八日", (1975, 2, 8)),
        ("昭和三〇年一二月二〇日", (1955, 12, 20)),
        ("昭和三十年七月二日", (1955, 7, 2)),
        ("㋿6年1月1日", (2024, 1, 1)),
        ("2024年10月30日", (2024, 10, 30)),
        ("2024-10-30", (2024, 10, 30)),
        ("2024/10/30", (2024, 10, 30)),
    ],
)
def test_a_date_is_read_in_every_way_people_write_it(written: str, day: tuple[int, int, int]) -> None:
    assert wareki.parse_date(written) == datetime.date(*day)
    assert wareki.explain(written) is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("令和6年11月31日", "11月は30日までです"),
        ("令和8年2月29日", "令和8年2月は28日までです"),
        ("令和6年13月1日", "13月はありません"),
        ("令和6年1月0日", "0日はありません"),
        ("令和0年1月1日", "令和0年はありません"),
        ("平成40年1月1日", "平成は平成31年4月30日までです"),
        ("令和元年4月30日", "令和は令和元年5月1日からです"),
        ("昭和64年1月8日", "昭和は昭和64年1月7日までです"),
        ("平成31日4月12日", "日付として読めません。「令和○年○月○日」のように入力してください"),
        ("13/40", "13月はありません"),
        ("2/30", "2月は29日までです"),
        ("11月31日", "11月は30日までです"),
        ("12/31", "日付として読めません。「令和○年○月○日」のように入力してください"),
        ("1806年12月13日", "明治より前の日付は扱えません"),
        ("令和6年10月", "日付として読めません。「令和○年○月○日」のように入力してください"),
        ("令和²年1月1日", "日付として読めません。「令和○年○月○日」のように入力してください"),
        ("令和①年1月1日", "日付として読めません。「令和○年○月○日」のように入力してください"),
        ("", "日付として読めません。「令和○年○月○日」のように入力してください"),
    ],
)
def test_a_date_that_no_calendar_has_is_no_date_and_says_why(written: str, why: str) -> None:
    assert wareki.parse_date(written) is None
    assert wareki.explain(written) == why


@pytest.mark.parametrize(
    ("written", "latest", "coming"),
    [
        ("12/15", (2025, 12, 15), (2026, 12, 15)),
        ("１２月１５日（火）", (2025, 12, 15), (2026, 12, 15)),
        ("十二月十五日", (2025, 12, 15), (2026, 12, 15)),
        ("11.28", (2026, 11, 28), (2026, 11, 28)),
        ("3-31", (2026, 3, 31), (2027, 3, 31)),
        ("2/29", (2024, 2, 29), (2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_latest_or_the_next(written: str, latest: tuple, coming: tuple) -> None:
    today = datetime.date(2026, 11, 28)
    assert wareki.nearest(written, today) == datetime.date(*latest)
    assert wareki.nearest(written, today, coming=True) == datetime.date(*coming)
    for other in ("2/30", "13/1", "0/5", "12/15/26", "令和8年12月15日", "12", ""):
        assert wareki.nearest(other, today) is None


@given(DAYS)
def test_every_day_is_read_back_from_every_form_it_is_written_in(day: datetime.date) -> None:
    long, short = wareki.long_date(day), wareki.short_date(day)
    for written in (long, long.translate(WIDE), " ".join(long), "　".join(long), short, day.isoformat()):
        assert wareki.parse_date(written) == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_has_a_reason_why_not(text: str) -> None:
    assert (wareki.parse_date(text) is None) == (wareki.explain(text) is not None)


@pytest.mark.parametrize(
    ("day", "long"),
    [
        ((2019, 4, 30), "平成31年4月30日"),
        ((2019, 5, 1), "令和元年5月1日"),
        ((1989, 1, 7), "昭和64年1月7日"),
        ((1989, 1, 8), "平成元年1月8日"),
        ((1926, 12, 24), "大正15年12月24日"),
        ((1912, 7, 29), "明治45年7月29日"),
    ],
)
def test_an_era_begins_on_its_first_day(day: tuple[int, int, int], long: str) -> None:
    assert wareki.long_date(datetime.date(*day)) == long


def test_letters_tables_and_deadlines_each_have_their_form() -> None:
    assert wareki.long_date(datetime.date(2024, 10, 30)) == "令和6年10月30日"
    assert wareki.short_date(datetime.date(2024, 10, 30)) == "R6.10.30"
    assert wareki.desk_date(datetime.date(2024, 10, 30), 2024) == "10/30（水）"
    assert wareki.desk_date(datetime.date(2024, 10, 30), 2025) == "R6.10.30（水）"
    assert wareki.day_with_weekday(datetime.date(2024, 11, 29)) == "11月29日（金）"


@pytest.mark.parametrize(
    ("day", "year", "label"),
    [
        ((2025, 3, 31), 2024, "令和6年度"),
        ((2025, 4, 1), 2025, "令和7年度"),
        ((2019, 4, 1), 2019, "令和元年度"),
        ((2019, 3, 31), 2018, "平成30年度"),
        ((1989, 3, 31), 1988, "昭和63年度"),
    ],
)
def test_a_fiscal_year_runs_from_april_to_march(day: tuple[int, int, int], year: int, label: str) -> None:
    assert wareki.fiscal_year(datetime.date(*day)) == year
    assert wareki.fiscal_year_label(datetime.date(*day)) == label
    assert wareki.fiscal_year_label(year) == label


def test_the_number_of_a_fiscal_year_is_counted_in_its_era() -> None:
    assert wareki.fiscal_year_in_era(datetime.date(2025, 3, 31)) == 6
    assert wareki.fiscal_year_in_era(2024) == 6


def test_a_day_before_meiji_is_written_as_it_is_stored() -> None:
    day = datetime.date(1806, 12, 13)
    assert (wareki.long_date(day), wareki.short_date(day)) == ("1806-12-13", "1806-12-13")
    assert wareki.fiscal_year_label(day) == wareki.fiscal_year_label(1806) == "1806年度"
    assert wareki.fiscal_year_label(datetime.date.min) == "0年度"
    assert wareki.fiscal_year_label(datetime.date(1868, 3, 31)) == "1867年度"


def test_a_deadline_has_its_year_where_it_is_another_one():
    day = datetime.date(2027, 1, 15)
    assert (wareki.deadline(day, 2027), wareki.deadline(day, 2026)) == ("1月15日（金）", "令和9年1月15日（金）")
