"""Search keys: however a name is written, it finds itself; so does a part of it, and a part of a number."""

import unicodedata

import jaconv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.names import VARIANTS, is_blank, search_key

# What stands in a roster: kana, kanji with their variants, Latin letters, digits, and what stands between them.
KANA = [chr(code) for code in [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), 0x30FC]]
KANJI = "髙高﨑崎濵濱浜邉邊辺齋齊斎斉栁柳德徳𠮷吉嶋島薬局調剤白鷺中央東西南北店"
BETWEEN = " 　-‐−–・ー（）()＆&.．ｰ"
LATIN = [chr(code) for code in [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)]]
ROSTER = st.text(st.sampled_from([*KANA, *KANJI, *BETWEEN, *LATIN]), max_size=40)
NUMBERS = st.tuples(st.from_regex(r"0\d{1,3}", fullmatch=True), st.from_regex(r"\d{2,4}", fullmatch=True))


@given(ROSTER)
def test_a_name_is_found_in_any_width(name: str) -> None:
    key = search_key(name)
    assert search_key(jaconv.h2z(name, kana=True, ascii=True, digit=True)) == key
    assert search_key(jaconv.z2h(name, kana=True, ascii=True, digit=True)) == key


@given(ROSTER)
def test_a_name_is_found_in_hiragana_and_in_katakana(name: str) -> None:
    assert search_key(jaconv.hira2kata(name)) == search_key(jaconv.kata2hira(name)) == search_key(name)


@given(ROSTER)
def test_a_name_is_found_in_capital_and_small_letters_and_with_the_common_form_of_its_characters(name: str) -> None:
    assert search_key(name.upper()) == search_key(name.lower()) == search_key(name)
    assert search_key(name.translate(VARIANTS)) == search_key(name)


@given(st.text())
@example("か ﾞ")
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(ROSTER, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_name_finds_it(name: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert search_key(name[start:end]) in search_key(name)


@given(ROSTER, ROSTER, ROSTER)
def test_a_name_finds_its_organisation_whatever_else_the_key_holds(name: str, kana: str, more: str) -> None:
    assert search_key(name) in search_key(name, kana, more)


@given(NUMBERS, st.from_regex(r"\d{4}", fullmatch=True), st.sampled_from(["-", "", "ー", "－", "‐", " "]))
def test_a_number_is_found_by_each_of_its_parts_with_hyphens_and_without(
    first: tuple[str, str], last: str, between: str
) -> None:
    parts = [*first, last]
    key = search_key("白鷺中央薬局", "-".join(parts))
    for start in range(3):
        for end in range(start + 1, 4):
            assert search_key(between.join(parts[start:end])) in key


@given(st.text())
def test_what_was_typed_in_another_form_of_unicode_finds_the_same(text: str) -> None:
    assert search_key(unicodedata.normalize("NFD", text)) == search_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("高", "髙﨑薬局"),
        ("崎", "髙﨑薬局"),
        ("吉田", "𠮷田薬局"),
        ("ﾔｯｷｮｸ", "シラサギヤッキョク"),
        ("やっきょく", "シラサギヤッキョク"),
        ("ヴィ", "ｳﾞｨｰﾅｽ薬局"),
        ("ABC", "ａｂｃ薬局"),
        ("１２３", "第123薬局"),
        ("000-0004", "092-000-0004"),
        ("0920000004", "092-000-0004"),
    ],
)
def test_what_people_type_finds_what_is_registered(typed: str, registered: str) -> None:
    assert search_key(typed) in search_key(registered)


@pytest.mark.parametrize("text", ["", " ", "　\n", "\u200b\u2060", "\ufeff\u00ad", "ー", " - "])
def test_what_shows_nothing_is_blank(text: str):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["髙", "。", "1", " ー号店", "\u200ba"])
def test_what_can_be_seen_is_not_blank(text: str):
    assert not is_blank(text)
