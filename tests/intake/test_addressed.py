"""An enclosure that is an address on the web is read with its title, wherever on the lines the address stands."""

import pytest

from notices.intake.reader import read_text
from tests.intake.letters import written

SUBJECT = "電子処方箋の新しい機能について"
PLACE = "https://portal.example/guide"


def listed(*, record: str = "", below: str = "") -> list[tuple[str, str | None, str | None]]:
    letter = read_text(written(subject=SUBJECT, record=record, below=below)).letters[0]
    return [(each.label, each.title, each.url) for each in letter.attachments]


@pytest.mark.parametrize(
    "line",
    [
        f"・【参考】県ホームページ {PLACE}",
        f"・【参考】県ホームページ　{PLACE}",
        f"・【参考】県ホームページ：{PLACE}",
        f"【参考】県ホームページ（{PLACE}）",
        f"【参考】県ホームページ（URL：{PLACE}）",
        f"【参考】県ホームページ{PLACE}",
        f"（参考）{PLACE}　県ホームページ",
        f"【参考：県ホームページ】{PLACE}",
        f"【参考：県ホームページ {PLACE}】",
        f"参考　県ホームページ　{PLACE}",
        f"参考：県ホームページ {PLACE}",
        f"【参考】県ホームページ\n{PLACE}",
        f"【参考】県ホームページ\nURL：{PLACE}",
        f"【参考】県ホームページ\n（{PLACE}）",
    ],
)
def test_a_title_and_the_address_beside_or_below_it_are_two_values(line: str) -> None:
    assert listed(record=line) == [("参考", "県ホームページ", PLACE)]


@pytest.mark.parametrize(
    "line",
    [f"・【参考】{PLACE}", f"（参考）　{PLACE}", f"参考：{PLACE}", f"参考：（{PLACE}）を参照", f"【参考】\n{PLACE}"],
)
def test_an_address_alone_is_no_title(line: str) -> None:
    assert listed(record=line) == [("参考", None, PLACE)]


def test_what_stands_around_the_address_is_the_title() -> None:
    assert listed(record=f"【参考】県ホームページURL：{PLACE}") == [("参考", "県ホームページURL", PLACE)]
    line = f"【参考】電子処方箋のご案内（県版）{PLACE}（日本薬剤師会）"
    assert listed(record=line) == [("参考", "電子処方箋のご案内（県版）（日本薬剤師会）", PLACE)]


def test_an_address_that_the_line_breaks_is_whole_and_no_part_of_the_title() -> None:
    line = "・【参考】県ホームページ https://portal.example/guide/\nindex.html\n・【別添１】登録の案内"
    assert listed(record=line) == [
        ("参考", "県ホームページ", "https://portal.example/guide/index.html"),
        ("別添1", "登録の案内", None),
    ]


def test_an_address_behind_a_title_that_the_line_breaks_belongs_to_it() -> None:
    title = "厚生労働省及び医療機関等向け総合ポータルサイトに掲載されている電子処方箋の新しい機能の使い方の"
    assert listed(record=f"・【参考】{title}\nご案内　{PLACE}") == [("参考", f"{title}ご案内", PLACE)]


def test_each_address_under_one_label_is_a_reference_of_its_own() -> None:
    record = f"【参考】\n・県ホームページ {PLACE}\n・{PLACE}/2\n・{PLACE}/3"
    assert listed(record=record) == [
        ("参考", "県ホームページ", PLACE),
        ("参考", None, f"{PLACE}/2"),
        ("参考", None, f"{PLACE}/3"),
    ]


@pytest.mark.parametrize("heading", ["＜別添＞\n", "＜添付資料＞\n", ""])
def test_a_list_below_the_closing_has_such_references_too(heading: str) -> None:
    below = f"{heading}別添１　登録の案内\n参考１　県ホームページ {PLACE}\n参考２　{PLACE}/2"
    assert listed(below=below) == [
        ("別添1", "登録の案内", None),
        ("参考1", "県ホームページ", PLACE),
        ("参考2", None, f"{PLACE}/2"),
    ]


@pytest.mark.parametrize(
    "line",
    [f"【参考：県ホームページ】{PLACE}", f"【参考】県ホームページ\n（{PLACE}）", f"参考　県ホームページ\nURL：{PLACE}"],
)
def test_one_reference_alone_may_stand_below_the_closing(line: str) -> None:
    assert listed(below=line) == [("参考", "県ホームページ", PLACE)]


def test_a_numbered_item_below_the_closing_may_hold_its_address() -> None:
    below = f"＜別添＞\n１．登録の案内（{PLACE}）\n２．申込書"
    assert listed(below=below) == [("別添1", "登録の案内", PLACE), ("別添2", "申込書", None)]


def test_a_sentence_that_names_an_address_lists_nothing() -> None:
    assert listed(record=f"１　参考に{PLACE}をご覧ください。") == [("別添", None, None)], "which the text names"


def test_what_stands_behind_an_address_below_a_title_is_a_remark() -> None:
    assert listed(record=f"【別添1】登録の案内\n{PLACE}（外部サイト）") == [("別添1", "登録の案内", PLACE)]
    both = f"【参考】\n・厚生労働省\n　{PLACE}（外部）\n・日本薬剤師会\n　{PLACE}/2"
    assert listed(record=both) == [("参考", "厚生労働省", PLACE), ("参考", "日本薬剤師会", f"{PLACE}/2")]


@pytest.mark.parametrize(("first", "second"), [("別添１", "別添２"), ("１．", "２．")])
def test_a_remark_behind_an_address_ends_no_list_of_enclosures(first: str, second: str) -> None:
    found = listed(below=f"＜別添＞\n{first}　登録の案内\n　{PLACE}（外部サイト）\n{second}　申込書")
    assert found == [("別添1", "登録の案内", PLACE), ("別添2", "申込書", None)]


@pytest.mark.parametrize("title", ["はじめての方へ", "にほん薬局案内"])
def test_a_title_in_hiragana_behind_an_address_is_no_sentence(title: str) -> None:
    assert listed(record=f"【参考】{PLACE}　{title}") == [("参考", title, PLACE)]
