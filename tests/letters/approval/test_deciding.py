"""決裁: what goes out is what somebody has approved, once, with its number and date."""

import datetime as dt

import pytest

from members import wareki
from members.history import Actor
from members.models import Event
from notices.letters import addressing
from notices.letters.fingerprint import fingerprint_of
from notices.models import Approval, Notice
from notices.procedures import approve, issue, refusals
from tests.cast import Cast
from tests.letters.approval.reading import ANOTHER_YEAR, GIST, now, today, verbs


def test_a_request_keeps_who_asked_when_and_what_for(draft: Notice, asked: Approval, staff: Actor) -> None:
    assert (asked.state, asked.day, asked.gist) == ("asked", today(), GIST)
    assert (asked.asked_by, asked.asked_as, asked.decided_at) == (staff.account, staff.capacity, None)
    assert asked.fingerprint == fingerprint_of(draft.pk)
    event = Event.objects.get(verb="approval.asked")
    assert (event.subject_id, event.account) == (draft.pk, staff.account)
    assert "例年" not in str(event.detail)


def test_the_approval_fixes_date_and_number(draft: Notice, asked: Approval, administrator: Actor) -> None:
    assert not draft.numbers.exists()
    given = approve.approve(asked.pk, today(), administrator)
    draft.refresh_from_db()
    number = draft.numbers.get()
    assert (draft.state, draft.date) == (Notice.State.DRAFT, today())
    assert (number.serial, number.fiscal_year) == (1, wareki.fiscal_year(today()))
    assert number.reserved_at
    assert (given.decided_by, given.decided_as, given.is_given) == (administrator.account, administrator.capacity, True)
    assert given.fingerprint == fingerprint_of(draft.pk) != asked.fingerprint
    assert Event.objects.get(verb="approval.given").detail == {"number": number.text, "letter": given.fingerprint}


def test_what_was_approved_is_released_with_that_number_and_date(
    draft: Notice, asked: Approval, administrator: Actor, staff: Actor
) -> None:
    given = approve.approve(asked.pk, today(), administrator)
    release = issue.release(draft.pk, staff)
    draft.refresh_from_db()
    assert (draft.date, draft.number_text, release.approval) == (today(), draft.numbers.get().text, given)


def test_a_letter_may_be_dated_later_and_then_has_that_years_number(
    draft: Notice, asked: Approval, administrator: Actor, staff: Actor
) -> None:
    approve.approve(asked.pk, ANOTHER_YEAR, administrator)
    draft.refresh_from_db()
    assert draft.date == ANOTHER_YEAR
    assert draft.number_text == f"{wareki.fiscal_year_in_era(ANOTHER_YEAR)}福薬業発第1号"
    with pytest.raises(refusals.ReleasedInAnotherYear):
        issue.release(draft.pk, staff)


def test_the_last_of_march_and_the_first_of_april_are_of_two_years(
    cast: Cast, staff: Actor, administrator: Actor
) -> None:
    texts = []
    for day in (ANOTHER_YEAR - dt.timedelta(days=1), ANOTHER_YEAR, ANOTHER_YEAR):
        draft = cast.draft(f"{day} {len(texts)}")
        approve.approve(approve.ask(draft.pk, day, staff).pk, day, administrator)
        texts.append(draft.number_text)
    year = wareki.fiscal_year_in_era(ANOTHER_YEAR)
    assert texts == [f"{year - 1}福薬業発第1号", f"{year}福薬業発第1号", f"{year}福薬業発第2号"]


def test_an_own_letter_of_a_packet_keeps_its_date_and_is_released_whenever(
    cast: Cast, draft: Notice, staff: Actor
) -> None:
    Notice.objects.filter(pk=draft.pk).update(number_fixed=True, date=dt.date(2024, 10, 30))
    cast.approved(draft)
    assert draft.date == dt.date(2024, 10, 30)
    assert issue.release(draft.pk, staff).released_on == today()


def test_a_letter_is_not_dated_before_the_day_on_which_it_is_asked_for(
    draft: Notice, asked: Approval, staff: Actor, administrator: Actor
) -> None:
    yesterday = today() - dt.timedelta(days=1)
    with pytest.raises(refusals.DateOver):
        approve.approve(asked.pk, yesterday, administrator)
    approve.take_back(asked.pk, staff)
    with pytest.raises(refusals.DateOver):
        approve.ask(draft.pk, yesterday, staff)
    with pytest.raises(refusals.DateTooFar):
        approve.ask(draft.pk, dt.date(9999, 12, 31), staff)


def test_what_could_not_be_released_is_not_asked_for(cast: Cast, staff: Actor) -> None:
    late = cast.draft(deadline=today())
    with pytest.raises(refusals.DeadlineBeforeRelease):
        approve.ask(late.pk, today() + dt.timedelta(days=1), staff)
    with pytest.raises(refusals.NotIssued):
        approve.ask(Notice.objects.create(state=Notice.State.RECEIVED, subject="届いた文書").pk, today(), staff)
    with pytest.raises(refusals.AlreadyReleased):
        approve.ask(cast.released().notice_id, today(), staff)
    assert not Event.objects.filter(verb="approval.asked").exists()


def test_it_is_asked_for_once(draft: Notice, asked: Approval, staff: Actor, administrator: Actor) -> None:
    for words in ("すでに決裁に出ています", "すでに決裁されています"):
        with pytest.raises(refusals.AlreadyAsked) as refused:
            approve.ask(draft.pk, today(), staff)
        assert words in refused.value.words
        if now(asked).is_waiting:
            approve.approve(asked.pk, today(), administrator)


def test_a_draft_is_sent_back_with_a_remark_changed_and_asked_for_again(
    cast: Cast, draft: Notice, asked: Approval, staff: Actor, administrator: Actor
) -> None:
    approve.send_back(asked.pk, "期限を1週間延ばしてください。", administrator)
    returned = now(asked)
    assert (returned.state, returned.remark) == ("returned", "期限を1週間延ばしてください。")
    addressing.address(draft.pk, staff, scope="districts", districts=[cast.shirasagi], tags=[])
    again = approve.ask(draft.pk, today(), staff)
    assert Notice.objects.get(pk=draft.pk).approval == again
    changed = ["notice.changed", "notice.changed"]  # the recipients, and to whom the letter is addressed
    assert verbs() == ["approval.asked", "approval.returned", *changed, "approval.asked"]


def test_who_asked_takes_it_back(draft: Notice, asked: Approval, staff: Actor, administrator: Actor) -> None:
    approve.take_back(asked.pk, staff)
    assert (now(asked).state, now(asked).ended_by) == ("taken_back", staff.account)
    with pytest.raises(refusals.AlreadyDecided) as refused:
        approve.approve(asked.pk, today(), administrator)
    assert "取り下げました" in refused.value.words
    assert not Notice.objects.get(pk=draft.pk).stands_fast
