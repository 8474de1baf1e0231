"""Heads as they arrive: behind a cover, under a stamp, with labels, with a list of addressees at the foot.

Every text here is invented.
"""

import datetime

import pytest

from notices.intake.reader import read_text
from notices.intake.reading import ReadIssuer
from tests.intake.letters import numbers, the_letter

NOTICE = """青薬発第７１２号
令和６年12月９日

各支部長　殿

一般社団法人青海県薬剤師会
会長　海野　太郎

休日当番薬局の届出について（依頼）

　標記について、別紙により届け出るようお願いいたします。
"""


@pytest.mark.parametrize(
    "cover",
    [
        "ＦＡＸ送信票\n送信先：各保険薬局　管理薬剤師　様\n送信枚数：３枚\n件名：当番薬局の件について\n",
        "送付状\n令和６年12月10日\n会員薬局　各位\n下記の書類をお送りします\n",
        "From: 事務局 <office@example.jp>\nTo: 支部長 各位 <branch@example.jp>\nSubject: 届出について\n",
    ],
)
def test_a_cover_in_front_gives_nothing_to_the_letter_that_it_brings(cover: str) -> None:
    letter = read_text(f"{cover}\n{NOTICE}").letters[-1]
    assert (numbers(letter), letter.date) == (["青薬発第712号"], datetime.date(2024, 12, 9))
    assert letter.addressees == ["各支部長"]
    assert letter.subject == "休日当番薬局の届出について（依頼）"


@pytest.mark.parametrize("stamp", ["収受\n令和６年12月11日\n第８８号\n\n", "受付印\n第５０１号\n令和６年12月11日\n"])
def test_the_stamp_of_the_office_that_received_a_letter_is_not_its_date(stamp: str) -> None:
    letter = the_letter(stamp + NOTICE)
    assert (numbers(letter), letter.date) == (["青薬発第712号"], datetime.date(2024, 12, 9))


def test_labels_before_the_values_of_a_heading_are_not_part_of_them() -> None:
    letter = the_letter("""文書番号：青薬発第712号　令和6年12月9日
宛先：各支部　支部長　様
発信者：一般社団法人青海県薬剤師会　会長　海野　太郎
件名：休日当番薬局の届出について（依頼）

標記について、お願いいたします。
""")
    assert letter.addressees == ["各支部支部長"]
    assert letter.issuers == [ReadIssuer("一般社団法人青海県薬剤師会", "会長", "海野 太郎")]
    assert letter.subject == "休日当番薬局の届出について（依頼）"


def test_who_was_present_is_not_whom_a_text_is_for() -> None:
    reading = read_text("""第12回理事会記事

日時：令和６年12月９日（月）
場所：青海県薬剤師会館
出席者：会長　海野　太郎、副会長　山野　花子　各位

報告事項
１．青薬発第712号「休日当番薬局の届出について」
２．その他の件
""")
    assert not [name for letter in reading.letters for name in letter.addressees]


def test_a_date_that_was_left_blank_is_no_addressee() -> None:
    letter = the_letter(NOTICE.replace("令和６年12月９日", "令和　年　月　日"))
    assert (letter.date, letter.addressees) == (None, ["各支部長"])


def test_the_lucky_day_of_a_company_is_no_day_and_its_president_an_issuer() -> None:
    letter = the_letter("""2024年11月吉日

お取引先　各位

海山製薬株式会社
代表取締役社長　海野　護

製品の出荷調整に関するお詫びとお願い

謹啓　時下ますますご清祥のこととお慶び申し上げます。
""")
    assert letter.date is None
    assert [warning.field for warning in letter.warnings if warning.raw] == ["date"]
    assert letter.issuers == [ReadIssuer("海山製薬株式会社", "代表取締役社長", "海野 護")]
    assert letter.subject == "製品の出荷調整に関するお詫びとお願い"


# Numbers -------------------------------------------------------------------------------------------------------------


def test_a_number_outside_the_count_is_kept_as_printed_and_no_doubt() -> None:
    letter = the_letter(NOTICE.replace("青薬発第７１２号", "青 薬 号 外"))
    assert numbers(letter) == ["青薬号外"]
    assert not [warning for warning in letter.warnings if warning.field == "numbers"]


def test_a_number_printed_without_its_counter_is_kept_as_printed() -> None:
    assert numbers(the_letter(NOTICE.replace("青薬発第７１２号", "青機安発 1209001 号"))) == ["青機安発1209001号"]


@pytest.mark.parametrize(
    ("beginning", "number"), [("1 青薬発第 712 号", "青薬発第712号"), ("1 6 青薬発第 712 号", "6青薬発第712号")]
)
def test_the_number_of_the_first_page_is_no_year_of_the_documents(beginning: str, number: str) -> None:
    letter = the_letter(
        f"{beginning}令和 6 年 12 月 9 日 各支部長殿 青海県薬剤師会会長海野太郎 休日当番薬局の届出について "
        "標記について 別紙により届け出るようお願いいたします"
    )
    assert numbers(letter) == [number]


def test_a_run_may_begin_with_its_subject_and_have_no_addressee() -> None:
    letter = the_letter(
        "「薬局の構造に関する基準」の一部改正に係る意見の募集について 令 和 6 年 1 2 月 9 日 "
        "厚 生 労 働 省 医 薬 局 総 務 課 薬局の構造に関する基準については、下記により御意見を募集します。 記 1 期間"
    )
    assert (letter.subject, letter.date, letter.addressees) == (
        "「薬局の構造に関する基準」の一部改正に係る意見の募集について",
        datetime.date(2024, 12, 9),
        [],
    )
    assert letter.issuers == [ReadIssuer("厚生労働省医薬局総務課")]


# Whom and who --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "addressees"),
    [
        ("各地域薬剤師会\n会長様\n担当役員様", ["各地域薬剤師会会長", "各地域薬剤師会担当役員"]),
        ("会員薬局　開設者　様\n　　　　　管理薬剤師　様", ["会員薬局開設者", "会員薬局管理薬剤師"]),
        ("地区薬剤師会会長　殿\n　同　保険担当者　殿", ["地区薬剤師会会長", "地区薬剤師会保険担当者"]),
        ("地域薬剤師会会長　各位", ["地域薬剤師会会長各位"]),
        ("西地区薬剤師会　会員　各位", ["西地区薬剤師会会員各位"]),
        ("各　支部・部会\n支部長　殿", ["各支部・部会支部長"]),
        ("保険薬局開設者\n　　　　各位\n管理薬剤師", ["保険薬局開設者", "管理薬剤師"]),
        ("各　　位", ["各位"]),
        ("各関係団体の長　殿（別記）", ["各関係団体の長"]),
    ],
)
def test_posts_of_one_body_are_named_with_it(block: str, addressees: list[str]) -> None:
    assert the_letter(NOTICE.replace("各支部長　殿", block)).addressees == addressees


LISTED = """
（別記）
１　青海県医師会会長
２　青海県歯科医師会会長
３　青海県病院薬剤師会会長
"""


def test_addressees_that_are_listed_at_the_foot_are_read_there() -> None:
    letter = the_letter(NOTICE.replace("各支部長　殿", "（別記）　殿") + LISTED)
    assert letter.addressees == ["青海県医師会会長", "青海県歯科医師会会長", "青海県病院薬剤師会会長"]
    assert [attachment.label for attachment in letter.attachments] == ["別紙"]


def test_a_list_of_addressees_is_no_attachment() -> None:
    letter = the_letter(NOTICE.replace("各支部長　殿", "各団体の長　殿（別記）") + LISTED)
    assert letter.addressees == ["各団体の長"]
    assert [attachment.label for attachment in letter.attachments] == ["別紙"]


def test_a_list_that_nobody_points_to_stays_an_attachment() -> None:
    assert "別記" in [attachment.label for attachment in the_letter(NOTICE + LISTED).attachments]


def test_heads_of_bureaus_that_middle_dots_divide_are_issuers_each() -> None:
    letter = the_letter("""○薬局の記録の取扱いについて
(令和六年一二月九日)
(/医薬発一二〇九第一号/保発一二〇九第一号/)
(各都道府県知事・各特別区長あて厚生労働省医薬局長・厚生労働省保険局長通知)
標記については、左記のとおり取り扱うので周知されたい。
""")
    assert letter.issuers == [ReadIssuer("厚生労働省", "医薬局長"), ReadIssuer("厚生労働省", "保険局長")]
    assert letter.addressees == ["各都道府県知事", "各特別区長"]


def test_a_bureau_beside_another_is_not_within_it() -> None:
    offices = "大臣官房環境・安全審議官\n（公印省略）\n医薬局長\n（公印省略）"
    letter = the_letter(NOTICE.replace("一般社団法人青海県薬剤師会\n会長　海野　太郎", offices))
    assert letter.issuers == [ReadIssuer("大臣官房環境・安全", "審議官"), ReadIssuer("", "医薬局長")]


def test_a_joint_letter_in_one_line_has_an_issuer_behind_each_seal() -> None:
    letter = the_letter(
        "1 医政発 1209 第 3 号保発 1209 第 1 号令和 6 年 12 月 9 日 各都道府県知事殿 厚生労働省医政局長 ( 公印省略 ) "
        "厚生労働省保険局長 ( 公印省略 ) 休日の処方箋の取扱いについて 標記について 別紙のとおり定めたので 周知されたい"
    )
    assert letter.issuers == [ReadIssuer("厚生労働省", "医政局長"), ReadIssuer("厚生労働省", "保険局長")]
    assert letter.subject == "休日の処方箋の取扱いについて"


def test_the_first_line_of_a_subject_is_no_issuer_though_it_ends_like_one() -> None:
    subject = "令和６年度秋季学術大会\n一般演題の募集について（依頼）"
    letter = the_letter(
        NOTICE.replace("休日当番薬局の届出について（依頼）", subject).replace("海野　太郎", "小　林　　　浩")
    )
    assert letter.subject == "令和６年度秋季学術大会一般演題の募集について（依頼）"
    assert letter.issuers == [ReadIssuer("一般社団法人青海県薬剤師会", "会長", "小林 浩")]


# Below the heading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "due",
    [
        "提出期限：令和７年１月15日（水）",
        "申込締切　令和７年１月15日（水曜日）",
        "調査票は令和７年１月15日（水）必着でお送りください。",
        "令和７年１月15日（水曜日）までに提出してください。",
        "令和７年１月15日（水）までに在庫と照合すること",
        "各施設の設定を令和７年１月15日（水）までに変更していただく必要があります。",
    ],
)
def test_the_last_day_is_read_from_a_heading_or_from_what_follows(due: str) -> None:
    assert the_letter(f"{NOTICE}\n記\n１　{due}\n").deadline == datetime.date(2025, 1, 15)


@pytest.mark.parametrize(
    "other",
    [
        "令和７年１月15日（水）までに交付された処方箋は従前のとおり取り扱います。",
        "令和７年１月15日（水）までに実施した調査では、更新が必要な例がありました。",
    ],
)
def test_a_day_until_which_something_merely_was_is_no_deadline(other: str) -> None:
    assert the_letter(f"{NOTICE}\n記\n１　{other}\n").deadline is None


def test_what_stands_under_a_record_below_the_farewell_is_the_letters() -> None:
    letter = the_letter(f"{NOTICE}敬具\n\n記\n１　提出期限：令和７年１月15日（水）\n以上\n")
    assert letter.deadline == datetime.date(2025, 1, 15)
    assert letter.closing == "以上"


def test_a_range_of_enclosures_is_all_of_them() -> None:
    letter = the_letter(NOTICE.replace("別紙により", "別紙１から別紙４のとおり"))
    assert [attachment.label for attachment in letter.attachments] == ["別紙1", "別紙2", "別紙3", "別紙4"]


def test_the_plain_word_for_counted_enclosures_is_none_of_its_own() -> None:
    letter = the_letter(NOTICE.replace("別紙により", "別添のとおり様式（別添１）及び記入例（別添２）を定めたので"))
    assert [attachment.label for attachment in letter.attachments] == ["別添1", "別添2"]
