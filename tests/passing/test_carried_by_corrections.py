"""訂正: a correction begins where each pharmacy had got to, and an open question goes on at it."""

from collections.abc import Iterable

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Event
from notices import succession, tallies
from notices.boards import today
from notices.boards.progress import totals
from notices.models import HelpRequest, Receipt, Release, Step, StepNote
from notices.models.receipt import Via
from notices.procedures import issue
from notices.tracking import carried, confirming, helping, setup, step_notes
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.test_superseding import corrected, draft, withdrawn
from tests.passing.conftest import Way
from tests.passing.test_following_up import step_of
from tests.tracking.conftest import guide, page


@pytest.fixture
def by(cast: Cast) -> dict[str, object]:
    return {"actor": cast.actor("staff"), "via": Via.PERSONAL}


@pytest.fixture
def old(cast: Cast, by: dict[str, object]) -> Release:
    """One finished, one 対象外, one has done the first step and asks about it, one confirmed, two did nothing."""
    release = guide(cast)
    first, second, third, fourth, *_ = (cast.receipt(release, each) for each in cast.pharmacies)
    setup.finish(first.pk, **by)
    setup.mark_not_applicable(second.pk, "訪問を行っていない", **by)
    confirming.confirm(third.pk, **by)
    setup.tick(third.pk, step_of(release.notice).pk, **by)
    helping.ask(third.pk, step_of(release.notice).pk, "画面が出ません", **by)
    confirming.confirm(fourth.pk, **by)
    return release


def changed(old: Release, cast: Cast, **step: str) -> Release:
    """Its correction, of which the first step says something else."""
    new = draft(old, cast)
    Step.objects.filter(pk=step_of(new).pk).update(**step)
    return issue.release(cast.approved(new).pk, cast.actor("staff"))


def test_steps_that_were_done_are_done_already_and_nobody_has_confirmed(cast: Cast, old: Release):
    new = corrected(old, cast)
    assert not new.receipts.confirmed().exists()
    third = cast.receipt(new, cast.pharmacies[2])
    [tick] = third.ticks.all()
    [before] = cast.receipt(old, cast.pharmacies[2]).ticks.all()
    assert (tick.step.notice_id, tick.step.title) == (new.notice_id, before.step.title)
    assert (tick.ticked_at, tick.via, tick.ticked_by) == (before.ticked_at, before.via, before.ticked_by)
    assert carried.of(third).steps == 1
    assert third.carried_from is None, "the earlier one is not answered any more"


def test_a_step_whose_text_changed_is_open_again_and_nobody_is_through(cast: Cast, old: Release, by: dict[str, object]):
    new = changed(old, cast, title="別の手順")
    first, _, third, *_ = (cast.receipt(new, each) for each in cast.pharmacies)
    assert not third.ticks.exists()
    before = step_of(old.notice).title
    said = text_of(Client().get(page(third)))
    assert f"済みは引き継いでいません：「{before}」" in said
    assert confirming.confirm(first.pk, **by).finished_at is None


def test_a_hint_added_to_a_step_leaves_it_done(cast: Cast, old: Release):
    new = changed(old, cast, hint="青いボタンです。")
    assert cast.receipt(new, cast.pharmacies[2]).ticks.count() == 1


def test_where_no_step_changed_what_was_finished_stays_so_once_the_correction_is_confirmed(
    cast: Cast, old: Release, by: dict[str, object]
):
    new = corrected(old, cast)
    pharmacy = cast.client("pharmacy")
    first = cast.receipt(new, cast.pharmacies[0])
    page = pharmacy.get(reverse("notices:own_receipt", args=[first.pk]))
    assert f"前の通知（{old.notice.number_text}）で「完了」と答えています。" in text_of(page)
    assert "「確認しました」を押すと、この答えを引き継ぎます。" in text_of(page)
    pharmacy.post(reverse("notices:own_receipt_confirm", args=[first.pk]))
    first.refresh_from_db()
    assert first.finished_at is not None
    second = confirming.confirm(cast.receipt(new, cast.pharmacies[1]).pk, **by)
    second.refresh_from_db()
    assert second.not_applicable_reason == "訪問を行っていない"
    assert confirming.confirm(cast.receipt(new, cast.pharmacies[3]).pk, **by).finished_at is None


def test_what_was_taken_back_of_a_correction_is_not_finished_in_the_next(
    cast: Cast, old: Release, by: dict[str, object]
):
    first = corrected(old, cast)
    mine = cast.receipt(first, cast.pharmacies[0])
    confirming.confirm(mine.pk, **by)
    setup.reopen(mine.pk, **by)
    second = corrected(first, cast)
    assert confirming.confirm(cast.receipt(second, cast.pharmacies[0]).pk, **by).finished_at is None
    assert cast.receipt(second, cast.pharmacies[2]).ticks.count() == 1


def test_an_open_question_is_at_the_correction_and_only_there(cast: Cast, old: Release):
    """Staff see it once, about the correction's step; the boards of both count it where it stands."""
    tallies.settle()
    new = corrected(old, cast)
    asked = HelpRequest.objects.get()
    third = cast.receipt(new, cast.pharmacies[2])
    assert (asked.receipt, asked.step) == (third, step_of(new.notice))
    assert (totals(old).pharmacies.needs_help, totals(new).pharmacies.needs_help) == (0, 1)
    assert list(today.questions()) == [asked]
    event = Event.objects.get(verb="help.carried")
    assert (event.subject_id, event.detail["help"], event.detail["step"]) == (third.pk, asked.pk, 1)
    staff = cast.client("staff")
    listed = staff.get(reverse("notices:help_requests"))
    assert [row.record for row in listed.context["table"].rows] == [asked]
    helping.answer(asked.pk, "再起動してください。", actor=cast.actor("staff"))
    assert helping.of(third)[0].answer == "再起動してください。"


def test_the_question_says_at_which_notice_it_was_asked_before_the_correction(cast: Cast, old: Release):
    """At the same step, too, and however often the notice was corrected since."""
    asked, staff = HelpRequest.objects.get(), cast.client("staff")
    where = reverse("notices:help_request", args=[asked.pk])
    assert "前の通知" not in text_of(staff.get(where))
    first = corrected(old, cast)
    corrected(first, cast)
    shown = staff.get(where)
    assert f"前の通知 {old.notice.number_text} について聞かれた相談です。" in text_of(shown)
    assert f'href="{reverse("notices:notice", args=[old.notice_id])}"' in shown.content.decode()
    asked.refresh_from_db()
    assert asked.step, "it stands at the same step"


def test_an_answer_given_while_the_question_is_carried_over_stays(
    cast: Cast, old: Release, monkeypatch: pytest.MonkeyPatch
):
    asked, noted = HelpRequest.objects.get(), tallies.note

    def meanwhile(receipts: Iterable[Receipt]) -> None:
        helping.answer(asked.pk, "再起動してください。", actor=cast.actor("staff"))
        noted(receipts)

    monkeypatch.setattr(tallies, "note", meanwhile)
    new = corrected(old, cast)
    asked.refresh_from_db()
    assert (asked.receipt.release, asked.answer) == (new, "再起動してください。")


def test_a_question_about_a_step_that_is_gone_says_which_it_was(cast: Cast, old: Release):
    """It is about the whole then; both sides read the number of the notice and how the step was worded."""
    step = step_of(old.notice)
    new = changed(old, cast, title="別の手順")
    asked = HelpRequest.objects.get()
    assert (asked.receipt.release, asked.step, asked.note) == (new, None, "画面が出ません")
    said = f"{old.notice.number_text}の手順 1「{step.title}」"
    staff = cast.client("staff")
    pages = [
        reverse("notices:help_request", args=[asked.pk]),
        reverse("notices:help_requests"),
        reverse("notices:receipt", args=[asked.receipt_id]),
        reverse("notices:today"),
    ]
    assert [there for there in pages if said not in text_of(staff.get(there))] == []
    assert said in text_of(Client().get(page(cast.receipt(new, cast.pharmacies[2]))))
    corrected(new, cast)
    asked.refresh_from_db()
    assert asked.about == said, "whatever is corrected next"


def test_what_was_settled_and_what_was_withdrawn_stays_where_it_was(cast: Cast, old: Release):
    asked = HelpRequest.objects.get()
    withdrawn(old, cast)
    asked.refresh_from_db()
    assert asked.receipt.release == old, "a withdrawal answers nothing"


def test_who_missed_a_correction_goes_on_at_the_next_one(way: Way):
    """The district passed on the notice and its second correction, never the first."""
    letter = way.pass_on()
    first, second = (way.cast.receipt(letter, each) for each in way.cast.pharmacies[:2])
    by = {"actor": way.actor("staff"), "via": Via.PERSONAL}
    setup.finish(first.pk, **by)
    confirming.confirm(second.pk, **by)
    setup.tick(second.pk, step_of(letter.notice).pk, **by)
    helping.ask(second.pk, step_of(letter.notice).pk, "画面が出ません", **by)
    newest = way.pass_on(release=corrected(corrected(way.release, way.cast), way.cast), deadline=None)
    assert confirming.confirm(way.cast.receipt(newest, first.organisation).pk, **by).finished_at
    mine = way.cast.receipt(newest, second.organisation)
    assert mine.ticks.get().step.notice == newest.notice
    assert HelpRequest.objects.get().receipt == mine


def test_of_several_notices_before_the_newest_that_a_pharmacy_has_goes_on(
    cast: Cast, old: Release, by: dict[str, object]
):
    """The fourth had done a step of the notice, and took it back at the correction."""
    step = step_of(old.notice)
    setup.tick(cast.receipt(old, cast.pharmacies[3]).pk, step.pk, **by)
    first = corrected(old, cast)
    at_first = cast.receipt(first, cast.pharmacies[3])
    confirming.confirm(at_first.pk, **by)
    setup.untick(at_first.pk, step_of(first.notice).pk, **by)
    second = corrected(first, cast)
    assert not cast.receipt(second, cast.pharmacies[3]).ticks.exists()
    assert succession.corrected(second)[cast.pharmacies[3].pk] == at_first


def test_a_note_beside_a_step_stands_beside_it_in_the_correction_too(cast: Cast, old: Release):
    """With its date and who wrote it; beside a step whose text changed it says nothing that is still true."""
    first, second = (step for step in old.notice.steps.filter(group=Step.Group.PC)[:2])
    for step in (first, second):
        step_notes.write(step.pk, f"{step.position} の補足", actor=cast.actor("staff"))
    before = StepNote.objects.get(step=second)
    new = changed(old, cast, title="別の手順")
    [note] = StepNote.objects.filter(step__notice=new.notice)
    assert (note.step.title, note.text) == (second.title, "2 の補足")
    assert (note.written_at, note.written_by) == (before.written_at, before.written_by)
    [event] = step_notes.events(note.step)
    assert (event.verb, event.detail["after"]) == ("step.note_carried", "2 の補足")
    shown = text_of(cast.client("staff").get(reverse("notices:step_note", args=[note.step_id])))
    assert "前の通知から引き継ぎました" in shown


def test_through_districts_the_letters_of_a_correction_carry_over_as_well(way: Way):
    letter = way.pass_on()
    first = letter.receipts.get(organisation=way.cast.pharmacies[0])
    second = letter.receipts.get(organisation=way.cast.pharmacies[1])
    by = {"actor": way.actor("staff"), "via": Via.PERSONAL}
    setup.finish(first.pk, **by)
    confirming.confirm(second.pk, **by)
    setup.tick(second.pk, step_of(letter.notice).pk, **by)
    helping.ask(second.pk, step_of(letter.notice).pk, "画面が出ません", **by)
    new = way.pass_on(release=corrected(way.release, way.cast), deadline=None)
    assert confirming.confirm(new.receipts.get(organisation=way.cast.pharmacies[0]).pk, **by).finished_at
    third = new.receipts.get(organisation=way.cast.pharmacies[1])
    assert third.ticks.get().step.notice == new.notice
    assert HelpRequest.objects.get().receipt == third
