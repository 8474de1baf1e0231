"""Excerpts: what stands around a word, as it was written, with the word marked."""

from hypothesis import given
from hypothesis import strategies as st

from notices.search.excerpts import BEFORE, LENGTH, excerpt, marked
from notices.search.words import words_of
from tests.search.test_folding import TEXTS


def shown(text: str, typed: str) -> str:
    return "".join(f"【{part.text}】" if part.is_word else part.text for part in excerpt(text, words_of(typed)))


def test_the_word_is_marked_as_it_was_written():
    assert shown("会長　髙﨑 航", "高崎") == "会長 【髙﨑】 航"
    assert shown("ご連絡は第 三 三 七 号で", "337号") == "ご連絡は第 【三 三 七 号】で"
    assert shown("ｶﾞﾗｽの容器", "ガラス") == "【ｶﾞﾗｽ】の容器"


def test_a_long_text_is_cut_around_the_first_word():
    text = "前" * 500 + "訪問看護" + "後" * 500
    found = shown(text, "訪問看護")
    assert found == "…" + "前" * BEFORE + "【訪問看護】" + "後" * (LENGTH - BEFORE - 4) + "…"


def test_several_words_are_marked_and_overlapping_ones_as_one():
    assert shown("訪問の届出を訪問前に", "届出 訪問") == "【訪問】の【届出】を【訪問】前に"
    assert shown("訪問看護", "訪問看 問看護") == "【訪問看】護"


def test_line_breaks_are_spaces_and_a_word_may_run_over_them():
    assert shown("在宅の訪\n問看護を", "訪問看護") == "在宅の【訪 問看護】を"


def test_it_begins_with_the_line_where_that_is_not_far():
    assert shown("会長　髙﨑 航\n訪問看護の届出", "看護") == "訪問【看護】の届出"


def test_without_a_word_it_is_the_beginning():
    assert shown("平素より格別のご高配を", "届出") == "平素より格別のご高配を"
    assert shown("", "届出") == ""


@given(TEXTS, st.integers(0, 39), st.integers(1, 8))
def test_nothing_is_lost_or_written_otherwise(text: str, start: int, length: int):
    words = words_of(text[start : start + length].replace("\n", " "))
    whole = "".join(part.text for part in marked(text, words))
    assert "".join(whole.split()) == "".join(text.split())
