"""What was typed becomes words: parts between spaces, phrases in quotation marks, document numbers as one."""

import pytest

from notices.grams import LONGEST, code, grams_in, grams_of
from notices.search.words import words_of


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("訪問　看護", [("訪問",), ("看護",)]),
        ("「訪問 看護」 届出", [("訪問看護",), ("届出",)]),
        ('"訪問 看護" “届出 様式”', [("訪問看護",), ("届出様式",)]),
        ("「訪問 看護", [("訪問看護",)]),
        ("6 福薬業発 第 337 号", [("6福薬業発第337号",)]),
        ("六福薬業発第三三七号", [("6福薬業発第337号",)]),
        ("薬発第四百八号", [("薬発第408号", "薬発第4百8号")]),
        ("三百三十七号", [("3百3十7号", "337号")]),
        ("337号", [("337号",)]),
        ("福薬業発337", [("福薬業発337", "福薬業発第337号")]),
        ("8福薬業発341号", [("8福薬業発341号", "8福薬業発第341号")]),
        ("８ー３４１", [("8341", "第341号")]),
        ("8-341 届出", [("8341", "第341号"), ("届出",)]),
        ("収受 8-1164", [("81164", "第1164号")]),
        ("日薬業287", [("日薬業287", "日薬業第287号", "日薬業発第287号")]),
        ("日薬業第287号", [("日薬業第287号", "日薬業発第287号")]),
        ("8福薬業341号 届出", [("8福薬業341号", "8福薬業第341号", "8福薬業発第341号"), ("届出",)]),
        ("法律85", [("法律85", "法律第85号")]),
        ("R8.11.18", [("r81118", "令和8年11月18日")]),
        ("2026/11/18 届出", [("20261118", "令和8年11月18日"), ("届出",)]),
        ("令和 8年 11月 18日（水）", [("令和8年11月18日水", "令和8年11月18日")]),
        ("令和1年5月1日", [("令和1年5月1日", "令和元年5月1日")]),
        ("11/18", [("1118", "11月18日")]),
        ("2/29", [("229", "年2月29日")]),
        ("8-11", [("811", "第11号", "8月11日")]),
        ("収受 8-11", [("811", "第11号", "8月11日")]),
        ("092-271-1585", [("0922711585",)]),
        ("電子処方せん", [("電子処方セン", "電子処方箋")]),
        ("覚醒剤原料", [("覚醒剤原料", "覚セイ剤原料")]),
        ("障がい", [("障ガイ", "障害", "障碍")]),
        ("（ ※ ） 、。", []),
        ("a\0b", [("ab",)]),
        ("訪問 訪問", [("訪問",)]),
        ("", []),
    ],
)
def test_what_was_typed_becomes_words(typed: str, forms: list[tuple[str, ...]]):
    assert [word.forms for word in words_of(typed)] == forms


def test_only_the_first_twenty_words_count():
    assert len(words_of(" ".join(f"語{number}" for number in range(30)))) == 20


def test_a_word_is_told_by_grams_that_its_text_has():
    text = "6福薬業発第337号"
    assert set(grams_in("337号")) <= grams_of(text)
    assert grams_in("訪問") == ["訪問"] and grams_in("訪") == ["訪"]
    assert grams_in("訪問看護") == ["訪問看", "問看護"]
    assert max(map(len, grams_of(text))) == LONGEST


def test_grams_are_different_numbers_that_a_database_holds():
    grams = grams_of("訪問看護\U0010ffff\U0010ffff\U0010ffff薬\U00020bb7局1a")
    assert len({code(gram) for gram in grams}) == len(grams)
    assert max(map(code, grams)) < 2**63
