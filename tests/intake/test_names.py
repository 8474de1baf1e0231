"""Who writes to whom, however the heading is laid out; every text here is invented."""

import pytest

from notices.intake.reading import ReadIssuer
from tests.intake.letters import the_letter


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
    ("written", "organisation", "title"),
    [
        ("九州厚生局福岡事務所長", "九州厚生局", "福岡事務所長"),
        ("福岡県筑紫保健福祉環境事務所長", "福岡県", "筑紫保健福祉環境事務所長"),
        ("福岡市保健所長", "福岡市", "保健所長"),
    ],
)
def test_an_office_of_an_authority_is_no_part_of_its_name(written: str, organisation: str, title: str):
    text = (
        f"九厚福岡発1124第5号\n令和8年11月24日\n\n公益社団法人福岡県薬剤師会会長　殿\n\n{written}\n\n"
        "届出事項の変更について（通知）\n\n標記について、貴会会員に周知願います。\n\n以上\n"
    )
    assert the_letter(text).issuers == [ReadIssuer(organisation, title)]


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


def test_a_joint_writer_named_by_the_bureau_before_is_left_blank() -> None:
    letter = the_letter("""○訪問薬剤管理の記録の様式について
(平成20年5月12日)
(薬食安発第0512003号)
(各都道府県・各特別区衛生主管部(局)長あて厚生労働省医薬食品局安全対策課長、同局総務課長連名通知)
標記について、別添のとおり定めた。
""")
    assert letter.addressees == ["都道府県衛生主管部(局)長", "特別区衛生主管部(局)長"]
    assert letter.issuers == [ReadIssuer("厚生労働省医薬食品局", "安全対策課長")]
