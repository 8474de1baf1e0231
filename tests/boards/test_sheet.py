"""CSV that a spreadsheet opens rightly and harmlessly."""

import csv
import io

import pytest

from notices.boards import sheet


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_has_a_byte_order_mark_and_keeps_every_character():
    content = sheet.csv_bytes(["薬局"], [["髙﨑薬局"], ["𠮷田"], ['"引用", 改行\nあり']])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [["薬局"], ["髙﨑薬局"], ["𠮷田"], ['"引用", 改行\nあり']]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "＝HYPERLINK()", "＋１", "\t=1", "\r=1"])
def test_a_text_that_begins_like_a_formula_is_no_formula(text: str):
    assert sheet.cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 0, 12.5, "092-000-0001", "薬局=A"])
def test_numbers_and_other_texts_stay_as_they_are(value: object):
    assert sheet.cell(value) == value


def test_nothing_is_an_empty_cell():
    assert read(sheet.csv_bytes(["a", "b"], [[None, ""]]))[1] == ["", ""]
