"""Several people at the same moment: one of them does it, the others are told."""

import pytest

from members.history import Actor
from notices.letters import addressing, composing
from notices.models import Approval, DocumentNumber, Notice, Release
from notices.procedures import approve, issue, refusals
from tests.cast import Cast
from tests.letters.approval.reading import now, today, verbs
from tests.letters.approval.together import together


@pytest.mark.django_db(transaction=True)
def test_of_several_who_decide_at_once_one_does_and_the_others_are_told(
    asked: Approval, draft: Notice, staff: Actor, administrator: Actor
) -> None:
    outcomes = together(
        lambda: approve.approve(asked.pk, today(), administrator),
        lambda: approve.approve(asked.pk, today(), staff),
        lambda: approve.send_back(asked.pk, "番号を直してください。", administrator),
        lambda: approve.take_back(asked.pk, staff),
    )
    told = [outcome for outcome in outcomes if isinstance(outcome, refusals.AlreadyDecided)]
    assert len(told) == 3 and all(refusal.words for refusal in told)
    assert draft.numbers.count() == (1 if now(asked).is_given else 0)
    assert len(verbs()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_approving_at_once_get_two_numbers(cast: Cast, staff: Actor, administrator: Actor) -> None:
    requests = [approve.ask(cast.draft(f"通知 {number}").pk, today(), staff) for number in range(4)]
    together(*(lambda each=each: approve.approve(each.pk, today(), administrator) for each in requests))
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_once_there_is_one_request(draft: Notice, staff: Actor) -> None:
    outcomes = together(*[lambda: approve.ask(draft.pk, today(), staff)] * 3)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyAsked", "AlreadyAsked", "Approval"]


@pytest.mark.django_db(transaction=True)
def test_a_draft_changed_in_the_moment_of_asking_is_asked_for_as_it_is_then(
    cast: Cast, draft: Notice, staff: Actor, administrator: Actor
) -> None:
    def change() -> None:
        addressing.address(draft.pk, staff, scope="districts", districts=[cast.shirasagi], tags=[])

    outcomes = together(change, lambda: approve.ask(draft.pk, today(), staff))
    changed = not any(isinstance(outcome, composing.StandsFast) for outcome in outcomes)
    assert (Release.objects.get(notice=draft).scope == "districts") == changed
    assert approve.approve(draft.approvals.get().pk, today(), administrator).is_given


@pytest.mark.django_db(transaction=True)
def test_released_and_opened_again_at_once_it_is_one_of_the_two(cast: Cast, draft: Notice, staff: Actor) -> None:
    cast.approved(draft)
    outcomes = together(lambda: issue.release(draft.pk, staff), lambda: approve.reopen(draft.pk, staff))
    refused = [outcome for outcome in outcomes if isinstance(outcome, refusals.CannotRelease)]
    assert len(refused) == 1
    draft.refresh_from_db()
    released = draft.state == Notice.State.RELEASED
    assert isinstance(refused[0], refusals.AlreadyReleased if released else refusals.NotApproved)
    assert draft.approval.state == ("approved" if released else "lapsed")
    assert draft.release.receipts.exists() == released
