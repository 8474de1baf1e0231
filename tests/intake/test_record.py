"""What stands below 記 and whom to ask: in one piece where the page merely broke it, with its numbers and spaces."""

import pytest

from notices.intake.arriving import Incoming, arrived, text_of
from notices.intake.reader import read_text
from notices.letters.flowed import flowed
from tests import typeset
from tests.intake.letters import the_letter, written

RECORD = """１　追加する機能
　　重複投薬等の結果を、調剤の画面に表示し、服薬指導の際に確かめられるようにする機能を追
　　加します。

２　開始日　令和8年12月15日

３　問い合わせ先
　　電子処方箋サポートデスク　電話 0120-123-
　　456
　　3階の事務所でも受け付けます

４　その他
　　特になし"""
ITEMS = [
    "１　追加する機能",
    "重複投薬等の結果を、調剤の画面に表示し、服薬指導の際に確かめられるようにする機能を追加します。",
    "２　開始日　令和8年12月15日",
    "３　問い合わせ先",
    "電子処方箋サポートデスク　電話0120-123-456",
    "3階の事務所でも受け付けます",
    "４　その他",
    "特になし",
]


def test_items_are_in_one_piece_and_keep_the_space_behind_their_number() -> None:
    assert the_letter(written(subject="新機能について", record=RECORD)).items == ITEMS


def test_an_item_that_says_whom_to_ask_stays_among_the_items_with_its_number() -> None:
    below = "担当：業務課　電話 092-111-2222"
    letter = the_letter(written(subject="新機能について", record=RECORD, below=below))
    assert (letter.items, letter.contact) == (ITEMS, "担当：業務課　電話092-111-2222")


@pytest.mark.parametrize(
    "heading", ["（３）本件に関する問合せ先", "③照会先：", "３．担当者", "・お問い合わせ窓口", "３ 連絡先"]
)
def test_however_the_item_is_called(heading: str) -> None:
    record = f"１　機能\n　　追加します\n{heading}\n　　電話 092-111-2222\n"
    letter = the_letter(written(subject="新機能について", record=record, below="担当：業務課"))
    assert (len(letter.items), letter.items[-1], letter.contact) == (4, "電話092-111-2222", "担当：業務課")


def test_of_a_pdf_the_number_of_an_item_stands_apart() -> None:
    whole = written(subject="新機能について", record="１　追加する機能\n２　開始日")
    text = text_of(arrived([Incoming("letter.pdf", typeset.text_boxes(whole))]))
    assert read_text(text).letters[0].items == ["１　追加する機能", "２　開始日"]


def test_the_text_of_a_pdf_is_shown_without_the_breaks_of_its_lines() -> None:
    shown = flowed("画面の右上の設 \n定を開き、open \nsettings を押す\n電話 092-111- \n2222\n次の段落")
    assert shown == "画面の右上の設定を開き、open settings を押す\n電話 092-111-2222\n次の段落"


@pytest.mark.parametrize("sign", ["手順２　", "2. ", "（２）", "②", "・", "Ｑ２　", "【注意】"])
def test_an_item_below_a_full_stop_is_shown_on_a_line_of_its_own(sign: str) -> None:
    """However wide the line above it is: the edge of the page has not broken that."""
    above, below = "手順１　薬局のパソコンを起動する。", f"{sign}画面を開く"
    assert flowed(f"{above} \n{below}") == f"{above}\n{below}"
    assert flowed("画面を開く。 \n次に、2台の端末を").count("\n") == 0


@pytest.mark.parametrize("sign", ["2. ", "2.", "２．", "（２）", "(2) ", "②", "　② "])
@pytest.mark.parametrize("above", ["利用するを選択してください", "登録する。", "電話での確認"])
def test_the_next_number_begins_a_line_whatever_stands_above(sign: str, above: str) -> None:
    """Where that line happened to reach the edge of the page, its text does not go on behind it."""
    assert flowed(f"1. {above} \n{sign}「更新しました」となります") == f"1. {above}\n{sign}「更新しました」となります"


@pytest.mark.parametrize("rest", ["②のとおり", "（２）を、併せて", "2.5倍となり", "②、③を", "2025年から", "２）を"])
def test_a_number_with_which_the_sentence_goes_on_begins_no_line(rest: str) -> None:
    assert flowed(f"上記の①及び \n{rest}") == f"上記の①及び{rest}"


TABLE = ["項目　内容　保存期間", "販売記録 販売日・品名・数量　２年", "確認事項 年齢・他店購入の有無 ２年"]


def test_the_cells_of_a_table_stay_apart_though_some_of_them_stand_close() -> None:
    letter = the_letter(written(subject="新機能について", record="\n".join(["１　保存の期間", *TABLE])))
    assert letter.items == ["１　保存の期間", *(row.replace(" ", "　") for row in TABLE)]


def test_the_spaces_that_a_pdf_leaves_in_a_sentence_make_no_table() -> None:
    record = "１　日時　令和 8 年 12 月 15 日 火曜\n２　会場　福岡県 薬剤師会館 大ホール\n本会 会員のみなさま"
    letter = the_letter(written(subject="新機能について", record=record))
    assert letter.items == ["１　日時　令和8年12月15日火曜", "２　会場　福岡県薬剤師会館大ホール", "本会会員のみなさま"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("上記の①", "②及び③を確認"),
        ("①及び", "②又は③のとおり"),
        ("上記の", "①から③までを実施"),
        ("別添の", "（１）及び（２）を参照"),
        ("手順の", "③参照"),
        ("前記の", "(1)より"),
        ("電話", "(03) 3353-1170"),
    ],
)
def test_a_number_within_a_sentence_begins_no_line(above: str, below: str) -> None:
    assert flowed(f"{above} \n{below}") == f"{above}{below}"
