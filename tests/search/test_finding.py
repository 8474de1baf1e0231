"""Whatever stands in a text finds it, however it is written, and nothing else does."""

import datetime as dt

import jaconv
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from members.models import Capacity
from notices.folding import PAIRS, fold
from notices.models import Notice
from notices.search import finding, index
from notices.search.finding import find, latest_first
from notices.search.searching import Search, notices_for
from notices.search.words import words_of
from tests.search.test_folding import SIGNS

pytestmark = pytest.mark.django_db

OLD = str.maketrans({pair[1]: pair[0] for pair in PAIRS.split()})
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
# Ways to write a text, given sign by sign.
WRITTEN = {
    "as it stands": "".join,
    "wide": lambda signs: jaconv.h2z("".join(signs), kana=True, ascii=True, digit=True),
    "narrow": lambda signs: jaconv.z2h("".join(signs), kana=True, ascii=True, digit=True),
    "in katakana": lambda signs: jaconv.hira2kata("".join(signs)),
    "in hiragana": lambda signs: jaconv.kata2hira("".join(signs)),
    "in old forms": lambda signs: "".join(signs).translate(OLD),
    "in kanji digits": lambda signs: jaconv.z2h("".join(signs), kana=False, digit=True).translate(KANJI),
    "in capitals": lambda signs: "".join(signs).upper(),
    "spaced": " ".join,
}


BY_STAFF = notices_for(Capacity(role="staff"))
FEW_SIGNS = st.text("訪問看護", min_size=1, max_size=8)


def received(body: str, subject: str = "件名") -> Notice:
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject=subject, body=body)
    index.renew(notice.pk)
    return notice


def found(typed: str) -> set[int]:
    found = find(words_of(typed), BY_STAFF, latest_first)
    notices = set(found.entries.values_list("notice", flat=True))
    assert found.count == len(notices)
    return notices


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SIGNS, min_size=2, max_size=60), st.data(), st.sampled_from(sorted(WRITTEN)))
def test_whatever_stands_in_a_text_finds_it_in_any_writing(signs: list[str], data: st.DataObject, way: str):
    start = data.draw(st.integers(0, len(signs) - 2))
    end = data.draw(st.integers(start + 2, len(signs)))
    part = signs[start:end]
    assume(fold("".join(part)))
    notice = received("".join(signs))
    assert notice.pk in found(WRITTEN[way](part))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text("訪問看護", min_size=1, max_size=8), min_size=1, max_size=5),
    st.text("訪問看護", min_size=1, max_size=6),
)
def test_exactly_the_texts_are_found_in_which_the_word_stands(bodies: list[str], word: str):
    Notice.objects.all().delete()
    notices = {received(body).pk: body for body in bodies}
    assert found(word) == {pk for pk, body in notices.items() if word in body}


def test_all_words_have_to_stand_there_in_any_order_and_place():
    notice = received("訪問看護の届出\n様式は別紙", "残薬の調整")
    assert found("様式 残薬 訪問看護") == {notice.pk}
    assert found("様式 残薬 来訪") == set()
    assert found("「届出 様式」") == {notice.pk}
    assert found("「様式 届出」") == set()


def test_document_numbers_are_found_in_every_writing():
    notice = received("平成二十六年薬発第四百八号、6福薬業発第337号にてお知らせした件")
    other = received("6福薬業発第373号")
    for typed in ("６福薬業発第３３７号", "六福薬業発第三三七号", "337号", "第 ３３７ 号", "福薬業発第337号"):
        assert found(typed) == {notice.pk}, typed
    assert found("薬発第四百八号") == {notice.pk}
    assert found("福薬業発") == {notice.pk, other.pk}


def test_nothing_typed_finds_nothing():
    received("訪問看護")
    for typed in ("", "　 ", "、。「」", "\0"):
        assert found(typed) == set()


def test_where_many_texts_may_hold_a_long_word_their_number_is_about(monkeypatch: pytest.MonkeyPatch):
    for _ in range(4):
        received("訪問看護を行う")
    received("訪問看 問看護")
    exact = Search("訪問看護", BY_STAFF)
    assert (exact.found.count, exact.found.is_exact) == (4, True)
    monkeypatch.setattr(finding, "MOST_PROVED", 3)
    about = Search("訪問看護", BY_STAFF)
    assert (about.found.count, about.found.is_exact) == (5, False), "one only seems to"


def test_what_only_seems_to_hold_a_long_word_is_never_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "MOST_PROVED", 0)
    holding, seeming = received("訪問看護を行う"), received("訪問看。問看護。")
    seeming_too = received("訪問看", "問看護")
    search = Search("訪問看護", BY_STAFF)
    shown = {hit.notice for hit in search.page(1, 50).object_list}
    assert holding.pk in shown and not shown & {seeming_too.pk, seeming.pk}


def test_who_looks_for_a_subject_or_number_gets_it_before_older_and_newer_texts():
    subject = received("本文", "訪問看護について")
    bodies = [received("訪問看護"), received("また訪問看護")]
    best = [hit.notice for hit in Search("訪問看護", BY_STAFF).page(1, 50).object_list]
    assert best == [subject.pk, bodies[1].pk, bodies[0].pk]
    latest = [hit.notice for hit in Search("訪問看護", BY_STAFF, by_date=True).page(1, 50).object_list]
    assert latest == [bodies[1].pk, bodies[0].pk, subject.pk]


def test_a_word_is_found_in_the_other_spelling_of_the_field():
    kana, kanji = received("電子処方せんの取扱い"), received("電子処方箋の取扱い")
    for typed in ("処方せん", "処方箋", "電子処方せん"):
        assert found(typed) == {kana.pk, kanji.pk}


@pytest.mark.parametrize("typed", ["日薬業287", "日薬業第287号", "日薬業 287", "日薬業発287", "日薬業発第287号"])
def test_a_number_is_found_without_the_signs_around_its_digits(typed: str):
    notice = received("標記について、令和6年10月2日付け日薬業発第287号により連絡がありました。")
    received("日薬業発第288号")
    assert found(typed) == {notice.pk}


@pytest.mark.parametrize(
    "typed", ["R8.11.18", "2026/11/18", "令和 8 年 11 月 18 日", "8年11月18日", "11/18", "11.18（水）"]
)
def test_a_date_finds_the_letters_of_that_day_however_it_is_written(typed: str):
    notice = received("件名の日付はこの文書のものです。")
    Notice.objects.filter(pk=notice.pk).update(date=dt.date(2026, 11, 18))
    index.renew(notice.pk)
    received("令和8年11月19日")
    assert found(typed) == {notice.pk}
