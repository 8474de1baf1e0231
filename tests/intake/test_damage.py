"""The damage that text extraction does to notices; every text here is invented."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.intake.reader import read_text
from notices.intake.reading import ReadIssuer
from tests.intake.letters import numbers, the_letter


def test_characters_set_one_a_line_are_put_together() -> None:
    letter = the_letter("""医政発0926第1号
平成26年9月26日
都道府県衛生主管部(局)
特
別
区
殿
厚生労働省医政局長
(
公
印
省
略
)
訪問診療の記録の取扱いについて
標記について、周知をお願いする。
""")
    assert letter.addressees == ["都道府県衛生主管部(局)", "特別区"]
    assert letter.issuers == [ReadIssuer("厚生労働省", "医政局長")]


def test_a_number_and_a_date_in_pieces_on_several_lines_are_put_together() -> None:
    letter = the_letter("""健 感 発

1 2 1 5

第 1 号

平 成

29

年 12 月

15 日

保 健 所 設 置 市 衛 生 主 管 部 ( 局 ) 長

殿

厚 生 労 働 省 健 康 局 結 核 感 染 症 課 長

訪 問 診 療 の 記 録 の 取 扱 い に つ い て

標 記 に つ い て 、周 知 を お 願 い す る 。
""")
    assert numbers(letter) == ["健感発1215第1号"]
    assert letter.date == datetime.date(2017, 12, 15)
    assert letter.addressees == ["保健所設置市衛生主管部(局)長"]
    assert letter.subject == "訪問診療の記録の取扱いについて"


def test_pieces_of_a_date_that_has_lost_its_words_name_nobody() -> None:
    letter = the_letter("""健感発第15号
平 成
2 9
1 2
1 5
保健所設置市長
殿
厚生労働省健康局結核感染症課長

訪問診療の記録の取扱いについて

標記について、周知をお願いする。
""")
    assert letter.date is None
    assert letter.addressees == ["保健所設置市長"]


@pytest.mark.parametrize(
    ("number", "date", "fields"),
    [
        ("薬食安発第    号", "平成31日4月12日", {"numbers", "date"}),
        ("薬食安発第12号", "令和6年2月30日", {"date"}),
        ("薬食安発第12号", "令和6年10月 日", {"date"}),
    ],
)
def test_lost_digits_and_impossible_dates_are_left_empty_and_pointed_out(
    number: str, date: str, fields: set[str]
) -> None:
    letter = the_letter(
        f"{number}\n{date}\n\n日本製剤連合会 御中\n厚生労働省安全対策課長\n\n表示の改訂について\n\n別紙のとおり。\n"
    )
    assert letter.date is None
    assert {warning.field for warning in letter.warnings} == fields
    assert {warning.raw for warning in letter.warnings} <= {number, date}


def test_a_number_whose_year_is_not_that_of_the_date_is_kept_and_pointed_out() -> None:
    """Either may be misread or mistyped: the 6 was 令和6年度, and the letter says 令和8年度."""
    head = "６福薬業発第３５１号\n令和８年１１月２７日\n\n各薬局　御中\n\n青海県薬務課"
    text = f"{head}\n\n登録について\n\n標記についてお知らせします。\n"
    letter = the_letter(text)
    assert [number.text for number in letter.numbers] == ["6福薬業発第351号"]
    (warning,) = letter.warnings
    assert (warning.field, warning.raw) == ("numbers", "６福薬業発第３５１号")
    assert "令和6年度" in warning.message and "令和8年度" in warning.message
    assert the_letter(text.replace("６福", "８福")).warnings == []


def test_an_address_broken_over_two_lines_is_one_address() -> None:
    letter = the_letter("""薬第5号
令和6年4月1日
各薬局 御中
青海県薬務課
登録について

標記について、周知をお願いします。

【参考：登録ページ】
https://touroku.example/index.php?page=
start&lang=ja

詳しくは（https://touroku.example/help）。
""")
    assert letter.urls == ["https://touroku.example/index.php?page=start&lang=ja", "https://touroku.example/help"]
    assert letter.attachments[0].url == "https://touroku.example/index.php?page=start&lang=ja"


MARKS = ["6福薬業発第412号", "事務連絡", "令和6年12月11日", "各地区薬剤師会会長 殿", "(公印省略)", "記", "以上"]
PEOPLE = ["厚生労働省医薬局総務課", "会長 濵 口", "担当", "特", ""]
PROSE = ["利用開始について", "標記について、お願いします。", "（別添）", "別添1 資料", "・", "（"]
LINES = [*MARKS, *PEOPLE, *PROSE]


@given(st.lists(st.sampled_from(LINES), max_size=14), st.sampled_from(["\n", " ", ""]))
def test_whatever_the_order_of_its_lines_a_text_is_read_and_every_place_lies_in_it(
    lines: list[str], between: str
) -> None:
    text = between.join(lines)
    reading = read_text(text)
    for letter in reading.letters:
        start, stop = letter.span
        assert text[start:stop] == letter.text
        for spans in letter.spans.values():
            assert all(start <= first < last <= stop for first, last in spans)
