"""Who approves what: above a number of recipients nobody approves what they have drafted; decisions on paper."""

import datetime as dt

import pytest
from django.test import Client

from members.history import Actor
from members.models import Event, Organisation
from notices.letters import correcting
from notices.models import Approval, Notice, Release, StoredFile
from notices.procedures import approve, issue, refusals
from tests.cast import Cast
from tests.letters.approval.reading import now, today


def many(cast: Cast, count: int = 50) -> None:
    Organisation.objects.bulk_create(
        Organisation(kind="pharmacy", name=f"薬局{number}", parent=cast.shirasagi, position=number).fold()
        for number in range(count)
    )


def test_up_to_fifty_recipients_who_drafted_it_may_approve_it(draft: Notice, asked: Approval, staff: Actor) -> None:
    assert approve.approve(asked.pk, today(), staff).is_given
    assert issue.release(draft.pk, staff)


def test_above_fifty_somebody_else_approves(
    cast: Cast, draft: Notice, asked: Approval, staff: Actor, administrator: Actor
) -> None:
    many(cast)
    with pytest.raises(refusals.ApprovedAlone) as refused:
        approve.approve(asked.pk, today(), staff)
    assert "50 か所を超える" in refused.value.words
    assert not draft.numbers.exists() and now(asked).is_waiting
    assert approve.approve(asked.pk, today(), administrator)


def test_who_had_somebody_else_ask_is_its_drafter_all_the_same(
    cast: Cast, draft: Notice, staff: Actor, administrator: Actor, colleague: Client
) -> None:
    many(cast)
    asked = approve.ask(draft.pk, today(), administrator)
    for alone in (staff, administrator):
        with pytest.raises(refusals.ApprovedAlone):
            approve.approve(asked.pk, today(), alone)


def test_where_only_its_drafters_could_approve_nobody_asks_in_vain(
    cast: Cast, draft: Notice, staff: Actor, administrator: Actor
) -> None:
    many(cast)
    with pytest.raises(refusals.NobodyApproves):
        approve.ask(draft.pk, today(), administrator)
    assert not draft.approvals.exists()
    assert approve.ask(draft.pk, today(), staff), "the administrator may approve what another asks for"


def test_recipients_that_came_later_count_at_the_release(
    cast: Cast, draft: Notice, asked: Approval, staff: Actor
) -> None:
    approve.approve(asked.pk, today(), staff)
    many(cast)
    with pytest.raises(refusals.ApprovedAlone):
        issue.release(draft.pk, staff)


def test_how_many_is_a_setting(draft: Notice, asked: Approval, staff: Actor, settings: object) -> None:
    settings.APPROVED_ALONE_MOST = 7
    with pytest.raises(refusals.ApprovedAlone):
        approve.approve(asked.pk, today(), staff)
    settings.APPROVED_ALONE_MOST = 8
    assert approve.approve(asked.pk, today(), staff)


def test_a_correction_goes_the_same_way(cast: Cast, staff: Actor) -> None:
    old = cast.released()
    correction = correcting.draft_correction(old.notice_id, staff)
    Release.objects.filter(notice=correction).update(changed="期限を改めました。")
    with pytest.raises(refusals.NotApproved):
        issue.release(correction.pk, staff)
    old.refresh_from_db()
    assert not Event.objects.filter(verb="release.paused").exists()
    cast.approved(correction)
    assert issue.release(correction.pk, staff).approval == correction.approval


@pytest.fixture
def paper(db: None) -> approve.Paper:
    scan = StoredFile.objects.keep(b"%PDF-1.7 scan", "scan.pdf", "application/pdf")
    return approve.Paper(today() - dt.timedelta(days=1), "会長 栁 武志、常務理事 濵﨑 航", scan)


def test_a_decision_on_paper_approves_at_once_whoever_records_it(
    cast: Cast, draft: Notice, staff: Actor, paper: approve.Paper
) -> None:
    many(cast)
    given = approve.record_paper(draft.pk, paper, today(), staff)
    assert (given.state, given.paper_on, given.paper_by, given.scan) == ("approved", paper.day, paper.names, paper.scan)
    assert (given.on_paper, given.decided_by) == (True, staff.account)
    assert draft.numbers.get().serial == 1
    detail = Event.objects.get(verb="approval.recorded").detail
    assert detail["scan"] == paper.scan.sha256
    assert "栁" not in str(detail)
    assert issue.release(draft.pk, staff).approval == given


def test_a_letter_approved_on_paper_may_carry_the_day_on_the_paper(
    draft: Notice, staff: Actor, paper: approve.Paper
) -> None:
    with pytest.raises(refusals.DateBeforePaper):
        approve.record_paper(draft.pk, paper, paper.day - dt.timedelta(days=1), staff)
    approve.record_paper(draft.pk, paper, paper.day, staff)
    assert Notice.objects.get(pk=draft.pk).date == paper.day


def test_paper_does_not_go_over_a_request_that_waits(
    draft: Notice, asked: Approval, staff: Actor, paper: approve.Paper
) -> None:
    with pytest.raises(refusals.AlreadyAsked):
        approve.record_paper(draft.pk, paper, today(), staff)
