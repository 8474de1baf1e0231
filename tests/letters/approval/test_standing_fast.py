"""From the request on a draft stands fast; what becomes of it, and of its number, when it is opened again."""

from collections.abc import Callable

import pytest

from members import wareki
from members.history import Actor
from members.models import Event
from notices.letters import addressing, composing, enclosures, guide, numbering
from notices.letters.composing import StandsFast
from notices.letters.guide import StepLine
from notices.models import Approval, DocumentNumber, Notice
from notices.procedures import approve, issue, refusals
from tests.cast import Cast
from tests.letters.approval.reading import ANOTHER_YEAR, now, today


def changes(draft: Notice, staff: Actor) -> list[Callable[[], object]]:
    """Everything that changes a draft."""
    return [
        lambda: composing.change(draft.pk, staff, letter={}, plan={}),
        lambda: addressing.address(draft.pk, staff, scope="all", districts=[], tags=[]),
        lambda: guide.arrange(draft.pk, [StepLine("ログインする")], staff),
        lambda: enclosures.add(draft.pk, "別添", "資料", url="https://portal.example/"),
        lambda: composing.discard(draft.pk, staff),
    ]


def test_from_the_request_on_nobody_changes_the_draft(
    draft: Notice, asked: Approval, staff: Actor, administrator: Actor
) -> None:
    for _ in ("asked", "approved"):
        for change in changes(draft, staff):
            with pytest.raises(StandsFast):
                change()
        if now(asked).is_waiting:
            approve.approve(asked.pk, today(), administrator)


def test_an_approval_is_taken_back_to_change_the_draft_which_then_needs_another(
    cast: Cast, draft: Notice, staff: Actor
) -> None:
    cast.approved(draft)
    number = draft.number_text
    approve.reopen(draft.pk, staff)
    enclosures.add(draft.pk, "参考", "案内のページ", url="https://portal.example/")
    with pytest.raises(refusals.NotApproved):
        issue.release(draft.pk, staff)
    cast.approved(draft)
    assert Notice.objects.get(pk=draft.pk).number_text == number
    assert issue.release(draft.pk, staff).notice.number_text == number
    assert [each.state for each in draft.approvals.all()] == ["lapsed", "approved"]


def test_a_letter_moved_to_another_year_gets_another_number_and_the_first_is_left_out(
    cast: Cast, draft: Notice, staff: Actor
) -> None:
    cast.approved(draft)
    first = draft.numbers.get()
    approve.reopen(draft.pk, staff)
    cast.approved(draft, ANOTHER_YEAR)
    second = draft.numbers.get()
    first.refresh_from_db()
    reason = f"決裁のあとで別の年度の文書に変更（{draft.subject}）"
    assert (first.notice, first.void_reason) == (None, reason)
    assert second.fiscal_year == wareki.fiscal_year(ANOTHER_YEAR)
    event = Event.objects.get(verb="number.left_out")
    assert event.detail == {"number": first.text, "reason": numbering.OTHER_YEAR, "notice": draft.pk}


def test_a_number_of_a_discarded_draft_is_left_out_and_no_other_letter_gets_it(
    cast: Cast, draft: Notice, staff: Actor
) -> None:
    cast.approved(draft)
    text = draft.number_text
    approve.reopen(draft.pk, staff)
    composing.discard(draft.pk, staff)
    row = DocumentNumber.objects.get(text=text)
    assert (row.notice, row.void_reason) == (None, f"決裁のあとで下書きを破棄（{draft.subject}）")
    assert cast.approved(cast.draft("次の通知")).numbers.get().serial == row.serial + 1


def test_a_number_that_was_only_typed_is_free_again(cast: Cast, draft: Notice, staff: Actor) -> None:
    typed = f"{wareki.fiscal_year_in_era(today())}福薬業発第350号"
    numbering.claim(draft, cast.association, typed)
    composing.discard(draft.pk, staff)
    assert not DocumentNumber.objects.exists()
    assert numbering.claim(cast.draft(), cast.association, typed).serial == 350
