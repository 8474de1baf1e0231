"""The parsing copy knows where its characters stood; what people see loses only the spaces of the extraction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.intake.fold import fold, tidy


@pytest.mark.parametrize(
    ("extracted", "tidied"),
    [
        ("6 福薬業発第 3 0 3 号にてお知らせ", "6福薬業発第303号にてお知らせ"),
        ("令 和 6 年 1 0 月 3 0 日", "令和6年10月30日"),
        ("【別添 1】20241125 業 318_残薬連絡アプリ", "【別添1】20241125業318_残薬連絡アプリ"),
        ("一般用医薬品の\n  販売について", "一般用医薬品の販売について"),
        ("1. 下記 URL より開く", "1. 下記URLより開く"),
        ("Word と Excel の File name 一覧", "WordとExcelのFile name一覧"),
        ("https://zanyaku.example/a を開く", "https://zanyaku.example/a を開く"),
        ("内線 3170 3174", "内線3170 3174"),
        ("事務局⻑ ⽇本", "事務局長日本"),
        ("福\ufa1b", "福\ufa1b"),
    ],
)
def test_tidying_removes_the_spaces_of_the_extraction_only(extracted: str, tidied: str) -> None:
    assert tidy(extracted) == tidied


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("令和 ６年（１）", "令和6年(1)"),
        ("事務局⻑　⽇本", "事務局長日本"),
        ("ﾊﾞｰｺｰﾄﾞ", "バーコード"),
        ("㋿6年", "令和6年"),
        ("\ufa1b岡", "福岡"),
        ("葛\U000e0100城", "葛城"),
        ("²①", "²①"),
    ],
)
def test_folding_makes_one_form_of_widths_radicals_and_variants(written: str, folded: str) -> None:
    assert fold(written)[0] == folded


@given(st.text(max_size=60))
def test_every_folded_character_stands_where_its_offset_says(text: str) -> None:
    folded, offsets = fold(text)
    assert len(folded) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert all(not text[offset].isspace() for offset in offsets)


@given(st.text(alphabet="令和6年 　1０abあ。(・", max_size=30))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
