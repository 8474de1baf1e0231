"""What a letter says of its plan: the deadline, and of a correction what has changed."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.history import NOBODY
from notices.letters import composing, correcting, sentences, stating
from notices.models import Notice, Release
from tests.cast import Cast
from tests.tracking.conftest import text

SOON = timezone.localdate() + dt.timedelta(days=10)
LONG = f"{wareki.long_date(SOON)}（{wareki.WEEKDAYS[SOON.weekday()]}）"
LATER = SOON + dt.timedelta(days=7)


def written(draft: Notice, **plan: object) -> str:
    """The body after staff have saved the page with it as it stood."""
    draft.refresh_from_db()
    letter = {"number": "", "signatory": ("", ""), "body": draft.body}
    return composing.change(draft.pk, NOBODY, letter=letter, plan=plan).body


def test_the_proposed_text_names_the_deadline_and_follows_it(draft: Notice) -> None:
    before = draft.body
    assert written(draft, deadline=SOON) == f"{before}\n{stating.due(SOON)}"
    assert stating.due(SOON) == f"なお、会員薬局の確認期限は、{LONG}です。"
    assert written(draft, deadline=LATER) == f"{before}\n{stating.due(LATER)}"
    assert written(draft, deadline=None) == before


def test_the_proposed_text_asks_for_the_set_up_where_the_plan_does(draft: Notice) -> None:
    before, request = draft.body, sentences.text("set_up")
    assert "手順に沿った設定" in request
    assert written(draft, ask=Release.Ask.SET_UP) == f"{before}\n{request}"
    assert written(draft, deadline=SOON) == f"{before}\n{request}\n{stating.due(SOON)}"
    assert written(draft, ask=Release.Ask.CONFIRM) == f"{before}\n{stating.due(SOON)}"
    assert written(draft, ask=Release.Ask.SET_UP) == f"{before}\n{request}\n{stating.due(SOON)}"


def test_a_request_to_set_up_that_staff_have_written_already_is_not_written_twice(draft: Notice) -> None:
    own = f"{draft.body}\n{sentences.text('set_up')}"
    Notice.objects.filter(pk=draft.pk).update(body=own)
    assert written(draft, ask=Release.Ask.SET_UP) == own


def test_what_staff_have_written_of_the_deadline_is_theirs(draft: Notice) -> None:
    own = f"{draft.body}\n{SOON.month}月{SOON.day}日までにご確認ください。"
    Notice.objects.filter(pk=draft.pk).update(body=own)
    assert written(draft, deadline=SOON) == own
    assert written(draft, deadline=LATER).startswith(own)


def test_a_sentence_of_the_deadline_that_staff_have_taken_out_does_not_come_back(draft: Notice) -> None:
    without = draft.body
    assert written(draft, deadline=SOON) != without
    letter = {"number": "", "signatory": ("", ""), "body": without}
    assert composing.change(draft.pk, NOBODY, letter=letter, plan={"deadline": LATER}).body == without
    assert written(draft, deadline=SOON) == without


def test_the_association_may_say_it_in_its_own_words(draft: Notice) -> None:
    sentences.change("due", "会員の皆さまのお返事は、{確認期限}までにお願いします。", NOBODY)
    assert f"お返事は、{LONG}までに" in written(draft, deadline=SOON)
    with pytest.raises(sentences.NotASentence, match="いつまでか"):
        sentences.change("due", "お早めにお願いします。お早めにお願いします。", NOBODY)


def test_the_check_page_asks_where_the_letter_is_silent_about_the_set_up(desk: Client, draft: Notice) -> None:
    Release.objects.filter(notice=draft).update(ask=Release.Ask.SET_UP)
    Notice.objects.filter(pk=draft.pk).update(body="ご確認ください。")
    check = reverse("notices:check", args=[draft.pk])
    assert "設定のお願いが、文書に書かれていません。" in text(desk.get(check))
    Notice.objects.filter(pk=draft.pk).update(body="別添2により設定してください。")
    assert "設定のお願い" not in text(desk.get(check))


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("ご確認ください。", "が、文書に書かれていません。"),
        ("１月１５日（金）までにご確認ください。", "文書に「1月15日」までとあります。"),
    ],
)
def test_the_check_page_asks_where_the_letter_names_no_deadline_or_another(
    desk: Client, draft: Notice, body: str, asks: str
) -> None:
    Release.objects.filter(notice=draft).update(deadline=dt.date(2027, 1, 22))
    Notice.objects.filter(pk=draft.pk).update(body=body)
    check = reverse("notices:check", args=[draft.pk])
    assert asks in text(desk.get(check))
    Notice.objects.filter(pk=draft.pk).update(body="1月22日までにご確認ください。")
    page = text(desk.get(check))
    assert "書かれていません" not in page
    assert "までとあります" not in page


def test_the_letter_of_a_correction_says_what_has_changed(cast: Cast, desk: Client) -> None:
    old = cast.released(deadline=SOON, ask=Release.Ask.CONFIRM)
    new = correcting.draft_correction(old.notice_id, NOBODY)
    assert new.body.endswith(stating.due(SOON))
    check = reverse("notices:check", args=[new.pk])
    body = written(new, changed="期限を改めました。\n手順は同じです。", deadline=LATER)
    lines = body.splitlines()
    place = lines.index("変わったところは、次のとおりです。")
    assert "訂正いたします" in lines[place - 1]
    assert lines[place + 1 : place + 3] == ["期限を改めました。", "手順は同じです。"]
    assert lines[-1] == stating.due(LATER)
    assert stating.due(SOON) not in body
    assert "書かれていません" not in text(desk.get(check))
    assert "期限を改めました。" not in written(new, changed="期限だけです。", deadline=LATER)
    Notice.objects.filter(pk=new.pk).update(body="訂正いたします。")
    page = text(desk.get(check))
    assert "「変わったところ」が、文書に書かれていません。" in page


def test_a_correction_of_a_correction_says_only_its_own_changes(cast: Cast) -> None:
    first = correcting.draft_correction(cast.released().notice_id, NOBODY)
    body = written(first, changed="期限を改めました。")
    again = cast.released("（訂正）通知", changed="期限を改めました。")
    Notice.objects.filter(pk=again.notice_id).update(body=body)
    composing.discard(first.pk, NOBODY)
    assert "変わったところ" not in correcting.draft_correction(again.notice_id, NOBODY).body


def test_the_letter_of_a_withdrawal_says_why(cast: Cast, desk: Client) -> None:
    new = correcting.draft_withdrawal(cast.released().notice_id, NOBODY)
    body = written(new, changed="届出が要らなくなりました。\n経過措置はありません。")
    lines = body.splitlines()
    place = lines.index("理由は、次のとおりです。")
    assert "この内容は廃止いたします" in lines[place - 1]
    assert lines[place + 1 :] == ["届出が要らなくなりました。", "経過措置はありません。"]
    check = reverse("notices:check", args=[new.pk])
    assert "書かれていません" not in text(desk.get(check))
    assert written(new, changed="番号の誤りです。").splitlines()[place + 1 :] == ["番号の誤りです。"]
    Notice.objects.filter(pk=new.pk).update(body="廃止いたします。")
    assert "「廃止の理由」が、文書に書かれていません。" in text(desk.get(check))


def test_a_correction_of_a_withdrawal_keeps_why_it_was_withdrawn(cast: Cast) -> None:
    new = correcting.draft_withdrawal(cast.released().notice_id, NOBODY)
    body = written(new, changed="届出が要らなくなりました。")
    out = cast.released("廃止について", ask=Release.Ask.INFORM, changed="届出が要らなくなりました。")
    Notice.objects.filter(pk=out.notice_id).update(body=body)
    corrected = written(correcting.draft_correction(out.notice_id, NOBODY), changed="番号を改めました。").splitlines()
    assert "届出が要らなくなりました。" in corrected and "番号を改めました。" in corrected
