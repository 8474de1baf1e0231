"""Kinds of notices; every text here is invented."""

import datetime

import pytest

from notices.intake.reader import read_text
from notices.intake.reading import ReadIssuer
from tests.intake.letters import numbers, the_letter


def test_a_joint_letter_is_one_letter_with_two_numbers_and_two_issuers() -> None:
    letter = the_letter("""
                      医政発０３０２第５号
                      薬生発０３０２第１号
                      令和４年３月２日
  各都道府県知事　殿
                      厚生労働省医政局長
                      （公 印 省 略）
                      厚生労働省医薬・生活衛生局長
                      （公 印 省 略）

   在宅医療における医薬品、医療機器等の持参に関する指針の一部を
  改正する件について（通知）

 標記について、別紙１及び別紙２のとおり定めたので、管内の薬局に周知願いたい。
""")
    assert numbers(letter) == ["医政発0302第5号", "薬生発0302第1号"]
    assert letter.issuers == [ReadIssuer("厚生労働省", "医政局長"), ReadIssuer("厚生労働省", "医薬・生活衛生局長")]
    assert letter.subject == ("在宅医療における医薬品、医療機器等の持参に関する指針の一部を改正する件について（通知）")
    assert [attachment.label for attachment in letter.attachments] == ["別紙1", "別紙2"]


def test_a_heading_in_one_line_is_taken_apart() -> None:
    letter = the_letter(
        "薬 生 薬 審 発 0401 第 1 号 令 和 2 年 4 月 1 日 "
        "都 道 府 県 衛生主管部(局)長 殿 保健所設置市 特 別 区 "
        "厚生労働省医薬・生活衛生局医薬品審査管理課長 ( 公 印 省 略 ) "
        "持参薬の記録様式の一部改正について 標記については、"
        "「持参薬の記録について」(令和元年12月25日付け薬生薬審発1225第2号)により示したところである。"
    )
    assert numbers(letter) == ["薬生薬審発0401第1号"]
    assert letter.date == datetime.date(2020, 4, 1)
    assert letter.addressees == [
        "都道府県衛生主管部(局)長",
        "保健所設置市衛生主管部(局)長",
        "特別区衛生主管部(局)長",
    ]
    assert letter.issuers == [ReadIssuer("厚生労働省医薬・生活衛生局", "医薬品審査管理課長")]
    assert letter.subject == "持参薬の記録様式の一部改正について"
    assert [(ref.number, ref.date) for ref in letter.references] == [
        ("薬生薬審発1225第2号", datetime.date(2019, 12, 25))
    ]


def test_two_letters_in_one_line_are_two_letters() -> None:
    letters = read_text(
        "老発0331第3号 令和4年3月31日 各都道府県知事 殿 厚生労働省老健局長 ( 公 印 省 略 ) 訪問薬剤管理の記録について "
        "標記については、下記のとおり取り扱う。 記 1 趣旨 略 以上 事 務 連 絡 令和4年4月5日 "
        "各都道府県介護保険主管部(局) 御中 厚生労働省老健局総務課 訪問薬剤管理の記録に関する補足について "
        "御協力に感謝する。"
    ).letters
    assert [(numbers(letter), letter.subject) for letter in letters] == [
        (["老発0331第3号"], "訪問薬剤管理の記録について"),
        ([], "訪問薬剤管理の記録に関する補足について"),
    ]


def test_the_dates_and_numbers_of_amendments_are_not_the_letters_own() -> None:
    letter = the_letter("""○訪問薬剤管理の費用の請求について
(平成一三年一一月一六日)
(老老発第三一号)
(各都道府県介護保険主管部(局)長あて厚生労働省老健局老人保健課長通知)
〔改正経過〕
第一次改正 平成一五年三月一二日老老発第〇三一二〇〇一号
標記については、平成一二年三月一日老企第四一号の通知によるところであるが、左記のとおり定める。
""")
    assert (numbers(letter), letter.date) == (["老老発第31号"], datetime.date(2001, 11, 16))
    assert [ref.number for ref in letter.references] == ["老企第41号"]
    assert (letter.addressees, letter.issuers) == (
        ["各都道府県介護保険主管部(局)長"],
        [ReadIssuer("厚生労働省老健局", "老人保健課長")],
    )


def test_a_question_and_its_answer_are_two_letters_and_the_answer_has_the_questions_subject() -> None:
    question, answer = read_text("""○調剤室の位置について
(昭和三〇年七月二日)
(薬第八二号)
(厚生省薬務局長あて青海県知事照会)
左記の点に疑義があるので照会する。
記
1 二階に設けてよいか。
(昭和三〇年一二月二〇日 薬収第七五号)
(青海県知事あて厚生省薬務・医務局長連名回答)
昭和三十年七月二日薬第八二号をもつて照会のあつた標記について回答する。
""").letters
    assert (question.kind, answer.kind) == ("照会", "回答")
    assert question.issuers == [ReadIssuer("青海県", "知事")]
    assert answer.issuers == [ReadIssuer("厚生省", "薬務局長"), ReadIssuer("厚生省", "医務局長")]
    assert answer.subject == question.subject == "調剤室の位置について"
    assert [ref.number for ref in answer.references] == ["薬第82号"]


def test_a_collection_of_laws_puts_the_numbers_of_a_joint_letter_between_strokes() -> None:
    letter = the_letter("""○訪問薬剤管理の記録の様式について
(平成20年5月12日)
(/20文科初第318号/健発第0512003号/)
(各都道府県知事・各保健所設置市長、各国公立大学長あて文部科学省初等中等教育局長、厚生労働省健康局長通知)
標記については、平成19年3月1日健発第0301002号により示してきたが、別添のとおり定めたので周知願いたい。
""")
    assert numbers(letter) == ["20文科初第318号", "健発第0512003号"]
    assert letter.addressees == ["各都道府県知事", "各保健所設置市長", "各国公立大学長"]
    assert letter.issuers == [ReadIssuer("文部科学省", "初等中等教育局長"), ReadIssuer("厚生労働省", "健康局長")]
    assert [ref.number for ref in letter.references] == ["健発第0301002号"]


def test_a_web_page_may_show_the_subject_before_the_number() -> None:
    letter = the_letter("""トップ > 通知一覧

学校薬剤師の研修について（通知）

30文科初第1769号
平成31年3月20日

各都道府県教育委員会教育長
各指定都市教育委員会教育長　殿
附属学校を置く各国公立大学法人学長

文部科学省初等中等教育局長
永野　賀一

　学校薬剤師の研修について、別添のとおりとりまとめました。

お問合せ先
初等中等教育局
""")
    assert letter.subject == "学校薬剤師の研修について（通知）"
    assert numbers(letter) == ["30文科初第1769号"]
    assert letter.addressees == [
        "各都道府県教育委員会教育長",
        "各指定都市教育委員会教育長",
        "附属学校を置く各国公立大学法人学長",
    ]
    assert letter.issuers == [ReadIssuer("文部科学省", "初等中等教育局長", "永野 賀一")]
    assert letter.contact == "お問合せ先\n初等中等教育局"


def test_an_associations_letter_with_list_contact_and_a_deadline_without_year() -> None:
    letter = the_letter("""４福薬発第８８号
令和４年５月２日

会員薬局　各位

公益社団法人　青海県薬剤師会
会　長　　濵　口　𠮷　男
（公印省略）

令和４年度実務実習の受入調査について（お願い）

時下、ますますご清祥のこととお慶び申し上げます。
さて、標記について下記のとおり調査を行いますので、
５月３１日（火）までにFAXにてご回答ください。

記

１．調査対象　会員薬局
２．回答票　　https://forms.example/2022/
index.html

以　上

【担当】事務局　業務課　髙橋
""")
    assert numbers(letter) == ["4福薬発第88号"]
    assert letter.contact == "【担当】事務局　業務課　髙橋", "with the blanks that divide it"
    assert letter.addressees == ["会員薬局各位"]
    assert letter.issuers == [ReadIssuer("公益社団法人青海県薬剤師会", "会長", "濵口 𠮷男")]
    assert letter.body.split("\n")[1] == (
        "さて、標記について下記のとおり調査を行いますので、５月３１日（火）までにFAXにてご回答ください。"
    )
    assert letter.items[0] == "１．調査対象　会員薬局"
    assert letter.urls == ["https://forms.example/2022/index.html"]
    assert letter.deadline is None
    assert [(warning.field, warning.raw) for warning in letter.warnings] == [("deadline", "５月３１日")]
    assert letter.asks == ["回答"]


def test_a_deadline_is_a_day_until_which_something_is_asked_and_not_the_end_of_a_period() -> None:
    heading = "事務連絡\n令和3年9月21日\n各薬局 御中\n青海県薬務課\n在庫の調査について\n\n"
    asked = the_letter(heading + "調査票を令和3年10月15日（金）までに提出してください。\n")
    period = the_letter(heading + "受付は令和3年10月1日から令和3年10月15日まで行います。お願いします。\n")
    assert (asked.deadline, period.deadline) == (datetime.date(2021, 10, 15), None)


@pytest.mark.parametrize(
    ("earlier", "day"), [("令和8年10月1日付けで改訂されたので、", datetime.date(2026, 12, 25)), ("", None)]
)
def test_a_deadline_in_the_same_year_is_of_the_year_named_before_it(earlier: str, day: datetime.date | None) -> None:
    heading = "事務連絡\n令和8年11月21日\n各薬局 御中\n青海県薬務課\n設定の変更について\n\n"
    letter = the_letter(f"{heading}{earlier}同年12月25日までに設定を変更してください。\n")
    assert letter.deadline == day
    assert [warning.field for warning in letter.warnings] == ([] if day else ["deadline"])


def test_a_press_release_has_date_and_subject_but_its_contact_is_no_issuer() -> None:
    letter = the_letter("""令和6年3月1日

薬務課薬物監視係

担当

辻野、中盛

内線 3170、3174

青海製薬株式会社に対する改善命令について

立入調査の結果、本日、命令を行いましたのでお知らせします。
""")
    assert letter.date == datetime.date(2024, 3, 1)
    assert letter.subject == "青海製薬株式会社に対する改善命令について"
    assert letter.issuers == [ReadIssuer("薬務課薬物監視係")]
    assert (letter.addressees, letter.kind) == ([], "その他")


def test_laws_are_not_cited_notices() -> None:
    letter = the_letter(
        "薬第5号\n令和6年4月1日\n各薬局 御中\n青海県薬務課\n登録について\n\n"
        "法(昭和35年法律第145号)第5条第1項第3号及び令和3年青海県条例第12号による。\n"
    )
    assert letter.references == []
