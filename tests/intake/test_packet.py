"""A whole packet: three letters and a guide, as they come from a prefecture's association."""

import datetime

import pytest

from notices.intake.reader import read_text
from notices.intake.reading import Reading, ReadIssuer
from tests.intake.packets import OWN_PACKET

ADDRESS = "https://zanyaku.example/guide?id=start"
SUBJECT = "在宅患者における残薬連絡アプリの運用開始について"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_text(OWN_PACKET.read_text(encoding="utf-8"))


def test_each_letter_has_its_own_number_and_date(reading: Reading) -> None:
    read = [([number.text for number in letter.numbers], letter.date) for letter in reading.letters]
    assert read == [
        (["6福薬業発第412号"], datetime.date(2024, 12, 11)),
        (["日薬業発第318号"], datetime.date(2024, 11, 25)),
        ([], datetime.date(2024, 11, 22)),
    ]
    assert [letter.kind for letter in reading.letters] == ["通知", "通知", "事務連絡"]


def test_issuers_have_organisation_office_and_name(reading: Reading) -> None:
    assert [letter.issuers for letter in reading.letters] == [
        [ReadIssuer("公益社団法人福岡県薬剤師会", "常務理事", "髙﨑 濵一郎")],
        [ReadIssuer("日本薬剤師会", "副会長", "𠮷本 律子")],
        [ReadIssuer("厚生労働省医薬局総務課")],
    ]


def test_addressees_stand_without_their_honorific(reading: Reading) -> None:
    assert [(letter.addressees, letter.honorific) for letter in reading.letters] == [
        (["各地区薬剤師会会長"], "殿"),
        (["都道府県薬剤師会担当役員"], "殿"),
        (["公益社団法人日本医師会", "公益社団法人日本歯科医師会", "公益社団法人日本薬剤師会"], "御中"),
    ]


def test_subjects_are_tidy(reading: Reading) -> None:
    assert [letter.subject for letter in reading.letters] == [SUBJECT, SUBJECT + "（周知）", SUBJECT + "（周知）"]


def test_the_chain_goes_from_the_ministry_to_the_prefecture(reading: Reading) -> None:
    assert reading.chain == [(2, 1), (1, 0)]


def test_attachments_are_letters_addresses_or_titles(reading: Reading) -> None:
    read = [[(a.label, a.title, a.letter, a.url) for a in letter.attachments] for letter in reading.letters]
    assert read == [
        [
            ("別添1", f"20241125業318_{SUBJECT}（周知）", 1, None),
            ("別添2", "設定の手引き（福岡県薬剤師会作成版）", None, None),
            ("参考", "在宅残薬連絡システム案内ページURL", None, ADDRESS),
        ],
        [("別添", f"{SUBJECT}（周知）（令和6年11月22日付け事務連絡、厚生労働省医薬局総務課）", 2, None)],
        [("参考", "在宅残薬連絡システム案内ページURL", None, ADDRESS)],
    ]
    assert [letter.urls for letter in reading.letters] == [[ADDRESS], [], [ADDRESS]]


def test_earlier_notices_are_cited_and_the_reminded_one_is_followed_up(reading: Reading) -> None:
    read = [[(ref.number, ref.date, ref.follows_up) for ref in letter.references] for letter in reading.letters]
    assert read == [
        [("6福薬業発第389号", None, True)],
        [("日薬業発第301号", datetime.date(2024, 11, 12), False), (None, datetime.date(2024, 11, 22), False)],
        [],
    ]


def test_the_body_is_the_running_text_before_the_list_one_paragraph_a_line(reading: Reading) -> None:
    paragraphs = reading.letters[0].body.split("\n")
    assert len(paragraphs) == 4
    assert paragraphs[1] == (
        "在宅患者における残薬連絡アプリの運用開始については、6福薬業発第389号にてご案内したところですが、初回の設定方法"
        "について日本薬剤師会より追加の資料が示されましたので、改めてお知らせいたします。"
    )
    assert (reading.letters[0].items, reading.letters[0].closing) == ([], "以上")


def test_each_value_knows_where_it_stands_in_the_text(reading: Reading) -> None:
    places = {name: [reading.text[slice(*span)] for span in spans] for name, spans in reading.letters[0].spans.items()}
    assert places["numbers"] == ["6 福薬業発第 4 1 2 号"]
    assert places["date"] == ["令和 6 年 1 2 月 1 1 日"]
    assert places["issuers"] == ["公益社団法人福岡県薬剤師会", "常務理事 髙﨑 濵一郎"]
    assert places["subject"] == [SUBJECT]
    for letter in reading.letters:
        assert reading.text[slice(*letter.span)] == letter.text


def test_the_guide_belongs_to_no_letter_and_is_kept_apart(reading: Reading) -> None:
    (guide,) = reading.remainder
    text = reading.text[slice(*guide)]
    assert text.startswith("在宅残薬連絡システム PC設定手順")
    assert text.endswith("よくある質問")
    assert not any("PC設定手順" in letter.text for letter in reading.letters)


def test_nothing_needs_a_second_look(reading: Reading) -> None:
    assert reading.warnings == []
    assert [letter.warnings for letter in reading.letters] == [[], [], []]


def test_without_its_first_letter_the_chain_is_one_hop(reading: Reading) -> None:
    rest = read_text(reading.text[reading.letters[1].span[0] :])
    assert [letter.subject for letter in rest.letters] == [SUBJECT + "（周知）"] * 2
    assert rest.chain == [(1, 0)]
