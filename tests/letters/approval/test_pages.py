"""決裁 on the pages: asking, deciding, sending back, and what everybody sees of it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Capacity
from notices.models import Approval, Notice, Release
from notices.procedures import approve
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.letters.approval.reading import GIST, decision, press, state, typed_today
from tests.letters.browser import address, form, shown
from tests.members.second_factors import SECRET, code_of, give_app, let_pass


def test_a_draft_is_asked_for_with_its_date_and_gist(desk: Client, draft: Notice) -> None:
    page = shown(desk.get(address("check", draft)))
    assert "<h1>確かめて決裁に出す</h1>" in page and 'name="sure"' not in page
    told = press(desk, "ask", draft, day=typed_today(), gist=GIST)
    assert "決裁に出しました" in told and "決裁の担当の人（管理 太郎）を待っています" in told
    assert (state(draft), draft.approvals.get().gist) == ("asked", GIST)
    assert "すでに決裁に出ています" in press(desk, "ask", draft, day=typed_today())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "令和8年2月29日"}, "2月は28日までです"),
        ({"day": ""}, "入力してください"),
        ({"day": "令和6年10月30日"}, "発出日が今日より前です"),
        ({"gist": "初期パスワードは abcd1234 です"}, "まだ決裁に出していません"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_asked(desk: Client, draft: Notice, typed: dict, words: str) -> None:
    told = press(desk, "ask", draft, **{"day": typed_today()} | typed)
    assert words in told or "書かないでください" in told
    assert not Approval.objects.exists()


def test_from_the_page_of_composing_everything_is_saved_on_the_way(desk: Client, draft: Notice) -> None:
    assert "確かめて決裁に出す" in shown(desk.get(address("compose", draft)))
    answer = desk.post(address("compose", draft), form(draft, who="在宅対応の薬局", do="ask"))
    assert answer.url == address("check", draft)
    assert Release.objects.get(notice=draft).who == "在宅対応の薬局"


def test_whoever_approves_finds_it_on_the_first_page_sees_all_of_it_and_decides(
    cast: Cast, boss: Client, draft: Notice
) -> None:
    draft.attachments.create(position=1, label="参考", title="案内のページ", url="https://portal.example/guide")
    asked = approve.ask(draft.pk, timezone.localdate(), cast.actor("staff"), GIST)
    first = boss.get(reverse("notices:today"))
    assert "決裁を待つ通知" in text_of(first) and draft.subject in text_of(first)
    page = boss.get(address("check", draft))
    for words in (GIST, draft.body.splitlines()[0], "案内のページ", "薬局へ", "福薬業発第1号（見込み）", "差し戻す"):
        assert words in text_of(page), words
    told = press(boss, "decide", draft, **decision(asked))
    assert "福薬業発第1号で決裁しました" in told
    assert (state(draft), Notice.objects.get(pk=draft.pk).date) == ("approved", timezone.localdate())


def test_it_asks_whether_it_was_checked(boss: Client, draft: Notice, asked: Approval) -> None:
    assert "確かめたら、印を付けてください" in press(boss, "decide", draft, **decision(asked, sure=""))
    assert state(draft) == "asked"


def test_only_those_who_approve_may_decide(desk: Client, draft: Notice, asked: Approval) -> None:
    page = shown(desk.get(address("check", draft)))
    assert address("approval_decide", draft) not in page
    assert "<h1>決裁を待つ</h1>" in page
    for name, typed in (("decide", decision(asked)), ("send_back", {"approval": asked.pk, "remark": "直す"})):
        assert "決裁の担当の人だけができます" in press(desk, name, draft, **typed)
    assert state(draft) == "asked"
    assert "決裁を待つ通知" not in text_of(desk.get(reverse("notices:today")))


def test_above_the_limit_the_drafter_is_told_that_somebody_else_decides(
    cast: Cast, desk: Client, draft: Notice, asked: Approval, settings: object
) -> None:
    Capacity.objects.filter(pk=cast.capacities["staff"].pk).update(approves=True)
    assert address("approval_decide", draft) in shown(desk.get(address("check", draft)))
    settings.APPROVED_ALONE_MOST = 7
    page = desk.get(address("check", draft))
    assert "ほかの人の決裁が要ります" in text_of(page)
    assert address("approval_decide", draft) not in shown(page)
    assert "ほかの人が決裁してください" in press(desk, "decide", draft, **decision(asked))
    assert state(draft) == "asked"


def test_it_is_sent_back_with_a_remark_that_stands_on_the_drafts_pages(
    cast: Cast, desk: Client, boss: Client, draft: Notice, asked: Approval
) -> None:
    assert "どこを直してほしいか" in press(boss, "send_back", draft, approval=asked.pk, remark=" ")
    told = press(boss, "send_back", draft, approval=asked.pk, remark="期限を\r\n1週間延ばしてください。")
    assert f"「{draft.subject}」を差し戻しました" in told and "確かめて決裁に出す" not in told
    for name in ("compose", "check", "recipients", "steps", "notice"):
        page = text_of(desk.get(address(name, draft)))
        assert "管理 太郎 さんが差し戻しました" in page and "1週間延ばしてください。" in page, name
    assert "差し戻された通知" in text_of(desk.get(reverse("notices:today")))
    assert "差し戻し" in text_of(desk.get(reverse("notices:notices")))


def test_only_who_asked_takes_the_request_back(
    cast: Cast, desk: Client, boss: Client, draft: Notice, asked: Approval
) -> None:
    assert address("approval_take_back", draft) not in shown(boss.get(address("check", draft)))
    assert "取り下げられるのは、決裁に出した人です" in press(boss, "take_back", draft, approval=asked.pk)
    assert "取り下げました" in press(desk, "take_back", draft, approval=asked.pk)
    assert desk.get(address("compose", draft)).status_code == 200


def test_whoever_comes_second_is_told_what_became_of_it(
    desk: Client, boss: Client, draft: Notice, asked: Approval
) -> None:
    press(boss, "decide", draft, **decision(asked))
    assert "すでに 管理 太郎 さんが決裁しています" in press(boss, "decide", draft, **decision(asked))
    assert "すでに 管理 太郎 さんが決裁しています" in press(boss, "send_back", draft, approval=asked.pk, remark="直す")
    assert draft.numbers.count() == 1


def test_a_request_of_another_draft_is_none_here(cast: Cast, boss: Client, draft: Notice, asked: Approval) -> None:
    other = cast.draft("ほかの通知")
    for name in ("decide", "send_back"):
        typed = decision(asked) | {"remark": "直す"}
        assert boss.post(address(f"approval_{name}", other), typed).status_code == 404
    assert state(draft) == "asked"


@pytest.mark.parametrize("name", ["compose", "steps", "recipients", "discard", "preview"])
def test_what_is_asked_for_or_approved_is_changed_by_nobody_and_the_page_says_how_to(
    cast: Cast, desk: Client, draft: Notice, asked: Approval, name: str
) -> None:
    for words in ("取り下げるか、差し戻してもらってください", "「決裁を取り消して直す」"):
        if name != "preview":
            assert desk.get(address(name, draft)).url == address("check", draft)
        assert words in text_of(desk.post(address(name, draft), {"body": "別の文"}, follow=True))
        if state(draft) == "asked":
            approve.approve(asked.pk, timezone.localdate(), cast.actor("administrator"))
    draft.refresh_from_db()
    assert "別の文" not in draft.body


def test_an_approval_is_taken_back_and_the_draft_opens(desk: Client, approved: Notice) -> None:
    answer = desk.post(address("approval_reopen", approved), follow=True)
    assert answer.redirect_chain[-1][0] == address("compose", approved)
    page = shown(answer)
    assert "決裁を取り消しました" in page and "決裁で付いた番号です" in page
    assert "決裁されると、日付が決まります" in text_of(desk.get(address("check", approved))), "the number is kept"
    assert "欠番になり、文書番号簿に残ります" in text_of(desk.get(address("discard", approved)))


def test_a_reserved_number_is_not_typed_over(desk: Client, approved: Notice) -> None:
    number = approved.number_text
    desk.post(address("approval_reopen", approved))
    desk.post(address("compose", approved), form(approved, number="", who="在宅対応の薬局"))
    assert approved.numbers.get().text == number
    assert Release.objects.get(notice=approved).who == "在宅対応の薬局"


def test_without_an_approval_the_button_of_a_release_does_nothing(desk: Client, draft: Notice) -> None:
    told = text_of(desk.post(address("check", draft), {"sure": "on"}, follow=True))
    assert "発出していません。" in told and "決裁がまだです。" in told
    assert draft.state == Notice.State.DRAFT


def test_an_approval_asks_for_the_second_factor_again(cast: Cast, draft: Notice, asked: Approval) -> None:
    client = cast.client("administrator")
    give_app(cast.capacities["administrator"].account)
    let_pass(client, minutes=16)
    there = client.post(address("approval_decide", draft), decision(asked))
    assert there.url == f"/account/prove/?next={address('approval_decide', draft)}"
    back = client.get(client.post(there.url, {"code": code_of(SECRET)}).url)
    assert back.context["decide_form"]["sure"].value() and state(draft) == "asked"
    press(client, "decide", draft, **decision(asked))
    assert state(draft) == "approved"
