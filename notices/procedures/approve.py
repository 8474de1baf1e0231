"""決裁: asking that a draft may go out, deciding on it, and taking either back.

A draft stands fast from the moment it is asked for; whoever wants to change it takes the request back, or the approval.
The approval fixes the letter's date and reserves its number. Everything happens under the lock on the notice, so that
of several who decide at once one does, and the others are told what became of it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from members import history
from members.history import Actor
from notices.distribution import recipients
from notices.letters import numbering
from notices.letters.fingerprint import fingerprint_of
from notices.letters.version import Version, version_of
from notices.models import Approval, Notice, Release, StoredFile
from notices.models.release import FARTHEST
from notices.procedures import issue
from notices.procedures.approval_needed import check_approver, deciders
from notices.procedures.refusals import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyScheduled,
    ChangedSinceApproval,
    DateBeforePaper,
    DateOver,
    DateTooFar,
    NobodyApproves,
    NotApproved,
)
from notices.search import index as search


@dataclass(frozen=True)
class Paper:
    """A decision on paper: on which day, by whom, and its scan."""

    day: dt.date
    names: str
    scan: StoredFile


@transaction.atomic
def ask(notice_id: int, day: dt.date, actor: Actor, gist: str = "") -> Approval:
    """Ask that the draft be approved as it stands, to be dated that day; a letter of a packet keeps its own date.

    Raises one of refusals.REFUSALS where a release on that day would, and AlreadyAsked, AlreadyScheduled, DateOver,
    DateTooFar, NobodyApproves.
    """
    notice, plan = _draft(notice_id)
    day = _coming(notice, day, plan)
    asked = _request(notice, plan, day, actor, gist)
    if not deciders(plan, asked.drafters).exists():
        raise NobodyApproves(str(notice))
    asked.save()
    history.record("approval.asked", notice, actor=actor, day=day.isoformat())
    return asked


@transaction.atomic
def take_back(approval_id: int, actor: Actor) -> Approval:
    """Take the request back before anybody has decided. Raises AlreadyDecided."""
    approval, notice, _ = _waiting(approval_id)
    approval.state, approval.ended_at, approval.ended_by = Approval.State.TAKEN_BACK, timezone.now(), actor.account
    approval.save()
    history.record("approval.taken_back", notice, actor=actor)
    return approval


@transaction.atomic
def send_back(approval_id: int, remark: str, actor: Actor) -> Approval:
    """Send the draft back to whoever asked, with what is to be changed. Raises AlreadyDecided."""
    approval, notice, _ = _waiting(approval_id)
    _decide(approval, Approval.State.RETURNED, actor)
    approval.remark = remark
    approval.save()
    history.record("approval.returned", notice, actor=actor, reason=remark)
    return approval


@transaction.atomic
def approve(approval_id: int, day: dt.date, actor: Actor) -> Approval:
    """Approve the draft as it was asked for; it is dated that day and has its number from now on.

    Raises one of refusals.REFUSALS where a release on that day would, and AlreadyDecided, DateOver, DateTooFar,
    ApprovedAlone, ChangedSinceApproval.
    """
    approval, notice, plan = _waiting(approval_id)
    if approval.fingerprint != fingerprint_of(notice.pk):
        raise ChangedSinceApproval(str(notice))
    day = _coming(notice, day, plan)
    issue.check(plan, day)
    _decide(approval, Approval.State.APPROVED, actor)
    check_approver(approval, plan)
    _fix(approval, notice, plan, day, actor)
    history.record("approval.given", notice, actor=actor, number=notice.number_text, letter=approval.fingerprint)
    return approval


@transaction.atomic
def record_paper(notice_id: int, paper: Paper, day: dt.date, actor: Actor, gist: str = "") -> Approval:
    """Record that the draft was approved on paper, and approve it by that. The letter may carry the paper's day.

    Raises one of refusals.REFUSALS where a release on that day would, and AlreadyAsked, AlreadyScheduled,
    DateBeforePaper, DateTooFar.
    """
    notice, plan = _draft(notice_id)
    day = _date(notice, day)
    if day != notice.date and day < paper.day:
        raise DateBeforePaper(str(day))
    approval = _request(notice, plan, day, actor, gist)
    approval.paper_on, approval.paper_by, approval.scan = paper.day, paper.names, paper.scan
    _decide(approval, Approval.State.APPROVED, actor)
    _fix(approval, notice, plan, day, actor)
    history.record(
        "approval.recorded",
        notice,
        actor=actor,
        number=notice.number_text,
        letter=approval.fingerprint,
        day=paper.day.isoformat(),
        scan=paper.scan.sha256,
    )
    return approval


@transaction.atomic
def reopen(notice_id: int, actor: Actor) -> None:
    """Take the approval back, so that the draft can be changed; its number stays its own.

    Raises AlreadyReleased, NotIssued, AlreadyScheduled, and NotApproved where there is none to take back.
    """
    notice, _ = _held(notice_id)
    approval = Approval.objects.filter(notice=notice, state=Approval.State.APPROVED).first()
    if approval is None:
        raise NotApproved(str(notice))
    approval.state, approval.ended_at, approval.ended_by = Approval.State.LAPSED, timezone.now(), actor.account
    approval.save()
    if approval.dates_letter:
        notice.date = None
        notice.save()
        search.renew(notice.pk)
    history.record("approval.lapsed", notice, actor=actor, number=notice.number_text)


def _held(notice_id: int) -> tuple[Notice, Release]:
    """The draft and its plan, held until the transaction ends. Raises AlreadyReleased, NotIssued, AlreadyScheduled."""
    notice = issue.locked(notice_id)
    plan = issue.plan_of(notice)
    if plan.scheduled_at:
        raise AlreadyScheduled(plan)
    return notice, plan


def _draft(notice_id: int) -> tuple[Notice, Release]:
    """The same for a draft that nobody has asked for yet. Raises AlreadyAsked, too."""
    notice, plan = _held(notice_id)
    if there := Approval.objects.standing().filter(notice=notice).first():
        raise AlreadyAsked(there)
    return notice, plan


def _waiting(approval_id: int) -> tuple[Approval, Notice, Release]:
    """The request, its draft and the plan, held until the transaction ends. Raises AlreadyDecided."""
    notice_id = Approval.objects.values_list("notice", flat=True).get(pk=approval_id)
    notice = issue.locked(notice_id)
    approval = Approval.objects.select_related("decided_by", "ended_by").get(pk=approval_id)
    approval.notice = notice
    if not approval.is_waiting:
        raise AlreadyDecided(approval)
    return approval, notice, issue.plan_of(notice)


def _request(notice: Notice, plan: Release, day: dt.date, actor: Actor, gist: str) -> Approval:
    numbering.check_year(notice, day)
    issue.check(plan, day)
    return Approval(
        notice=notice,
        fingerprint=fingerprint_of(notice.pk),
        version=_version(notice, plan, day),
        day=day,
        gist=gist,
        asked_by=actor.account,
        asked_as=actor.capacity,
    )


def _date(notice: Notice, day: dt.date) -> dt.date:
    """The date of the letter: its own where it came with a packet, else that day. Raises DateTooFar."""
    if notice.number_fixed and notice.date:
        return notice.date
    if day - timezone.localdate() > FARTHEST:
        raise DateTooFar(str(day))
    return day


def _coming(notice: Notice, day: dt.date, plan: Release) -> dt.date:
    """The same, where a day of one's own choice is not over yet. Raises DateOver, DateTooFar."""
    chosen = _date(notice, day)
    if chosen != notice.date and chosen < timezone.localdate(plan.now):
        raise DateOver(str(chosen))
    return chosen


def _decide(approval: Approval, state: Approval.State, actor: Actor) -> None:
    approval.state, approval.decided_at = state, timezone.now()
    approval.decided_by, approval.decided_as = actor.account, actor.capacity


def _fix(approval: Approval, notice: Notice, plan: Release, day: dt.date, actor: Actor) -> None:
    """Date and number, and what exactly is approved."""
    approval.day, approval.dates_letter = day, notice.date is None
    notice.date = day
    notice.save()
    numbering.reserve(notice, day, actor)
    search.renew(notice.pk)
    approval.fingerprint, approval.version = fingerprint_of(notice.pk), _version(notice, plan, day)
    approval.save()


def _version(notice: Notice, plan: Release, day: dt.date) -> Version:
    return version_of(notice, plan, day, recipients.in_words(plan))
