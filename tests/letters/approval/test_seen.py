"""What whoever approves sees: the letter as it will be, its chain, its recipients, and what has changed."""

import datetime as dt

import pypdfium2
from django.test import Client
from django.urls import reverse

from members.models import Capacity
from members.wareki import long_date
from notices.letters import composing
from notices.models import Approval, Notice, Release
from notices.procedures import approve
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.letters.approval.reading import today
from tests.letters.browser import address, shown

SOON = today() + dt.timedelta(days=3)


def rewrite(cast: Cast, draft: Notice, body: str) -> None:
    issuer = draft.issuers.get()
    letter = {"number": "", "signatory": (issuer.title, issuer.name), "body": body}
    composing.change(draft.pk, cast.actor("staff"), letter=letter, plan={"what": "確かめる"})


def ask(cast: Cast, draft: Notice) -> Approval:
    return approve.ask(draft.pk, SOON, cast.actor("staff"))


def changes(client: Client, draft: Notice, **query: object) -> str:
    """The section that tells what has changed; empty where the page has none."""
    page = shown(client.get(address("check", draft), query))
    return page.partition('id="changes"')[2].partition("</section>")[0]


def test_the_letter_is_shown_with_the_number_and_date_that_it_will_have(
    cast: Cast, boss: Client, draft: Notice
) -> None:
    received = Notice.objects.create(state=Notice.State.RECEIVED, subject="国からの文書", date=today())
    draft.relations.create(kind="encloses", target=received)
    ask(cast, draft)
    page = text_of(boss.get(address("check", draft)))
    for words in ("福薬業発第1号（見込み）", long_date(SOON), "6 薬局", "2 地区", "伝わった道のり"):
        assert words in page, words
    document = pypdfium2.PdfDocument(boss.get(address("letter_pdf", draft)).content)
    text = document[0].get_textpage().get_text_range()
    assert "福薬業発第1号" in text and long_date(SOON) in text


def test_the_first_time_there_is_nothing_to_compare(cast: Cast, boss: Client, draft: Notice) -> None:
    ask(cast, draft)
    assert not changes(boss, draft)


def test_after_sending_back_what_was_changed_is_shown_to_the_word(cast: Cast, boss: Client, draft: Notice) -> None:
    rewrite(cast, draft, "12月15日までに回答してください。")
    approve.send_back(ask(cast, draft).pk, "期限を延ばしてください。", cast.actor("administrator"))
    rewrite(cast, draft, "12月22日までに回答してください。")
    ask(cast, draft)
    found = changes(boss, draft)
    assert "<dt>本文</dt>" in found and found.count("<dt>") == 1
    assert '<del><span class="visually-hidden">削除：</span>15日</del>' in found
    assert '<ins><span class="visually-hidden">追加：</span>22日</ins>' in found


def test_each_compares_with_what_they_decided_on_and_may_choose_another(
    cast: Cast, boss: Client, colleague: Client, draft: Notice
) -> None:
    requests = []
    for body, who in (("一つ目の文面です。", "administrator"), ("二つ目の文面です。", "chief")):
        rewrite(cast, draft, body)
        requests.append(ask(cast, draft))
        approve.send_back(requests[-1].pk, "直してください。", cast.actor(who))
    rewrite(cast, draft, "三つ目の文面です。")
    ask(cast, draft)
    assert "一" in changes(boss, draft) and "二" not in changes(boss, draft)
    assert "二" in changes(colleague, draft) and "一" not in changes(colleague, draft)
    assert "二" in changes(boss, draft, since=requests[1].pk)
    assert "二" in changes(cast.client("staff"), draft), "who has decided on nothing: with the last one asked for"


def test_nothing_changed_is_said_and_a_wrong_choice_is_none(cast: Cast, boss: Client, draft: Notice) -> None:
    approve.take_back(ask(cast, draft).pk, cast.actor("staff"))
    ask(cast, draft)
    for since in ("", "x", "99999999"):
        assert "変わっていません" in changes(boss, draft, since=since)


def test_of_an_approval_undone_the_letter_is_compared_as_it_was_approved(
    cast: Cast, boss: Client, draft: Notice
) -> None:
    cast.approved(draft, SOON)
    approve.reopen(draft.pk, cast.actor("staff"))
    Release.objects.filter(notice=draft).update(attach_letter=True)
    ask(cast, draft)
    found = changes(boss, draft)
    assert "<dt>公文書（PDF）</dt>" in found and found.count("<dt>") == 1


def test_who_can_decide_is_named_and_that_nobody_can_is_said(
    cast: Cast, desk: Client, boss: Client, colleague: Client, draft: Notice, settings: object
) -> None:
    settings.APPROVED_ALONE_MOST = 7
    assert "決裁の担当 管理 太郎、局長 花子" in text_of(desk.get(address("check", draft)))
    assert "決裁の担当 局長 花子" in text_of(boss.get(address("check", draft))), "nobody approves what they ask for"
    Capacity.objects.update(approves=False)
    page = desk.get(address("check", draft))
    assert "決裁できる人がいません" in text_of(page) and "管理者（管理 太郎）に" in text_of(page)
    assert ">決裁に出す</button>" not in shown(page), "nobody is led into a dead end"
    assert f'href="{reverse("accounts")}">アカウント</a>' in shown(boss.get(address("check", draft)))


def test_where_nobody_can_approve_asking_is_refused_with_what_to_do(cast: Cast, desk: Client, draft: Notice) -> None:
    typed = {"day": long_date(SOON), "gist": ""}
    Capacity.objects.update(approves=False)
    told = text_of(desk.post(address("approval_ask", draft), typed, follow=True))
    assert "この通知を決裁できる人がいません" in told and not draft.approvals.exists()
    Capacity.objects.filter(account=cast.actor("staff").account).update(approves=True)
    told = text_of(desk.post(address("approval_ask", draft), typed, follow=True))
    assert "決裁に出しました" in told, "the drafter alone, for so few recipients"


def test_a_request_that_nobody_can_decide_on_any_more_says_so(cast: Cast, desk: Client, draft: Notice) -> None:
    ask(cast, draft)
    Capacity.objects.update(approves=False)
    told = text_of(desk.get(address("check", draft)))
    assert "決裁できる人がいません" in told and "依頼を取り下げ" in told and "を待っています" not in told


def test_the_page_of_a_draft_says_how_far_it_has_come(cast: Cast, desk: Client, boss: Client, draft: Notice) -> None:
    page = reverse("notices:notice", args=[draft.pk])
    assert "まだ決裁に出していません。" in text_of(desk.get(page))
    asked = ask(cast, draft)
    assert "決裁を待っています。" in text_of(desk.get(page))
    approve.approve(asked.pk, SOON, cast.actor("administrator"))
    told = text_of(desk.get(page))
    assert "決裁済で、まだ発出していません。" in told and "決裁を受けて発出すると" not in told
