"""Kinds of notices and the damage that text extraction does to them; every text here is invented."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.intake.reader import read_text
from notices.intake.reading import ReadIssuer, ReadLetter


def the_letter(text: str) -> ReadLetter:
    (letter,) = read_text(text).letters
    return letter


def numbers(letter: ReadLetter) -> list[str]:
    return [number.text for number in letter.numbers]


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


@pytest.mark.parametrize(
    ("paragraph", "addressee"),
    [
        ("一般社団法人 福岡県卸売協会\n会長 山田 太郎\n　　　　御中", "一般社団法人福岡県卸売協会会長山田太郎"),
        ("一般社団法人 福岡県卸売協会\n会長 山田 太郎 様\n　　　　御中", "一般社団法人福岡県卸売協会会長山田太郎"),
        ("一般社団法人\n福岡県卸売協会　御中", "一般社団法人福岡県卸売協会"),
    ],
)
def test_an_addressee_in_a_paragraph_with_its_honorific_below_is_no_issuer(paragraph: str, addressee: str) -> None:
    letter = the_letter(f"""
福薬業発第３４１号
令和８年１１月２日

各地区薬剤師会会長　殿

福岡県病院薬剤師会会長　殿

{paragraph}

公益社団法人福岡県薬剤師会
会長 髙﨑 濵一郎

薬局における対応について（周知）

標記について、別添のとおり通知がありましたので、お知らせいたします。
""")
    assert letter.addressees == ["各地区薬剤師会会長", "福岡県病院薬剤師会会長", addressee]
    assert letter.issuers == [ReadIssuer("公益社団法人福岡県薬剤師会", "会長", "髙﨑 濵一郎")]


@pytest.mark.parametrize(
    ("block", "addressees"),
    [
        ("都道府県看護会\n　　担当理事　殿", ["都道府県看護会担当理事"]),
        ("都道府県看護会\n訪問看護・情報担当役員 殿", ["都道府県看護会訪問看護・情報担当役員"]),
        ("全国製剤連合会\n表示検討委員会委員長\n\n殿", ["全国製剤連合会表示検討委員会委員長"]),
        ("各保険薬局\n管理薬剤師　様", ["各保険薬局管理薬剤師"]),
        ("全国製剤連合会\n青海県看護会担当理事 殿", ["全国製剤連合会", "青海県看護会担当理事"]),
        ("青海県薬剤師会会長\n介護保険担当者　殿", ["青海県薬剤師会会長", "介護保険担当者"]),
        (
            "都道府県民生主管部（局）\n　国民年金主管課（部）長　　殿\n都道府県医療主管部（局）\n　医療主管課（部）長",
            ["都道府県民生主管部（局）国民年金主管課（部）長", "都道府県医療主管部（局）医療主管課（部）長"],
        ),
    ],
)
def test_a_post_or_division_on_a_line_of_its_own_belongs_to_the_body_above(block: str, addressees: list[str]) -> None:
    letter = the_letter(f"""
保発０３０５第４号
令和６年３月５日

{block}

厚生労働省保険局医療課長
（公印省略）

訪問薬剤管理の記録について（通知）

標記について、別添のとおり定めたので周知願いたい。
""")
    assert letter.addressees == addressees
    assert letter.issuers == [ReadIssuer("厚生労働省保険局", "医療課長")]


@pytest.mark.parametrize(
    "block",
    [
        "各\n都 道 府 県\n保健所設置市\n特 別 区\n衛生主管部（局）長 殿",
        "都 道 府 県\n各\n保健所設置市\n衛生主管部（局）長　殿\n特 別 区",
    ],
)
def test_what_a_brace_gives_its_bodies_may_stand_on_a_line_of_its_own(block: str) -> None:
    letter = the_letter(f"""
薬生発 0305 第４号
令和３年３月５日
{block}
厚生労働省医薬・生活衛生局長
訪問薬剤管理の記録について（通知）

標記について、別添のとおり定めたので周知願いたい。
""")
    bodies = ("都道府県", "保健所設置市", "特別区")
    assert letter.addressees == [f"{body}衛生主管部（局）長" for body in bodies]
    assert letter.issuers == [ReadIssuer("厚生労働省", "医薬・生活衛生局長")]


def test_a_ministrys_unit_above_the_addressees_is_the_issuer_where_none_stands_below() -> None:
    letter = the_letter("""令和７年１月 31 日
事 務 連 絡
厚生労働省医薬局総務課
一般社団法人　全国調剤協会
一般社団法人　青海保険薬局会　　御中
記録の運用の再開について（協力依頼）

日頃の御協力に感謝いたします。
""")
    assert letter.issuers == [ReadIssuer("厚生労働省医薬局総務課")]
    assert letter.addressees == ["一般社団法人全国調剤協会", "一般社団法人青海保険薬局会"]


def test_issuers_above_the_addressees_end_with_the_left_out_seal() -> None:
    letter = the_letter("""医薬発 0131 第１号 令和７年１月 31 日
厚 生 労 働 省 医 薬 局 長
（ 公 印 省 略 ）
厚 生 労 働 省 保 険 局 長
（ 公 印 省 略 ）
各都道府県知事 殿
記録の運用の再開について（通知）

標記について、周知願いたい。
""")
    assert letter.issuers == [ReadIssuer("厚生労働省", "医薬局長"), ReadIssuer("厚生労働省", "保険局長")]
    assert letter.addressees == ["各都道府県知事"]


def test_offices_of_ministries_addressed_together_are_no_issuers() -> None:
    letter = the_letter("""6福薬業発第31号
令和７年１月 31 日
厚生労働省医薬局総務課長
厚生労働省保険局医療課長　殿
記録の運用の再開について（要望）

標記について、お願いします。
""")
    assert letter.addressees == ["厚生労働省医薬局総務課長", "厚生労働省保険局医療課長"]
    assert letter.issuers == []


@pytest.mark.parametrize(
    ("line", "title", "name"),
    [
        ("青海県看護会常任理事長嶋公子", "常任理事", "長嶋公子"),
        ("青海県看護会 常務理事 長津 公子", "常務理事", "長津 公子"),
        ("青海県看護会　理 事　長谷川 公子", "理事", "長谷川 公子"),
        ("青海県看護会　理事長　谷川 公子", "理事長", "谷川 公子"),
        ("青海県看護会　理 事 長　谷川 公子", "理事長", "谷川 公子"),
        ("青海県看護会　副理事長　谷川 公子", "副理事長", "谷川 公子"),
    ],
)
def test_a_surname_that_begins_like_an_office_is_the_persons(line: str, title: str, name: str) -> None:
    letter = the_letter(
        f"看発第3号\n令和6年3月5日\n各支部長 殿\n{line}\n訪問看護の記録について\n\n標記について定めた。"
    )
    assert letter.issuers == [ReadIssuer("青海県看護会", title, name)]


def test_an_honorific_without_anybody_before_it_names_nobody() -> None:
    assert (
        the_letter("""
福薬業発第３４１号
令和８年１１月２日
　　　　殿
公益社団法人福岡県薬剤師会
薬局における対応について（周知）

標記について、別添のとおり通知がありましたので、お知らせいたします。
""").addressees
        == []
    )


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


@pytest.mark.parametrize(
    "heading",
    [
        "都道府県知事 各保健所設置市長殿 特別区長 厚生労働省医薬局長 ( 公印省略 )",
        "都 道 府 県 知 事 各 保健所設置市長 殿 特 別 区 長 厚生労働省医薬局長 ( 公 印 省 略 )",
    ],
)
def test_the_heads_of_bodies_in_a_brace_are_addressed_where_one_stands_behind_the_honorific(heading: str) -> None:
    letter = the_letter(f"医薬発0301第5号 令和6年3月1日 {heading} 訪問薬剤管理の記録について 標記について定めた。")
    assert letter.addressees == ["都道府県知事", "各保健所設置市長", "特別区長"]
    assert letter.issuers == [ReadIssuer("厚生労働省", "医薬局長")]


def test_an_issuer_whose_name_begins_with_the_word_for_a_head_keeps_it() -> None:
    letter = the_letter(
        "6薬第5号 令和6年3月1日 中核市 御中 市町村 長崎県福祉保健部長 ( 公 印 省 略 ) "
        "訪問薬剤管理の記録について 標記について別紙のとおり定めた。"
    )
    assert letter.addressees == ["中核市", "市町村"]
    assert letter.issuers == [ReadIssuer("長崎県福祉保健部", "部長")]


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


def test_a_joint_writer_named_by_the_bureau_before_is_left_blank() -> None:
    letter = the_letter("""○訪問薬剤管理の記録の様式について
(平成20年5月12日)
(薬食安発第0512003号)
(各都道府県・各特別区衛生主管部(局)長あて厚生労働省医薬食品局安全対策課長、同局総務課長連名通知)
標記について、別添のとおり定めた。
""")
    assert letter.addressees == ["都道府県衛生主管部(局)長", "特別区衛生主管部(局)長"]
    assert letter.issuers == [ReadIssuer("厚生労働省医薬食品局", "安全対策課長")]


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
