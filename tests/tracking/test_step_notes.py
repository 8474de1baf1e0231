"""補足: what many ask about a step is answered beside it, dated, for all; the released step stays as it is."""

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Event
from notices.models import HelpRequest, Receipt, Release, Step, StepNote
from notices.tracking import helping, step_notes
from notices.tracking.facts import HoldsSecret
from tests.boards.reading import rows, text_of
from tests.cast import Cast
from tests.rows import changed, everything
from tests.tracking.conftest import BY_HAND, acting, page

NOTE = "先に手順 3 を終えてください。\n一度ログアウトすると選べます。"


def address(step: Step) -> str:
    return reverse("notices:step_note", args=[step.pk])


def test_a_note_is_written_changed_and_removed_and_the_history_keeps_each_text(
    confirmed: Receipt, steps: list[Step], cast: Cast
) -> None:
    staff, step, board = cast.client("staff"), steps[4], reverse("notices:notice", args=[confirmed.release.notice_id])
    assert "まだありません" in text_of(staff.get(address(step)))
    answer = staff.post(f"{address(step)}?next={board}", {"text": f" {NOTE}\n"}, follow=True)
    assert "補足を出しました。" in text_of(answer)
    note = StepNote.objects.get()
    assert (note.text.replace("\r", ""), note.written_by) == (NOTE, cast.capacities["staff"].account)
    assert "補足は変わっていません。" in text_of(staff.post(address(step), {"text": NOTE}, follow=True))
    staff.post(address(step), {"text": "電話でお知らせください。"})
    assert "補足を消しました。" in text_of(staff.post(address(step), {"do": "remove"}, follow=True))
    assert "補足は、もうありません。" in text_of(staff.post(address(step), {"do": "remove"}, follow=True))
    assert not StepNote.objects.exists()
    told = [(event.verb, event.detail["before"], event.detail["after"]) for event in step_notes.events(step)]
    assert told == [
        ("step.note_removed", "電話でお知らせください。", ""),
        ("step.note_changed", NOTE, "電話でお知らせください。"),
        ("step.note_written", "", NOTE),
    ]
    shown = text_of(staff.get(address(step)))
    assert "消しました" in shown and "先に手順 3 を終えてください。" in shown
    assert "手順の補足を消した" in text_of(staff.get(board))


def test_everybody_who_works_the_step_off_sees_the_note_with_its_date(
    confirmed: Receipt, steps: list[Step], cast: Cast, client: Client
) -> None:
    step_notes.write(steps[4].pk, NOTE, actor=acting(cast, "staff"))
    own = reverse("notices:own_receipt", args=[confirmed.pk])
    for who, where in (
        (client, page(confirmed)),
        (client, page(confirmed, "personal_help")),
        (cast.client("pharmacy"), own),
    ):
        shown = text_of(who.get(where))
        assert "県薬剤師会からの補足" in shown and "一度ログアウトすると選べます。" in shown, where
    staff = cast.client("staff")
    asked = helping.ask(confirmed.pk, steps[4].pk, "選べません", **BY_HAND)
    for where in (
        reverse("notices:notice", args=[confirmed.release.notice_id]),
        reverse("notices:help_request", args=[asked.pk]),
    ):
        assert "一度ログアウトすると選べます。" in text_of(staff.get(where)), where


def test_whoever_is_refused_reads_the_note_of_the_step_that_was_chosen(
    confirmed: Receipt, steps: list[Step], cast: Cast, client: Client
) -> None:
    step_notes.write(steps[4].pk, NOTE, actor=acting(cast, "staff"))
    where = page(confirmed, "personal_help") + "?step="
    refused = client.post(where, {"step": steps[4].pk, "note": "パスワードは abc12345 です"})
    assert refused.status_code == 422
    assert "ほかの手順の補足" not in text_of(refused) and "補足が出ている手順" not in text_of(refused)
    assert "これで進めました" in text_of(refused)


def test_the_board_shows_a_note_where_nobody_stands(guided: Release, steps: list[Step], cast: Cast) -> None:
    board = reverse("notices:notice", args=[guided.notice_id])
    step_notes.write(steps[9].pk, NOTE, actor=acting(cast, "staff"))
    assert "一度ログアウトすると選べます。" in text_of(cast.client("staff").get(board))


def test_a_secret_an_empty_and_a_long_note_are_refused(steps: list[Step], cast: Cast) -> None:
    staff, before = cast.client("staff"), everything()
    for text, words in (
        ("暗証番号は 4726 です", "暗証番号は ＊＊＊＊＊＊＊＊＊＊ です"),
        ("　\n", "補足を書いてください。"),
        ("字" * 501, "500"),
    ):
        answer = staff.post(address(steps[4]), {"text": text})
        assert answer.status_code == 422
        assert words in answer.content.decode() and "4726" not in answer.content.decode()
    with pytest.raises(HoldsSecret):
        step_notes.write(steps[4].pk, "パスワードは abcd1234 です", actor=acting(cast, "staff"))
    with pytest.raises(step_notes.NoNote):
        step_notes.write(steps[4].pk, " ", actor=acting(cast, "staff"))
    assert changed(before) == set()


def test_only_steps_to_tick_of_a_released_notice_have_notes(steps: list[Step], cast: Cast) -> None:
    drafted = Step.objects.create(notice=cast.draft(), position=1, title="下書きの手順")
    for step in (drafted, steps[12]):
        assert cast.client("staff").get(address(step)).status_code == 404
        with pytest.raises(Step.DoesNotExist):
            step_notes.write(step.pk, NOTE, actor=acting(cast, "staff"))


def test_a_superseded_notice_takes_no_note_and_keeps_the_way_to_remove(
    guided: Release, steps: list[Step], cast: Cast
) -> None:
    step_notes.write(steps[4].pk, NOTE, actor=acting(cast, "staff"))
    new = cast.released("（訂正）", ask=Release.Ask.SET_UP)
    cast.supersede(guided, new)
    staff = cast.client("staff")
    shown = text_of(staff.get(address(steps[4])))
    assert "補足は書けません。" in shown and "補足を消す" in shown and "補足を薬局の画面に出す" not in shown
    assert "何も変えていません。" in text_of(staff.post(address(steps[4]), {"text": "別の文"}, follow=True))
    assert StepNote.objects.get().text == NOTE


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_notes_are_written_by_staff_only(steps: list[Step], cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert client.get(address(steps[4])).status_code == 404
    assert client.post(address(steps[4]), {"text": NOTE}).status_code == 404
    assert not StepNote.objects.exists()


def test_questions_are_counted_by_step_and_a_note_can_answer_those_who_wait(
    guided: Release, steps: list[Step], cast: Cast
) -> None:
    staff, pharmacies = cast.client("staff"), [cast.receipt(guided, each) for each in cast.pharmacies[:4]]
    asked = [helping.ask(receipt.pk, steps[4].pk, "選べません", **BY_HAND) for receipt in pharmacies[:3]]
    helping.answer(asked[0].pk, "お電話しました", actor=acting(cast, "staff"))
    helping.ask(pharmacies[3].pk, None, "全体が分かりません", **BY_HAND)
    listing = reverse("notices:help_requests")
    shown = staff.get(listing)
    first, second = shown.context["steps"]
    assert (first.step, first.number, first.open, first.waiting, first.since) == (
        *(steps[4], 5, 3, 2),
        asked[1].asked_at,
    )
    assert (second.step, second.open, second.waiting) == (None, 1, 1)
    assert "3 薬局の相談を見る 2 1 分未満" in text_of(shown)
    notice = guided.notice_id
    for query, count in (({"step": steps[4].pk}, 3), ({"step": "whole"}, 1), ({"step": steps[5].pk}, 0)):
        assert len(staff.get(listing, query | {"notice": notice}).context["table"].rows) == count, query
    assert len(staff.get(listing, {"step": steps[4].pk}).context["table"].rows) == 4  # a step is of a notice
    assert staff.get(listing, {"notice": "²", "step": "x"}).status_code == 200
    assert "回答を待っている 2 件の相談にも、この文で回答する" in text_of(staff.get(address(steps[4])))
    answer = staff.post(address(steps[4]), {"text": NOTE, "answer": "on"}, follow=True)
    assert "回答を待っていた 2 件の相談にも、同じ文で回答しました。" in text_of(answer)
    answers = dict(HelpRequest.objects.filter(step=steps[4]).values_list("pk", "answer"))
    assert {key: text.replace("\r", "") for key, text in answers.items()} == {
        asked[0].pk: "お電話しました",
        asked[1].pk: NOTE,
        asked[2].pk: NOTE,
    }
    assert Event.objects.filter(verb="help.answered").count() == 3
    assert [row[-3] for row in rows(staff.get(listing, {"notice": notice, "step": steps[4].pk}))] == ["–", "–", "–"]
