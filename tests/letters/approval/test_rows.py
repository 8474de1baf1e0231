"""What the database holds of approvals and numbers, whoever writes."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from members.history import Actor
from notices.models import Approval, DocumentNumber, Notice, Release
from tests.cast import Cast
from tests.letters.approval.reading import today


def refused(rows: models.QuerySet, **values: Any) -> bool:
    try:
        with transaction.atomic():
            rows.update(**values)
    except IntegrityError:
        return True
    return False


def test_the_database_holds_that_a_release_has_its_approval(cast: Cast) -> None:
    released = Release.objects.filter(pk=cast.released().pk)
    assert refused(released, approval=None)
    assert refused(released, unapproved=Release.Unapproved.BEFORE)
    assert refused(released, released_by=None)
    assert not refused(released, approval=None, released_by=None, unapproved=Release.Unapproved.BEFORE)


def test_the_database_holds_what_a_letter_and_its_plan_consist_of(cast: Cast, staff: Actor) -> None:
    draft, old, older = cast.draft(), cast.released().notice, cast.released().notice
    plan = Release.objects.filter(notice=draft)
    at_a_time = {"scheduled_at": timezone.now(), "scheduled_by": staff.account}
    assert refused(plan, **at_a_time)
    assert not refused(plan, **at_a_time, scheduled_as=staff.capacity)
    assert refused(Notice.objects.filter(pk=draft.pk), packet_order=0)
    draft.relations.create(kind="corrects", target=old)
    draft.relations.create(kind="cites", target=older)
    assert refused(draft.relations.filter(kind="cites"), kind="withdraws")


def test_the_database_holds_what_a_decision_consists_of(asked: Approval, staff: Actor) -> None:
    row = Approval.objects.filter(pk=asked.pk)
    who = {"decided_at": timezone.now(), "decided_by": staff.account}
    assert refused(row, state="approved")
    assert refused(row, **who)
    assert refused(row, state="returned", **who)
    assert refused(row, state="lapsed", **who)
    assert refused(row, paper_on=today())
    assert refused(row, remark="直してください")
    assert not refused(row, state="approved", **who)


def test_the_database_holds_that_one_request_stands_at_a_time(draft: Notice, asked: Approval, staff: Actor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(notice=draft, day=today(), asked_by=staff.account)


def test_the_database_holds_that_a_number_is_a_letters_or_says_why_not(cast: Cast) -> None:
    number = DocumentNumber.objects.filter(notice=cast.released().notice)
    assert refused(number, notice=None)
    assert refused(number, void_reason="書き損じ")
    assert not refused(number, notice=None, void_reason="書き損じ")
