"""How the roster's values are written in cells, and what is refused, with which hint."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import codes
from members.roster.loading import values
from members.roster.loading.values import Remarks, Unusable


def remarks_of(read: Any, *cells: Any) -> tuple[Any, list[str]]:
    remarks = Remarks()
    return read(*cells, remarks), remarks.lines


@pytest.mark.parametrize(
    "written",
    ["4041234567", "40-4123456-7", "４０４１２３４５６７", "40 4123 4567", '="4041234567"', 4041234567, 4041234567.0],
)
def test_a_code_is_read_in_every_written_form(written: Any):
    assert values.code(written, "40", Remarks()) == "4041234567"


@pytest.mark.parametrize("written", ["40,1047,8", "40-1047-8", "4010478"])
def test_seven_digits_get_the_prefecture_and_the_tariff(written: str):
    code, lines = remarks_of(lambda cell, remarks: values.code(cell, "40", remarks), written)
    assert code == "4044010478"
    assert ("検証番号" in "".join(lines)) is not codes.check_digit_fits(code)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("404123456", "先頭の 0"),
        ("4.01E+09", "文字列"),
        ("40-41234567-8", "11けた"),
        ("コード", "数字ではない"),
        ("⁴041234567", "数字ではない"),
    ],
)
def test_a_code_that_lost_something_is_refused_with_a_hint(written: str, hint: str):
    with pytest.raises(Unusable, match=hint):
        values.code(written, "40", Remarks())


@given(st.from_regex(r"[0-9]{10}", fullmatch=True), st.sampled_from(["", "-", " ", ",", "‐", "　"]))
def test_a_code_is_the_same_in_every_width_and_with_every_separator(code: str, between: str):
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for text in (code, wide):
        assert values.code(between.join([text[:2], text[2:9], text[9:]]), "40", Remarks()) == code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("092-000-0100", "092-000-0100"),
        ("０９２－０００－０１００", "092-000-0100"),
        ("092ー000ー0100", "092-000-0100"),
        ("(092)000-0100", "(092)000-0100"),
        (920000100, "0920000100"),
        ("92-000-0100", "092-000-0100"),
        (9000000100, "09000000100"),
        ("なし", ""),
        ("－", ""),
        ("", ""),
    ],
)
def test_a_telephone_gets_its_zero_back_only_where_it_is_sure(cell: Any, number: str):
    assert values.telephone(cell, "電話", Remarks()) == number


@pytest.mark.parametrize("cell", ["000-0100", "0920001", "12", "内線 3", 20000100])
def test_a_telephone_that_is_none_is_refused(cell: Any):
    with pytest.raises(Unusable, match="電話"):
        values.telephone(cell, "電話", Remarks())


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_landline_that_excel_took_for_a_number_is_whole_again(number: str):
    assert values.telephone(int(number), "電話", Remarks()) == number
    assert values.telephone(float(number), "電話", Remarks()) == number


def test_addresses_stand_in_one_cell_or_in_several_each_once():
    cells = ["a@mail.example; b@mail.example", "A@mail.example\nc@mail.example", ""]
    assert values.mails(cells, Remarks()) == ("a@mail.example", "b@mail.example", "c@mail.example")


def test_a_full_width_address_is_read_and_told():
    address, lines = remarks_of(lambda cell, remarks: values.mails([cell], remarks), "yakkyoku＠mail.example")
    assert address == ("yakkyoku@mail.example",)
    assert "半角" in lines[0]


def test_an_address_with_odd_dots_is_taken_with_a_warning():
    address, lines = remarks_of(lambda cell, remarks: values.mails([cell], remarks), "a..b@docomo.ne.jp")
    assert address == ("a..b@docomo.ne.jp",)
    assert "届かないことがあります" in lines[0]


@pytest.mark.parametrize("written", ["yakkyoku", "@mail.example", "a@", '"a b"@mail.example', "a@b@.", "a@-"])
def test_an_address_that_is_none_is_refused(written: str):
    with pytest.raises(Unusable, match="メールアドレス"):
        values.mails([written], Remarks())


@pytest.mark.parametrize(
    "name", ["髙﨑薬局", "𠮷田薬局", "葛\U000e0100飾薬局", "ﾔｯｷｮｸ ﾀﾅｶ", "O'Brien <script>", "=HYPERLINK(1)"]
)
def test_a_name_is_kept_to_the_byte(name: str):
    assert values.name(name, Remarks()) == name


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
def test_any_name_that_can_be_seen_is_kept_to_the_byte(name: str):
    try:
        assert values.name(name, Remarks()) == name
    except Unusable:
        assert not values.search_key(name)


def test_a_name_over_two_lines_becomes_one():
    assert values.name("白鷺中央薬局\n駅前店", Remarks()) == "白鷺中央薬局 駅前店"


def test_a_private_character_is_kept_and_warned_of():
    name, lines = remarks_of(values.name, "\ue000田薬局")
    assert name == "\ue000田薬局"
    assert "外字" in lines[0]


@pytest.mark.parametrize("name", ["", "　", "\u200b\u2060"])
def test_a_name_that_cannot_be_seen_is_refused(name: str):
    with pytest.raises(Unusable, match="薬局名がありません"):
        values.name(name, Remarks())


@pytest.mark.parametrize(
    "written",
    [dt.date(2024, 4, 1), dt.datetime(2024, 4, 1, 0, 0), "2024/4/1", "令和6年4月1日", "R6.4.1", "２０２４年４月１日"],
)
def test_a_day_is_read_in_every_written_form(written: Any):
    assert values.day(written, "入会日") == dt.date(2024, 4, 1)


@pytest.mark.parametrize("written", ["令和8年2月29日", "平成40年1月1日", "先週", 45000])
def test_a_day_that_no_calendar_has_is_refused(written: Any):
    with pytest.raises(Unusable, match="入会日"):
        values.day(written, "入会日")


@pytest.mark.parametrize(
    ("written", "channel"), [("メール", "email"), ("ＦＡＸ", "fax"), ("ﾌｧｯｸｽ", "fax"), ("郵送", "post"), ("", "")]
)
def test_how_a_pharmacy_is_reached_is_written_in_words(written: str, channel: str):
    assert values.channel(written) == channel


def test_an_unknown_way_is_refused():
    with pytest.raises(Unusable, match="伝書鳩"):
        values.channel("伝書鳩")
