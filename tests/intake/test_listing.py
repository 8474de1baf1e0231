"""Enclosures that are listed below 以上 are read with label and title, and linked to the letters that they are."""

import datetime

import pytest

from notices.intake import kept, rest
from notices.intake.reader import read_text
from notices.intake.reading import Reading
from tests.intake.letters import written

SUBJECT = "電子処方箋の新しい機能について"
MINISTRY = """事務連絡
令和8年11月12日

公益社団法人　日本薬剤師会　御中

厚生労働省医薬局総務課

電子処方箋の新しい機能について

標記につきまして、関係者への周知をお願いいたします。

以上
"""
NATIONAL = """日薬業発第300号
令和8年11月16日

都道府県薬剤師会会長　殿

日本薬剤師会
会長　岩月　進

電子処方箋の新しい機能について

厚生労働省より連絡がありましたのでお知らせいたします。

以上
"""
GUIDE = """電子処方箋の操作手引き

1. 画面を開いてください
2. 「使う」を選んでください
"""


def packet(below: str, *others: str) -> Reading:
    """The association's letter with that below its 以上, and what lies behind it."""
    top = written(subject=SUBJECT, below=below)
    return read_text("\n\n".join([top, *others]))


def listed(reading: Reading, letter: int = 0) -> list[tuple[str, str | None, int | None]]:
    return [(each.label, each.title, each.letter) for each in reading.letters[letter].attachments]


@pytest.mark.parametrize(
    "heading",
    ["＜別添＞", "【別添】", "〔別添資料〕", "（別添）", "別添", "〈別添〉", "別添：", "■別添資料一覧", "［別添］"],
)
@pytest.mark.parametrize(
    "numbers", [("１．", "２．"), ("１　", "２　"), ("（１）", "（２）"), ("①", "②"), ("1) ", "2) ")]
)
def test_a_numbered_list_below_the_closing_gives_label_title_and_letter(heading: str, numbers: tuple[str, str]) -> None:
    below = f"{heading}\n{numbers[0]}{SUBJECT}（厚生労働省　事務連絡）\n{numbers[1]}電子処方箋の操作手引き"
    reading = packet(below, MINISTRY, GUIDE)
    assert listed(reading) == [
        ("別添1", f"{SUBJECT}（厚生労働省事務連絡）", 1),
        ("別添2", "電子処方箋の操作手引き", None),
    ]
    assert reading.chain == [(1, 0)]
    assert [step.title for step in reading.steps][-1].endswith("「使う」を選んでください")


@pytest.mark.parametrize(
    ("below", "labels"),
    [
        ("（添付資料）\n１　登録の案内（リーフレット）\n２　申込書", ["添付1", "添付2"]),
        ("＜添付書類＞\n・登録の案内\n・申込書", ["添付", "添付"]),
        ("【別紙】\n１．登録の案内\n２．申込書", ["別紙1", "別紙2"]),
        ("別添１　登録の案内\n別添２　申込書", ["別添1", "別添2"]),
        ("（別添１）登録の案内\n（別添２）申込書", ["別添1", "別添2"]),
        ("＜別添＞\n別添１：登録の案内\n別添２：申込書", ["別添1", "別添2"]),
        ("同封物\n１．登録の案内\n２．申込書", ["同封1", "同封2"]),
        ("＜別添資料＞\n\n１．登録の案内\n\n２．申込書", ["別添1", "別添2"]),
    ],
)
def test_whatever_such_a_list_is_called_its_items_are_read(below: str, labels: list[str]) -> None:
    assert [label for label, _, _ in listed(packet(below))] == labels


def test_a_title_that_the_line_breaks_and_an_address_belong_to_their_item() -> None:
    below = (
        "＜別添＞\n１．電子処方箋の新しい機能と医療機関等向け総合ポータルサイトの\n"
        "　　利用開始について（令和8年11月12日付け\n　　厚生労働省事務連絡）\n２．手引きの掲載場所\n　　https://portal.example/guide"
    )
    (first, second) = packet(below).letters[0].attachments
    assert first.title.endswith("利用開始について（令和8年11月12日付け厚生労働省事務連絡）")
    assert (second.title, second.url) == ("手引きの掲載場所", "https://portal.example/guide")


def test_a_number_that_a_title_takes_over_to_the_next_line_begins_no_letter() -> None:
    """Behind it follows the enclosed letter itself, under the same number."""
    title = f"{SUBJECT}（令和8年11月12日付け\n医薬総発1112第1号）"
    ministry = MINISTRY.replace("事務連絡", "医薬総発1112第1号")
    reading = packet(f"＜別添＞\n１．{title}\n２．電子処方箋の操作手引き", ministry, GUIDE)
    assert [(label, letter) for label, _, letter in listed(reading)] == [("別添1", 1), ("別添2", None)]
    assert listed(reading)[0][1] == title.replace("\n", "")


def test_a_number_that_the_list_breaks_is_one_reference() -> None:
    title = f"{SUBJECT}（令和8年11月12日付け医薬総\n発1112第1号、厚生労働省医薬局総務課長通知）"
    letter = packet(f"＜別添＞\n１．{title}\n２．電子処方箋の操作手引き").letters[0]
    assert [(ref.number, ref.date) for ref in letter.references] == [("医薬総発1112第1号", datetime.date(2026, 11, 12))]


def test_the_contact_may_stand_above_the_list_or_below_it() -> None:
    items = "＜別添＞\n１．登録の案内\n２．申込書"
    for below in (f"担当：業務課　電話 092-000-0000\n\n{items}", f"{items}\n\n担当：業務課　電話 092-000-0000"):
        letter = packet(below).letters[0]
        assert len(letter.attachments) == 2
        assert letter.contact == "担当：業務課　電話092-000-0000"


def test_what_is_listed_is_linked_by_whom_it_comes_from_where_letters_have_the_same_subject() -> None:
    below = f"＜別添＞\n１．{SUBJECT}（厚生労働省　事務連絡）\n２．{SUBJECT}（日本薬剤師会）"
    reading = packet(below, NATIONAL, MINISTRY)
    assert [letter for _, _, letter in listed(reading)] == [2, 1]


@pytest.mark.parametrize("number", ["１　", "１．", "（１）", "①"])
def test_an_item_of_the_record_may_be_an_enclosure_with_its_label(number: str) -> None:
    second = number.replace("１", "２").replace("①", "②")
    record = f"{number}別添１　{SUBJECT}（厚生労働省　事務連絡）\n{second}別添２　操作手引き"
    reading = read_text("\n\n".join([written(subject=SUBJECT, record=record), MINISTRY]))
    assert listed(reading) == [("別添1", f"{SUBJECT}（厚生労働省事務連絡）", 1), ("別添2", "操作手引き", None)]


def test_the_same_letter_once_more_is_no_enclosure_of_itself() -> None:
    cited = "別添１のとおりです。手順は別添２のとおりです。"
    top = written(subject=SUBJECT).replace("別添のとおりお知らせいたします。", cited)
    reading = read_text("\n\n".join([top, MINISTRY, GUIDE, top]))
    assert [letter for _, _, letter in listed(reading)] == [1, None]


def test_a_letter_of_another_issuer_under_the_same_number_is_the_enclosure() -> None:
    top = written(subject=SUBJECT, below=f"＜別添＞\n１．{SUBJECT}（日本薬剤師会）")
    top = top.replace("8福薬業発第512号", "総第288号")
    reading = read_text("\n\n".join([top, NATIONAL.replace("日薬業発第300号", "総第288号")]))
    assert (len(reading.letters), listed(reading)[0][2]) == (2, 1)


def test_where_two_letters_fit_alike_the_first_is_taken_and_asked_about() -> None:
    reading = packet(f"＜別添＞\n１．{SUBJECT}\n２．申込書", MINISTRY, MINISTRY.replace("11月12日", "11月13日"))
    assert listed(reading)[0][2] == 1
    (warning,) = [each for each in reading.letters[0].warnings if each.field == "attachments"]
    assert "文書②" in warning.message and "文書③" in warning.message


@pytest.mark.parametrize(
    "behind",
    [
        "別添\n\n電子処方箋の操作手引き\n\n1. 画面を開いてください\n2. 「使う」を選んでください",
        "（別添１）\n電子処方箋の操作手引き\n1. 画面を開いてください\n2. 「使う」を選んでください",
        "（別添）\n１．画面を開いてください\n２．「使う」を選んでください",
        "（別添）\n１．目的\n本書は手順を示すものである。\n２．手順の概要\n次のとおり。",
        "別添　電子処方箋の操作手引き\n1. 画面を開いてください\n2. 「使う」を選んでください",
    ],
)
def test_an_enclosure_that_begins_behind_the_letter_is_no_list(behind: str) -> None:
    reading = packet(behind)
    assert behind.split("\n")[-1] in reading.text[slice(*reading.remainder[0])]
    assert not any(attachment.title for attachment in reading.letters[0].attachments)


def test_the_label_on_top_of_the_next_letter_is_no_list() -> None:
    reading = packet("（別添１）", MINISTRY)
    assert len(reading.letters) == 2 and reading.letters[1].date is not None


def test_labels_stamped_on_pages_are_no_part_of_the_guide_nor_is_the_page_of_a_letter() -> None:
    """別添１ above the ministry's letter is that one's; the guide begins with its title, not with 別添２."""
    top = written(subject=SUBJECT, below=f"＜別添＞\n１．{SUBJECT}（厚生労働省　事務連絡）\n２．電子処方箋の操作手引き")
    reading = read_text("\f".join([top, f"別添１\n\n{MINISTRY}", f"（別添２）\n\n{GUIDE}"]))
    assert reading.text[slice(*reading.remainder[0])].startswith("（別添２）"), "on whose page it stands"
    assert len(reading.remainder) == 1
    first, guide = kept.keep(reading)["letters"][0]["attachments"]
    assert (first["letter"], guide["letter"], guide["text"]) == (1, None, GUIDE.strip())
    assert [step.title for step in reading.steps][-1].endswith("「使う」を選んでください")


def test_a_label_on_a_page_of_its_own_is_what_belongs_to_no_letter() -> None:
    reading = read_text("\f".join([written(subject=SUBJECT), "別添\n", MINISTRY]))
    assert [reading.text[slice(*span)] for span in reading.remainder] == ["別添"]
    assert rest.rest_of(kept.keep(reading), reading.text) == ""


def test_what_the_letter_lists_above_and_below_is_each_there_once() -> None:
    top = written(subject=SUBJECT, record="・【別添1】登録の案内", below="＜別添＞\n１．登録の案内\n２．申込書")
    assert listed(read_text(top)) == [("別添1", "登録の案内", None), ("別添2", "申込書", None)]


def test_a_letter_whose_text_ends_with_a_greeting_goes_on_below_its_record() -> None:
    top = written(
        subject=SUBJECT,
        record="１　締切　令和8年12月10日までにご回答ください。",
        below="＜別添＞\n１．登録の案内\n２．申込書",
    )
    letter = read_text(top.replace("記\n", "敬具\n\n記\n")).letters[0]
    assert letter.deadline == datetime.date(2026, 12, 10)
    assert letter.closing == "以上" and "敬具" not in letter.body
    assert [each.label for each in letter.attachments] == ["別添1", "別添2"]


@pytest.mark.parametrize("issuer", ["福岡県保健医療介護部薬務課長", "公益社団法人福岡県薬剤師会\n会長　田中　太郎"])
def test_who_made_a_guide_is_not_whose_letter_it_is(issuer: str) -> None:
    head = f"8薬第1187号\n令和8年11月17日\n\n会員　各位\n\n{issuer}"
    other = f"{head}\n\n災害時の連絡体制について\n\n標記についてお知らせします。\n\n以上\n"
    reading = packet(
        f"＜別添＞\n別添1　{SUBJECT}（日本薬剤師会）\n別添2　操作方法（福岡県薬剤師会作成版）", NATIONAL, other
    )
    assert [letter for _, _, letter in listed(reading)] == [1, None]
