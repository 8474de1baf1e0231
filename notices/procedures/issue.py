"""発出: an approved draft becomes a released notice, once and whole.

Number and date are fixed at the approval (`approve`). One transaction fixes letter (PDF, SHA-256) and recipients, and
writes the promise of every message; only then is the doorbell of the outbox rung. The PDF is made before it: making it
takes a second and may take a minute, in which nobody should have to wait for a lock. What the notice corrects or
withdraws is held and stopped around and within that transaction (`supersede`).
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from members import history
from members.history import Actor
from members.models import Organisation
from notices import follow_ups, pdf, succession
from notices.checklist import has_steps
from notices.distribution import outbox, recipients
from notices.distribution.reminders import plans as reminders
from notices.letters import addressing, composing, manual
from notices.letters.letter import letter_html
from notices.models import Notice, Release, StoredFile
from notices.procedures import bind, carry_over, supersede
from notices.procedures.approval_needed import approval_of
from notices.procedures.refusals import (
    REFUSALS,
    AlreadyReleased,
    AlreadySuperseded,
    CannotRelease,
    DeadlineBeforeRelease,
    NobodyHasIt,
    NobodyToReach,
    NoStepsToPrint,
    NotDue,
    NothingSaid,
    NothingToSetUp,
    NotIssued,
    OutsideThePlan,
    RepeatedMeanwhile,
)
from notices.search import index as search

__all__ = ["REFUSALS", "AlreadyReleased", "CannotRelease", "NoStepsToPrint", "check", "locked", "plan_of", "release"]


def release(
    notice_id: int,
    actor: Actor,
    districts: Collection[Organisation] = (),
    *,
    scheduled_for: dt.datetime | None = None,
) -> Release:
    """Release a draft to the recipients of its plan, or to those in some of its districts, now.

    The letter goes out exactly as it was approved, with that number and date. A schedule that the draft had ends with
    it; `scheduled_for` carries out the schedule for that moment and nothing else. Of what the notice corrects or
    withdraws, nothing is sent any more. Raises one of REFUSALS: then nothing has happened.
    """
    rendered = _rendered_ahead(notice_id, scheduled_for)
    with supersede.holding(notice_id, actor), transaction.atomic():
        notice = locked(notice_id)
        plan = plan_of(notice)
        if scheduled_for and plan.scheduled_at != scheduled_for:
            raise NotDue(str(plan))
        supersede.lock(plan)
        check(plan, timezone.localdate(plan.now))
        plan.approval = approval_of(plan, timezone.localdate(scheduled_for or plan.now))
        if districts:
            _narrow(plan, districts, actor)
        return _release(notice, plan, actor, rendered)


def locked(notice_id: int) -> Notice:
    """The notice, held until the transaction ends: nobody else releases, schedules or changes it meanwhile."""
    return Notice.objects.select_for_update(no_key=True).get(pk=notice_id)


def _release(notice: Notice, plan: Release, actor: Actor, rendered: dict[str, bytes]) -> Release:
    notice.state = Notice.State.RELEASED
    notice.save()
    _fix(plan, notice, actor, rendered)
    supersede.stop(plan, actor)
    receipts = recipients.write(plan)
    carry_over.carry_over(plan, receipts, actor)
    carry_over.carry_notes(plan, actor)
    carry_over.give_back_withdrawn(plan)
    supersede.queue_behind(plan)
    search.renew(notice.pk)
    history.record(
        "notice.released",
        notice,
        actor=actor,
        number=notice.number_text,
        letter=plan.letter.sha256,
        recipients=len(receipts),
    )
    outbox.ring()
    bind.promise(plan)
    reminders.begin(plan)
    return plan


def plan_of(notice: Notice) -> Release:
    """The plan of a held draft, held too, with the database's `now`. Raises AlreadyReleased or NotIssued."""
    plan = Release.objects.select_for_update(no_key=True).annotate(now=Now()).filter(notice=notice).first()
    if notice.state == Notice.State.RELEASED:
        raise AlreadyReleased(plan)
    if notice.state != Notice.State.DRAFT or plan is None:
        raise NotIssued(str(notice))
    return plan


def check(plan: Release, day: dt.date) -> None:
    """Raises the CannotRelease that stands in the way of a release on that day, if any."""
    supersedes = succession.superseding(plan.notice_id)
    earlier = supersedes.target if supersedes else _followed_up(plan)
    if earlier and (by := succession.successor(earlier.pk)):
        raise AlreadySuperseded(by)
    if supersedes and (again := follow_ups.repeated_by(supersedes.target)):
        raise RepeatedMeanwhile(again)
    pharmacies, districts = recipients.chosen(plan)
    if not pharmacies.exists() and not districts.exists():
        raise NobodyHasIt(str(plan)) if supersedes else NobodyToReach(str(plan))
    if supersedes and not plan.changed.strip():
        raise NothingSaid(supersedes.kind)
    if plan.deadline and plan.deadline < day:
        raise DeadlineBeforeRelease(plan.deadline, day)
    if plan.asks_set_up and not has_steps(plan.notice):
        raise NothingToSetUp(str(plan))
    if manual.lacks_steps(plan.notice):
        raise NoStepsToPrint(str(plan))


def _followed_up(plan: Release) -> Notice | None:
    """What the plan makes known again, where it is for those alone who have not done that."""
    return follow_ups.followed_up(plan.notice_id) if plan.scope == Release.Scope.OPEN else None


def _rendered_ahead(notice_id: int, scheduled_for: dt.datetime | None) -> dict[str, bytes]:
    """HTML → PDF of what will go out unless its approval is taken back in this moment.

    Raises pdf.RenderFailed, and for a correction or a withdrawal what `check` and `approval_of` raise.
    """
    notice = Notice.objects.filter(pk=notice_id, state=Notice.State.DRAFT).annotate(now=Now()).first()
    if notice is None:
        return {}
    if succession.superseding(notice):
        # Before the old release is held: what stands in the way should not hold it up.
        plan = composing.plan_of(notice)
        check(plan, timezone.localdate(notice.now))
        approval_of(plan, timezone.localdate(scheduled_for or notice.now))
    if not (notice.approval and notice.approval.is_given):
        return {}
    notice.state = Notice.State.RELEASED
    return {html: pdf.render(html) for html in [letter_html(notice), *manual.documents(notice)]}


def _narrow(plan: Release, districts: Collection[Organisation], actor: Actor) -> None:
    """Only these of the plan's districts; who approved it for all has approved it for them."""
    planned = set(recipients.chosen(plan)[1])
    by_pharmacy = plan.scope in (Release.Scope.TAGS, Release.Scope.OPEN)
    if succession.superseding(plan.notice_id) or by_pharmacy or not planned.issuperset(districts):
        raise OutsideThePlan(str(plan))
    addressing.choose(plan, actor, scope=Release.Scope.DISTRICTS, districts=districts, tags=[])
    check(plan, timezone.localdate(plan.now))


def _fix(plan: Release, notice: Notice, actor: Actor, rendered: dict[str, bytes]) -> None:
    manual.fix(notice, rendered)
    html = letter_html(notice)
    content = rendered.get(html) or pdf.render(html)
    letter = StoredFile.objects.keep(content, f"{notice.number_text or '文書'}.pdf", "application/pdf")
    plan.state, plan.letter, plan.released_by = Release.State.SENDING, letter, actor.account
    plan.released_at, plan.released_on = plan.now, timezone.localdate(plan.now)
    plan.scheduled_at, plan.schedule_failed = None, ""
    if succession.superseding(notice):  # what takes another notice back waits for nothing
        plan.gathers = Release.Gathers.NOW
    plan.save()
