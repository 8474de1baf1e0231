"""Whatever program wrote the roster: it is read rightly or refused in words, never garbled."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.history import Actor
from members.roster.loading import delimited, loads
from members.roster.loading.loads import sheets_of
from members.roster.loading.sheets import NotReadable
from members.uploads import ole
from tests.cast import Cast
from tests.members.loading.conftest import HEADINGS, csv, excel, plan_of, row

NEW = ("4041234567", "髙﨑薬局")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932", "utf-16"])
def test_a_csv_file_is_read_in_every_encoding(cast: Cast, encoding: str):
    plan = plan_of(csv(HEADINGS, row(*NEW), encoding=encoding))
    assert [change.name for change in plan.changes] == ["髙﨑薬局"]


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_tabs_and_semicolons_separate_as_well(cast: Cast, sign: str):
    content = csv(HEADINGS, row(*NEW)).decode("utf-8-sig").replace(",", sign).encode()
    assert [change.name for change in plan_of(content).changes] == ["髙﨑薬局"]


ONE_WAY = "¢£¬‖−〜"  # signs that CP932 writes, and reads as others


@given(text=st.text(st.characters(codec="cp932", exclude_characters=f"\0{ONE_WAY}"), min_size=1))
def test_whatever_cp932_can_write_is_read_to_the_byte(text: str):
    content = text.encode("cp932")
    read = delimited.decode(content)
    # Some bytes are UTF-8 as well as CP932: those are taken for UTF-8, in which they mean exactly these signs.
    assert read.encode("cp932" if read == text else "utf-8") == content


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_whatever_unicode_can_write_is_read_to_the_byte(text: str):
    for encoding in ("utf-8-sig", "utf-16"):
        assert delimited.decode(text.encode(encoding)) == text


def test_bytes_of_no_known_encoding_are_refused_with_the_line(cast: Cast):
    with pytest.raises(NotReadable, match="2行目"):
        sheets_of(csv(HEADINGS) + b"\xff\xff\xa0\n", "roster.csv")


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes):
    for name in ("roster.csv", "roster.xlsx", "roster.xls"):
        try:
            sheets_of(content, name)
        except NotReadable as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "roster.csv", "空です"),
        (b" \r\n", "roster.csv", "空です"),
        (b"PK\x03\x04 broken", "roster.xlsx", "Excel のファイルとして読めません"),
        (ole.SIGNATURE + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"), "roster.xls", "マクロ"),
        (ole.SIGNATURE + bytes(600), "roster.xlsx", "古い形式"),
        (ole.SIGNATURE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "roster.xlsx", "パスワード"),
        ("メモ,あいう\n1,2\n".encode(), "roster.csv", "見出しの行が見つかりません"),
        ("薬局コード,薬局名\n".encode(), "roster.csv", "薬局の行がありません"),
        (b"a\0b", "roster.csv", "文字ではないデータ"),
        (b"%PDF-1.7\n", "roster.xlsx", "PDF"),
        ("<html><table><tr><td>薬局コード</td></tr></table></html>".encode("cp932"), "roster.xls", "HTML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook></Workbook>', "roster.xls", "HTML・XML"),
        (b"MIME-Version: 1.0\r\n", "roster.xls", "HTML"),
        (excel([HEADINGS])[:-30], "roster.xlsx", "Excel のファイルとして読めません"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(cast: Cast, content: bytes, name: str, words: str):
    with pytest.raises(NotReadable, match=words):
        plan_of(content, name)


def package(**parts: str) -> bytes:
    """An archive of these parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return kept.getvalue()


TYPES = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (package(**{"a.csv": "1,2", "b/c.txt": "x"}), "まとめたもの（ZIP）です。中から"),
        (package(), "まとめたもの（ZIP）です。中から"),
        (package(**{"[Content_Types].xml": TYPES.format("wordprocessingml.document")}), "Word の文書です"),
        (package(**{"[Content_Types].xml": TYPES.format("presentationml.presentation")}), "PowerPoint のファイルです"),
        (package(**{"[Content_Types].xml": TYPES.format("spreadsheetml.sheet")}), "Excel のファイルとして読めません"),
        (excel([HEADINGS])[:2000], "途中で切れて"),
    ],
)
def test_an_archive_that_is_no_workbook_is_called_what_it_is(clerk: Actor, content: bytes, words: str):
    with pytest.raises(NotReadable, match=words):
        loads.receive(content, "roster.xlsx", clerk)


def more_in(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one more part."""
    kept = io.BytesIO(content)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, part)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("xl/bomb.bin", bytes(60_000_000), "大きくなりすぎる"),
        ("xl/vbaProject.bin", b"x", "マクロ"),
        ("xl/laughs.xml", b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>', "際限なく大きくなる"),
    ],
)
def test_a_workbook_that_means_harm_is_refused_in_words(clerk: Actor, name: str, part: bytes, words: str):
    with pytest.raises(NotReadable, match=words):
        loads.receive(more_in(excel([HEADINGS, row(*NEW)]), name, part), "roster.xlsx", clerk)


def test_a_workbook_that_says_itself_how_large_it_is_is_not_even_opened(cast: Cast, settings: Any):
    settings.ROSTER_UNPACKED_MAX_BYTES = 1000
    with pytest.raises(NotReadable, match="大きくなりすぎる"):
        plan_of(excel([HEADINGS, row(*NEW)]), "roster.xlsx")


def test_a_file_over_the_limit_is_refused(settings: Any):
    settings.ROSTER_MAX_BYTES = 1024 * 1024
    with pytest.raises(NotReadable, match="1 MB まで"):
        sheets_of(b"x" * (settings.ROSTER_MAX_BYTES + 1), "roster.csv")


def test_a_workbook_is_read_with_its_title_rows(cast: Cast):
    content = excel([["令和6年度 会員名簿"], [], ["", "公益社団法人福岡県薬剤師会"], HEADINGS, row(*NEW)])
    plan = plan_of(content, "roster.xlsx")
    assert [(change.where, change.name) for change in plan.changes] == [("5行目", "髙﨑薬局")]


def test_numbers_in_a_workbook_are_codes_and_telephones(cast: Cast):
    cells: list[Any] = [4041234567, "白鷺駅前薬局", "", "白鷺", 920001234, 9012345678]
    (change,) = plan_of(excel([HEADINGS, cells]), "roster.xlsx").changes
    assert change.after["code"] == "4041234567"
    assert (change.after["telephone"], change.after["fax"]) == ("0920001234", "09012345678")
    assert any("先頭に 0 を補いました" in line for line in change.remarks)


def test_a_district_merged_over_its_rows_holds_for_each(cast: Cast):
    rows = [HEADINGS, row("4041234567", "一番薬局", ""), row("4041234575", "二番薬局", "")]
    content = excel(rows, lambda book, sheet: sheet.merge_range(1, 3, 2, 3, "白鷺"))
    plan = plan_of(content, "roster.xlsx")
    assert {change.district for change in plan.changes} == {cast.shirasagi.pk}
    assert any("結合されたセル" in note for note in plan.notes)


def test_hidden_rows_are_read_and_pointed_at(cast: Cast):
    content = excel([HEADINGS, row(*NEW)], lambda book, sheet: sheet.set_row(1, None, None, {"hidden": True}))
    plan = plan_of(content, "roster.xlsx")
    assert len(plan.changes) == 1
    assert any("隠れている行" in note and "2行目" in note for note in plan.notes)


def test_a_formula_without_its_value_is_pointed_at(cast: Cast):
    def formula(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, '="092-"&"000-0001"', value="")

    plan = plan_of(excel([HEADINGS, row(*NEW)], formula), "roster.xlsx")
    assert any("数式" in note and "E2" in note for note in plan.notes)


def test_sheets_with_the_same_headings_are_read_together_others_are_named(cast: Cast):
    def more(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("髙尾台")
        other.write_row(0, 0, HEADINGS)
        other.write_row(1, 0, row("4041234575", "台の薬局", "髙尾台"))
        book.add_worksheet("メモ").write(0, 0, "去年の控え")
        hidden = book.add_worksheet("作業用")
        hidden.write_row(0, 0, HEADINGS)
        hidden.write_row(1, 0, row("4041234583", "隠れた薬局"))
        hidden.hide()

    plan = plan_of(excel([HEADINGS, row(*NEW)], more), "roster.xlsx")
    assert [change.where for change in plan.changes] == ["会員名簿 2行目", "髙尾台 2行目"]
    assert any("メモ" in note for note in plan.notes)
