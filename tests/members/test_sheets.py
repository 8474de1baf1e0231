"""Files that a spreadsheet opens rightly and harmlessly: read back as an office's programs read them."""

import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from members import sheets
from members.sheets import Cell, Kind, Sheet
from members.views.download import attachment

FORMULAS = ["=1+1", "+81", "-5", "@SUM(A1)", "＝HYPERLINK()", "＋１", "\t=1", "\r=1", '=HYPERLINK("https://x.example")']
NAMES = ["髙﨑薬局", "𠮷田", "神\ufa19", "葛\U000e0100城", '"引用", 改行\nあり', "<script>alert(1)</script>", "O'Brien"]


def written(kind: Kind, *rows: list[Cell], heading: tuple[str, ...] = ("薬局",)) -> bytes:
    file = io.BytesIO()
    sheets.write(Sheet("一覧", "list", heading, rows), kind, file)
    return file.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_csv_has_a_byte_order_mark_and_ends_its_lines_as_the_standard_says():
    assert written(Kind.CSV, ["髙"], heading=("a",)) == b"\xef\xbb\xbfa\r\n" + "髙".encode() + b"\r\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_character_is_kept_in_both_kinds(name: str):
    assert read_csv(written(Kind.CSV, [name])) == [["薬局"], [name]]
    assert read_xlsx(written(Kind.XLSX, [name])) == [["薬局"], [name]]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_no_formula_in_a_csv(text: str):
    assert read_csv(written(Kind.CSV, [text]))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", [*FORMULAS, "https://x.example/", "mailto:x@y.example", "internal:一覧!A1"])
def test_a_text_is_a_text_in_excel_neither_formula_nor_link(text: str):
    content = written(Kind.XLSX, [text])
    page = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page and "hyperlink" not in page
    assert read_xlsx(content)[1] == [text]


@pytest.mark.parametrize("value", [-5, 0, 12.5])
def test_numbers_stay_numbers(value: float):
    assert read_csv(written(Kind.CSV, [value]))[1] == [str(value)]
    assert read_xlsx(written(Kind.XLSX, [value]))[1] == [value]


@pytest.mark.parametrize("code", ["0140012345", "4012345678", "092-000-0001", "0920000001", "薬局=A"])
def test_codes_and_telephone_numbers_are_texts_with_their_leading_zeros(code: str):
    assert read_csv(written(Kind.CSV, [code]))[1] == [code]
    assert read_xlsx(written(Kind.XLSX, [code]))[1] == [code]


def test_days_are_days_and_times_are_those_of_tokyo():
    day, moment = dt.date(2024, 10, 30), dt.datetime(2024, 10, 30, 15, 5, tzinfo=dt.UTC)
    assert read_csv(written(Kind.CSV, [day, moment], heading=("日", "時")))[1] == ["2024-10-30", "2024-10-31 00:05"]
    assert read_xlsx(written(Kind.XLSX, [day, moment], heading=("日", "時")))[1] == [
        day,
        dt.datetime(2024, 10, 31, 0, 5),
    ]


def test_nothing_is_an_empty_cell():
    row = [None, "", "x"]
    assert read_csv(written(Kind.CSV, row, heading=("a", "b", "c")))[1] == ["", "", "x"]
    assert read_xlsx(written(Kind.XLSX, row, heading=("a", "b", "c")))[1] == ["", "", "x"]


@pytest.mark.parametrize("kind", Kind)
def test_a_list_without_rows_still_has_its_heading(kind: Kind):
    read = read_csv if kind == Kind.CSV else read_xlsx
    assert read(written(kind, heading=("薬局コード", "薬局名"))) == [["薬局コード", "薬局名"]]


@pytest.mark.parametrize("kind", Kind)
def test_sixty_two_thousand_rows_take_hardly_more_memory_than_a_few(kind: Kind, tmp_path: Path):
    def rows() -> Iterator[list[Cell]]:
        for number in range(62_000):
            yield [f"{number:010}", f"髙﨑薬局 {number}", "〒810-0001 福岡市中央区天神" * 6]

    tracemalloc.start()
    with (tmp_path / "list").open("wb") as file:
        sheets.write(Sheet("一覧", "list", ["薬局コード", "薬局名", "住所"], rows()), kind, file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000, "bytes; the texts alone are 29 MB"
    content = (tmp_path / "list").read_bytes()
    last = read_csv(content)[-1] if kind == Kind.CSV else read_xlsx(content)[-1]
    assert last[:2] == ["0000061999", "髙﨑薬局 61999"]


def test_a_file_has_its_japanese_name_and_a_plain_one_for_old_programs():
    header = attachment("名簿_2024-10-30.csv", "roster_2024-10-30.csv")
    assert header == (
        "attachment; filename=\"roster_2024-10-30.csv\"; filename*=UTF-8''%E5%90%8D%E7%B0%BF_2024-10-30.csv"
    )
