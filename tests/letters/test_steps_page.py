"""The page on which the steps of a set-up are entered."""

from members.history import NOBODY
from notices.checklist import chapters
from notices.letters import guide
from notices.models import Notice, Packet
from tests.letters.browser import address, shown

PC_STEPS = """ログインし、「環境設定情報」の変更を開く
訪問診療等機能で「利用する」を選び、更新する｜「更新しました」と出たら「OK」
一度ログアウトし、もう一度ログインする
「アカウント管理（登録）」を押す
権限区分「医療情報閲覧」で登録する｜ユーザーIDと名前は薬局で決めます
初期パスワードを紙に控え、ホームに戻る｜この画面には書かないでください
「アクティベーションコード管理」で発行し、紙に控える｜端末の設定で使います
作ったユーザーでログインし、パスワードを変える"""
DEVICE_STEPS = """ポータルサイトで手順書を開く｜訪問診療等 → 手順書・マニュアル → ③操作マニュアル
「マイナ資格確認アプリ」を入れる
アクティベーションコードを登録する｜紙の控えを見て、アプリに入れます
マイナンバーカードで資格確認を試す"""


def rows(draft: Notice, **changes: object) -> dict[str, object]:
    steps = list(draft.steps.all())
    sent: dict[str, object] = {"step-TOTAL_FORMS": len(steps), "step-INITIAL_FORMS": len(steps)}
    for index, step in enumerate(steps):
        for name in ("id", "group", "title", "hint", "device"):
            sent[f"step-{index}-{name}"] = getattr(step, name)
        sent[f"step-{index}-order"] = step.position
        if step.holds_secret:
            sent[f"step-{index}-holds_secret"] = "on"
    return sent | changes


def test_the_twelve_steps_are_entered_as_lines(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc=PC_STEPS, device=DEVICE_STEPS))
    steps = list(draft.steps.all())
    assert [step.group for step in steps] == ["pc"] * 8 + ["device"] * 4
    assert [step.position for step in steps] == list(range(1, 13))
    assert (steps[1].title, steps[1].hint) == (
        "訪問診療等機能で「利用する」を選び、更新する",
        "「更新しました」と出たら「OK」",
    )
    assert [step.position for step in steps if step.holds_secret] == [6, 7, 8, 11]


def test_a_step_without_a_device_stands_between_the_pcs_and_the_devices(desk, draft):
    desk.post(
        address("steps", draft), rows(draft, pc="画面を開く", device="アプリを入れる", other="結果を記録し、押印する")
    )
    assert [step.group for step in draft.steps.all()] == ["pc", "other", "device"]
    steps = list(draft.steps.all())
    assert [(chapter.heading, [line.number for line in chapter.lines]) for chapter in chapters(steps)] == [
        ("PC の設定", [1]),
        ("その他の手順", [2]),
        ("端末の設定", [3]),
    ]


def test_a_step_is_changed_moved_and_removed_in_its_row(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc="一\n二\n三"))
    one, two, three = draft.steps.all()
    changes = {"step-0-order": "３", "step-2-order": "1", "step-2-title": "三を直す", "step-1-remove": "on"}
    desk.post(address("steps", draft), rows(draft, **changes))
    assert [(step.pk, step.title) for step in draft.steps.all()] == [(three.pk, "三を直す"), (one.pk, "一")]
    assert two not in draft.steps.all()


def test_a_mistake_among_the_steps_loses_nothing(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc="一"))
    page = shown(desk.post(address("steps", draft), rows(draft, pc="二つ目の手順", **{"step-0-title": ""})))
    assert "まだ保存していません" in page and "二つ目の手順" in page
    assert [step.title for step in draft.steps.all()] == ["一"]
    page = shown(desk.post(address("steps", draft), rows(draft, device="あ" * 301)))
    assert "300 字までです" in page and "あ" * 301 in page


def test_a_secret_typed_as_hint_is_refused_and_given_back_masked(desk, draft):
    page = shown(desk.post(address("steps", draft), rows(draft, pc="ログインする｜パスワードは abc123")))
    assert "パスワードやコードは書かないでください" in page and "abc123" not in page and "ログインする｜" in page
    assert not draft.steps.exists()
    desk.post(address("steps", draft), rows(draft, pc="ログインする"))
    page = shown(desk.post(address("steps", draft), rows(draft, **{"step-0-hint": "パスワードは abc123"})))
    assert "パスワードやコードは書かないでください" in page and "abc123" not in page
    assert draft.steps.get().hint == ""


def test_a_secret_typed_as_a_step_is_refused_and_given_back_masked(desk, draft):
    page = shown(desk.post(address("steps", draft), rows(draft, pc="初期パスワード abc12345 を控える")))
    assert "パスワードやコードは書かないでください" in page and "abc12345" not in page
    assert not draft.steps.exists()
    desk.post(address("steps", draft), rows(draft, pc="ログインする"))
    page = shown(desk.post(address("steps", draft), rows(draft, **{"step-0-title": "パスワードは abc12345"})))
    assert "パスワードやコードは書かないでください" in page and "abc12345" not in page
    assert draft.steps.get().title == "ログインする"


def test_what_was_masked_on_its_way_out_of_a_packet_is_told_until_it_is_mended(desk, draft):
    read = {"title": "端末に入れる", "hint": "コード AB12CD34 を入れる", "group": "PC", "holds_secret": True}
    packet = Packet(reading={"steps": [read]})
    guide.arrange(draft.pk, guide.suggested(packet), NOBODY)
    assert draft.steps.get().hint == "コード ＊＊＊＊＊＊＊＊＊＊ を入れる"
    assert "パスワードやコードらしい文字を伏せたところです" in shown(desk.get(address("steps", draft)))
    assert "手順「端末に入れる」に、伏せた文字（＊）があります" in shown(desk.get(address("check", draft)))
    desk.post(address("steps", draft), rows(draft, **{"step-0-hint": "紙に控えたコードを入れる"}))
    assert "伏せた文字" not in shown(desk.get(address("check", draft)))
