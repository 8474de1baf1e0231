"""The steps of a set-up are read from the guides of a packet, one by one."""

import json

import pytest

from notices.intake.fold import tidy
from notices.intake.kept import keep
from notices.intake.reader import read_text
from notices.intake.reading import Reading
from notices.letters.guide import read_lines, suggested
from notices.models import Packet
from tests.intake.packets import OWN_PACKET, REAL_PACKET, beside_shared

LETTER = """事務連絡
令和6年9月21日

各薬局　御中

青海県薬務課

登録について

別添のとおりお知らせします。

以上

"""


def steps(text: str) -> list[tuple[str, str, bool]]:
    return [(step.group, step.title, step.holds_secret) for step in read_text(text).steps]


def own() -> Reading:
    return read_text(OWN_PACKET.read_text(encoding="utf-8"))


def test_each_step_of_the_guides_is_read_in_its_group() -> None:
    assert [step.group for step in own().steps] == ["PC"] * 11 + ["端末"] + ["参照"] * 2
    assert own().steps[1].title == "訪問先での利用の欄で「使う」を選び、「保存」を押してください"


def test_a_step_in_which_a_password_or_code_is_shown_or_set_is_known_and_the_name_of_a_button_is_none() -> None:
    steps = own().steps
    assert [step.title[:6] for step in steps if step.holds_secret] == [
        "仮のパスワー",
        "表示された端",
        "ログアウトし",
        "パスワード変",
    ]
    assert any(step.title.startswith("「端末登録コード」を押して") for step in steps if not step.holds_secret)


def test_a_step_that_leads_elsewhere_has_the_address_below_it() -> None:
    assert own().steps[-2].title.endswith("開いてください https://zanyaku.example/guide?id=start")


def test_each_step_stands_where_its_place_says() -> None:
    reading = own()
    for step in reading.steps:
        assert step.title[:10] in tidy(reading.text[slice(*step.span)])


def test_of_a_numbered_guide_only_what_is_numbered_is_a_step() -> None:
    numbered = "(1) アプリを開いてください\n画面が出ない場合は、お待ちください\n(2) 「同意する」を押してください\n"
    assert [(group, title) for group, title, _ in steps(f"{LETTER}アプリの設定方法\n\n{numbered}")] == [
        ("端末", "(1)アプリを開いてください"),
        ("端末", "(2)「同意する」を押してください"),
    ]


AT_MACHINE = "手順1　資格確認端末を起動し、管理者アカウントでログインする。\n手順2　「更新」ボタンを押す。\n"
BY_HAND = "手順3　確認結果を業務手順書に記録し、管理薬剤師が押印する。\n"


def test_a_step_that_is_done_by_hand_belongs_to_no_device() -> None:
    read = steps(f"{LETTER}口頭同意機能の改修に係る設定手順書\n\n{AT_MACHINE}{BY_HAND}")
    assert [group for group, *_ in read] == ["PC", "PC", "その他"]


def test_a_guide_that_names_no_machine_asks_for_nothing_at_one() -> None:
    safe = "1. 麻薬金庫を施錠する。\n2. 休業の前後に帳簿と在庫を照合する。\n"
    assert [group for group, *_ in steps(f"{LETTER}年末年始の保管手順書\n\n{safe}")] == ["その他"] * 2
    kept = "1. 画面の右上を開く。\n2. 三つ目を選ぶ。\n"
    assert [group for group, *_ in steps(f"{LETTER}年末年始の切替手順書\n\n{kept}")] == ["PC"] * 2


def test_a_guide_on_a_page_of_its_own_ends_a_letter_that_does_not_say_where_it_ends() -> None:
    letter = LETTER.replace("別添の", "別紙の").replace("以上\n\n", "照会先　青海県薬務課\n")
    flow = "1. 設定の流れ\n手順1　画面を開く\n手順2　「登録」を押す。\n2. 注意\n静かに行う。\n"
    guide = f"別紙\n\n夜間の切替えの設定手順書\n\n{flow}"
    reading = read_text(f"{letter}\f{guide}")
    assert [step.title for step in reading.steps] == ["手順1画面を開く", "手順2「登録」を押す。"]
    assert guide.strip() in reading.text[slice(*reading.remainder[0])]
    assert "別紙" not in reading.text[slice(*reading.letters[0].span)].splitlines()


STEPS = ["管理画面を開いてください", "「新機能を利用する」を選ぶ", "設定の保存"]


@pytest.mark.parametrize(
    "number",
    [
        "手順{}　",
        "STEP {}　",
        "【手順{}】",
        "ＳＴＥＰ{}：",
        "ステップ{}\n",
        "Step.{} ",
        "手順{}．",
        "＜STEP{}＞\n",
        "{}．",
    ],
)
def test_a_step_comes_without_the_number_of_its_guide_and_with_what_stands_below_it(number: str) -> None:
    steps = STEPS if number != "{}．" else [STEPS[0], STEPS[1] + "ます", "設定を保存します"]
    lines = "\n".join(f"{number.format(count)}{step}" for count, step in zip("１2３", steps, strict=True))
    explained = lines.replace(steps[0], f"{steps[0]}\n画面の右上の「設定」から開きます。\n※ 管理者のみ操作できます。")
    packet = Packet(text="", reading=keep(read_text(f"{LETTER}新機能の設定手順\n\n{explained}\n")))
    assert [(step.title, step.hint) for step in suggested(packet)] == [
        (steps[0], "画面の右上の「設定」から開きます。　※管理者のみ操作できます。"),
        (steps[1], ""),
        (steps[2], ""),
    ]


@pytest.mark.parametrize(
    "closing",
    [
        "お問い合わせ先\n県薬剤師会 事務局 電話 092-000-0100",
        "【お問合せ】\n電話 092-000-0100（平日9時から17時）",
        "ご不明な点は、県薬剤師会事務局までお問い合わせください。",
        "※本手順に関するお問い合わせは、事務局（092-000-0100）へお願いします。",
    ],
)
@pytest.mark.parametrize("number", ["{}．", ""])
def test_where_to_ask_at_the_end_of_a_guide_is_neither_a_step_nor_a_note_of_the_last(closing: str, number: str) -> None:
    told = ["画面を開いてください", "閉じてください\n画面が出ないときは、事務局へ問い合わせます"]
    lines = "\n\n".join(f"{number.format(count)}{step}" for count, step in enumerate(told, start=1))
    packet = Packet(text="", reading=keep(read_text(f"{LETTER}新機能の設定手順\n\n{lines}\n\n{closing}\n")))
    titles = [step.title for step in suggested(packet)]
    assert titles[:2] == ["画面を開いてください", "閉じてください"]
    assert not any("092" in f"{step.title}{step.hint}" or "不明" in step.title for step in suggested(packet))


def test_a_sentence_about_a_step_keeps_its_words() -> None:
    (line,) = read_lines("手順1を行ったあと、再起動する", "pc")
    assert line.title == "手順1を行ったあと、再起動する"


def test_a_secret_below_a_step_is_masked_and_the_step_marked() -> None:
    text = f"{LETTER}新機能の設定手順\n\n1. ログインしてください\n初期パスワードは abc123 です。\n2. 閉じてください\n"
    first, _ = suggested(Packet(text="", reading=keep(read_text(text))))
    assert first.holds_secret and "abc123" not in first.hint


def test_a_letter_without_a_guide_asks_for_no_steps() -> None:
    assert steps(LETTER) == []
    assert steps(LETTER + "様式第1号\n\n薬局の名称を記入してください\n") == []


@beside_shared
def test_the_steps_of_the_real_packet_are_those_that_a_careful_person_reads() -> None:
    labels = json.loads((REAL_PACKET.parent / "packet.json").read_text(encoding="utf-8"))["setup"]["steps"]
    labelled = [(step["group"], step["holds_secret"]) for step in labels if step["group"]]
    read = read_text(REAL_PACKET.read_text(encoding="utf-8")).steps
    assert [(step.group, step.holds_secret) for step in read] == labelled
    titles = [step["title"] for step in labels if step["group"] == "PC"]
    assert [step.title for step in read if step.group == "PC"] == titles
