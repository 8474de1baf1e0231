"""The copy of a text that is searched: what people write differently without meaning it is one."""

import unicodedata

import jaconv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notices.folding import OLD_FORMS, PAIRS, Folded, fold

SIGNS = st.sampled_from(
    [
        *"髙高﨑崎藥薬縣県福訪問看護薬局届出一二三〇九十百123１２３abＡｂゐヶかがガハーパん々〆―ｰ・、。「」 　\n\t㍻",
        *("福", "①", "ｶﾞ", "ﾊﾟ", "か\u3099", "葛\U000e0100", "\U00020bb7", "\u200b", "\ue000", "é", "e\u0301", "ß"),
    ]
)
LONE_MARKS = st.sampled_from(["ﾞ", "\u3099"])
TEXTS = st.lists(SIGNS | LONE_MARKS, max_size=40).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("６福薬業発第３３７号", "6福薬業発第337号"),
        ("六福薬業発第三三七号", "6 福薬業発 第 337 号"),
        ("髙﨑・濵田・渡邉", "高崎浜田渡辺"),
        ("福岡縣藥劑師會", "福岡県薬剤師会"),
        ("訪問、看護（令和六年）", "訪問 看護令和6年"),
        ("ｶﾞﾗｽﾊﾞｲｱﾙ", "がらすばいある"),
        ("サーバー", "サーバ"),
        ("㈱しらさぎ", "株しらさぎ"),
        ("VOL.723", "vol723"),
        ("福\ufa1b", "福福"),
    ],
)
def test_what_is_written_differently_is_the_same(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("かき", "がき"), ("十", "10"), ("ニ", "二"), ("訪問", "問訪"), ("薬", "楽")]
)
def test_what_means_something_else_stays_apart(one: str, other: str):
    assert fold(one) != fold(other)


def test_every_old_form_has_one_form_in_use():
    pairs = PAIRS.split()
    assert len(pairs) == len(OLD_FORMS) > 300
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in pairs)
    assert not {pair[1] for pair in pairs} & {pair[0] for pair in pairs}


@given(TEXTS)
@example("か\u3099ﾞ")
def test_folding_again_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@given(TEXTS, TEXTS)
def test_the_copy_of_a_part_is_a_part_of_the_copy(one: str, other: str):
    whole = f"{one}\n{other}"
    assert fold(one) in fold(whole) and fold(other) in fold(whole)


@given(TEXTS)
def test_composed_and_decomposed_are_one(text: str):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(TEXTS)
@example("ゐﾞ")
def test_width_kana_and_case_do_not_count(text: str):
    for written in (jaconv.h2z(text, ascii=True, digit=True), jaconv.hira2kata(text), text.upper()):
        assert fold(written) == fold(text)


@given(TEXTS)
def test_every_place_of_the_copy_leads_back_to_the_sign_it_comes_from(text: str):
    folded = Folded(text)
    assert folded.fold_until() == folded.copy == fold(text)
    for at, character in enumerate(folded.copy):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert character in fold(text[start:end])
    if folded.copy:
        start, end = folded.span(0, len(folded.copy))
        assert fold(text[start:end]) == folded.copy
