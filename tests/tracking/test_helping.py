"""「困っています」: asked without secrets, answered by staff, closed by either side."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Event
from members.secrets import MASK
from notices.models import HelpRequest, Receipt, Relation, Release, Step
from notices.models.receipt import Via
from notices.templatetags.screen import waiting
from notices.tracking import helping, setup
from notices.tracking.facts import HoldsSecret, NothingAsked
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, page, queries, text, verbs


def test_a_question_on_a_step_is_kept_and_the_same_one_twice_is_one(confirmed: Receipt, steps: list[Step]) -> None:
    first = helping.ask(confirmed.pk, steps[4].pk, "権限区分が選べません", **BY_HAND)
    assert helping.ask(confirmed.pk, steps[4].pk, "権限区分が選べません", **BY_HAND) == first
    assert verbs(confirmed) == ["receipt.confirmed", "help.asked"]
    assert Event.objects.get(verb="help.asked").detail["step"] == 5


def test_a_step_of_another_notice_cannot_be_asked_about(confirmed: Receipt, cast: Cast) -> None:
    other = Step.objects.create(notice=cast.draft(), position=1, title="よその手順")
    with pytest.raises(Step.DoesNotExist):
        helping.ask(confirmed.pk, other.pk, "", **BY_HAND)


def test_nothing_is_asked_about_a_notice_that_asks_nothing(cast: Cast) -> None:
    receipt = cast.receipt(cast.released(ask=Release.Ask.INFORM), cast.pharmacies[0])
    with pytest.raises(NothingAsked):
        helping.ask(receipt.pk, None, "", **BY_HAND)


def test_secrets_are_kept_by_neither_side(confirmed: Receipt, cast: Cast) -> None:
    with pytest.raises(HoldsSecret):
        helping.ask(confirmed.pk, None, "暗証番号は 4726 です", **BY_HAND)
    asked = helping.ask(confirmed.pk, None, "初期パスワードが分からない", **BY_HAND)
    with pytest.raises(HoldsSecret):
        helping.answer(asked.pk, "パスワードは abcd1234 です", actor=acting(cast, "staff"))


def test_an_answer_in_writing_stays_open_and_one_by_telephone_settles(confirmed: Receipt, cast: Cast) -> None:
    staff = acting(cast, "staff")
    asked = helping.ask(confirmed.pk, None, "分かりません", **BY_HAND)
    written = helping.answer(asked.pk, "手順 3 を先に", actor=staff)
    assert written.answered_by == staff.account and written.closed_at is None
    called = helping.answer(asked.pk, "電話で説明した", actor=staff, by_telephone=True)
    assert called.closed_at and called.closed_by == staff.account
    assert verbs(confirmed)[1:] == ["help.asked", "help.answered", "help.answered", "help.closed"]


def test_an_empty_answer_is_none(confirmed: Receipt, cast: Cast) -> None:
    asked = helping.ask(confirmed.pk, None, "分かりません", **BY_HAND)
    with pytest.raises(helping.NoAnswer):
        helping.answer(asked.pk, " 　\n", actor=acting(cast, "staff"))


def test_closing_twice_keeps_the_first_time(confirmed: Receipt) -> None:
    asked = helping.ask(confirmed.pk, None, "", **BY_HAND)
    first = helping.close(asked.pk, **BY_HAND).closed_at
    assert helping.close(asked.pk, actor=BY_HAND["actor"], via=Via.SIGNED_IN).closed_at == first


def test_a_refused_note_comes_back_masked_and_nothing_is_kept(confirmed: Receipt, client: Client) -> None:
    step = confirmed.release.notice.steps.all()[4]
    typed = {"step": step.pk, "note": "初期パスワードの abcd1234 で入れません。画面は出ます。"}
    answer = client.post(page(confirmed, "personal_help"), typed)
    assert answer.status_code == 422
    assert "まだ送っていません" in text(answer)
    assert "初期パスワードの ＊＊＊＊＊＊＊＊＊＊ で入れません。画面は出ます。" in text(answer)
    assert "abcd1234" not in text(answer)
    assert f'<option value="{step.pk}" selected>' in text(answer)
    assert not HelpRequest.objects.exists()


def test_a_code_in_groups_is_masked_whole_and_may_be_sent_then(confirmed: Receipt, client: Client) -> None:
    address = page(confirmed, "personal_help")
    answer = client.post(address, {"note": "端末コードは 8F3K-22LM-9QZ です"})
    assert answer.status_code == 422 and "9QZ" not in text(answer)
    client.post(address, {"note": f"端末コードは {MASK} です"})
    assert HelpRequest.objects.get().note == f"端末コードは {MASK} です"


def test_another_number_to_call_back_comes_with_the_question(confirmed: Receipt, client: Client) -> None:
    registered = confirmed.organisation.telephone
    asking = {"note": "初期パスワード", "telephone": registered}
    address = page(confirmed, "personal_help")
    assert f'value="{registered}"' in text(client.get(address))
    client.post(address, asking)
    assert client.post(address, asking | {"telephone": registered.replace("-", "")}).status_code == 302
    secret = client.post(address, asking | {"telephone": "パスワード zzzz9999"})
    assert secret.status_code == 422 and "zzzz9999" not in text(secret)
    client.post(address, asking | {"telephone": "０９０１２３４５６７８"})
    assert client.post(address, asking | {"telephone": "1"}).status_code == 422
    told = HelpRequest.objects.order_by("pk").values_list("note", flat=True)
    assert list(told) == ["初期パスワード", "折り返しの電話：09012345678\n初期パスワード"]


def test_the_pharmacy_sees_the_answer_and_closes(confirmed: Receipt, client: Client, cast: Cast) -> None:
    client.post(page(confirmed, "personal_help"), {"step": "", "note": "進めません"})
    asked = HelpRequest.objects.get()
    assert "返事を待っています" in text(client.get(page(confirmed)))
    helping.answer(asked.pk, "手順 3 を先にしてください", actor=acting(cast, "staff"))
    assert "手順 3 を先にしてください" in text(client.get(page(confirmed)))
    client.post(page(confirmed, "personal_help_close"), {"help": asked.pk})
    asked.refresh_from_db()
    assert asked.closed_at
    assert "解決しました" not in text(client.get(page(confirmed)))


def test_who_is_done_waits_for_an_answer_only_while_none_has_come(
    confirmed: Receipt, client: Client, cast: Cast
) -> None:
    asked = helping.ask(confirmed.pk, None, "読み取れません。", **BY_HAND)
    setup.finish(confirmed.pk, **BY_HAND)
    assert "相談へのお返事は、この画面に出ます。" in text(client.get(page(confirmed)))
    helping.answer(asked.pk, "暗い所では読み取れません。", actor=acting(cast, "staff"))
    helping.close(asked.pk, **BY_HAND)
    shown = text(client.get(page(confirmed)))
    assert "することはもうありません。" in shown and "これまでの相談とお返事を見る" in shown
    assert "暗い所では読み取れません。" in text(client.get(page(confirmed, "personal_help")))


def test_nobody_closes_another_pharmacys_question(guided: Release, cast: Cast, client: Client) -> None:
    mine, theirs = (cast.receipt(guided, pharmacy) for pharmacy in cast.pharmacies[:2])
    asked = helping.ask(theirs.pk, None, "", **BY_HAND)
    assert client.post(page(mine, "personal_help_close"), {"help": asked.pk}).status_code == 404
    asked.refresh_from_db()
    assert asked.closed_at is None


def test_the_question_of_a_step_is_about_that_step(confirmed: Receipt, steps: list[Step], client: Client) -> None:
    asked_there = text(client.get(page(confirmed, "personal_help") + f"?step={steps[6].pk}"))
    assert f'<option value="{steps[6].pk}" selected>' in asked_there


def test_staff_see_who_waits_longest_first_and_answer(guided: Release, cast: Cast) -> None:
    staff = cast.client("staff")
    first, second = (cast.receipt(guided, pharmacy) for pharmacy in cast.pharmacies[:2])
    earlier = helping.ask(first.pk, None, "先の相談", **BY_HAND)
    helping.ask(second.pk, None, "後の相談", **BY_HAND)
    shown = text(staff.get(reverse("notices:help_requests")))
    assert shown.index("白鷺中央薬局") < shown.index("すみれ調剤薬局")
    staff.post(reverse("notices:help_request", args=[earlier.pk]), {"answer": "手順 3 を先に", "write": ""})
    shown = text(staff.get(reverse("notices:help_requests")))
    assert shown.index("すみれ調剤薬局") < shown.index("白鷺中央薬局")
    assert "手順 3 を先に" in text(staff.get(reverse("notices:help_request", args=[earlier.pk])))


def test_the_list_filters_by_state_district_and_name(guided: Release, cast: Cast) -> None:
    staff = cast.client("staff")
    for pharmacy in (cast.pharmacies[0], cast.pharmacies[3]):
        helping.ask(cast.receipt(guided, pharmacy).pk, None, "", **BY_HAND)
    helping.close(HelpRequest.objects.first().pk, **BY_HAND)
    address = reverse("notices:help_requests")
    for query, seen in [
        ({"state": "closed"}, "白鷺中央薬局"),
        ({"state": "open"}, "髙﨑薬局"),
        ({"district": cast.takaodai.pk}, "髙﨑薬局"),
        ({"q": "高崎"}, "髙﨑薬局"),
    ]:
        shown = text(staff.get(address, query))
        assert [name for name in ("白鷺中央薬局", "髙﨑薬局") if name in shown] == [seen], query


def test_questions_on_a_withdrawn_notice_say_so_and_are_still_answered(
    guided: Release, steps: list[Step], cast: Cast
) -> None:
    asked = helping.ask(cast.receipt(guided, cast.pharmacies[0]).pk, steps[0].pk, "分かりません", **BY_HAND)
    staff, there = cast.client("staff"), reverse("notices:help_request", args=[asked.pk])
    listed, note = reverse("notices:help_requests"), reverse("notices:step_note", args=[steps[0].pk])
    assert "廃止済" not in text(staff.get(listed)) + text(staff.get(there))
    cast.supersede(guided, cast.released("廃止", ask=Release.Ask.INFORM), Relation.Kind.WITHDRAWS)
    by_step, table = text(staff.get(listed)).split("すべての相談")
    assert "廃止済" in by_step and note not in by_step
    assert f"{guided.notice}（廃止済）</option>" in table
    assert "廃止済</span>" in table.split("<tbody")[1]
    shown = text(staff.get(there))
    assert "廃止済" in shown and "この通知は廃止されました。" in shown and note not in shown
    staff.post(there, {"answer": "代わりはありません", "write": ""})
    assert helping.of(asked.receipt)[0].answer == "代わりはありません"


def test_the_list_takes_the_same_queries_for_one_and_three_rows(guided: Release, cast: Cast) -> None:
    staff = cast.client("staff")
    address = reverse("notices:help_requests")
    counts = []
    for pharmacies in (cast.pharmacies[:1], cast.pharmacies[1:3]):
        for pharmacy in pharmacies:
            helping.ask(cast.receipt(guided, pharmacy).pk, None, "", **BY_HAND)
        counts.append(queries(lambda: staff.get(address)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("passed", "words"),
    [(0, "1 分未満"), (59, "1 分未満"), (1500, "25 分"), (3600, "1 時間"), (86399, "23 時間"), (2 * 86400, "2 日")],
)
def test_waiting_is_told_in_words(passed: int, words: str) -> None:
    assert waiting(timezone.now() - dt.timedelta(seconds=passed)) == words


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_questions_are_for_staff_only(confirmed: Receipt, cast: Cast, who: str) -> None:
    asked = helping.ask(confirmed.pk, None, "", **BY_HAND)
    client = cast.client(who)
    assert client.get(reverse("notices:help_requests")).status_code == 404
    assert client.post(reverse("notices:help_request", args=[asked.pk]), {"close": ""}).status_code == 404
