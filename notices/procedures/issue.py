"""発出: a draft becomes a released notice, once and whole.

One transaction reserves the number, fixes date, letter (PDF, SHA-256) and recipients, and writes the promise of every
message; only then is the doorbell of the outbox rung. The PDF is made before it, with the number to be expected: making
it takes a second and may take a minute, in which nobody should have to wait for a lock.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members import history, tree
from members.history import Actor
from notices import pdf
from notices.distribution import outbox, recipients
from notices.letters import numbering
from notices.letters.letter import letter_html
from notices.models import Notice, Release, StoredFile


class CannotRelease(RuntimeError):
    """The notice cannot be released as it is; nothing was changed."""


class AlreadyReleased(CannotRelease):
    """It was released before, in another window or by somebody else: `release`."""

    def __init__(self, release: Release) -> None:
        super().__init__(str(release))
        self.release = release


class NotIssued(CannotRelease):
    """A received letter is not the association's to release."""


class NobodyToReach(CannotRelease):
    """The chosen recipients are none."""


class DeadlineBeforeRelease(CannotRelease):
    """The deadline lies before the day of release."""

    def __init__(self, deadline: dt.date, today: dt.date) -> None:
        super().__init__(f"{deadline} < {today}")
        self.deadline, self.today = deadline, today


class NothingToSetUp(CannotRelease):
    """Set-up is asked for, but no step is there to tick."""


def release(notice_id: int, actor: Actor) -> Release:
    """Release a draft to the recipients of its plan, today.

    The letter carries today's date and the next number; one that came with a packet keeps its own. Raises a
    CannotRelease, numbering.NumberOfAnotherYear or pdf.RenderFailed: then nothing has happened.
    """
    rendered = _rendered_ahead(notice_id)
    with transaction.atomic():
        return _release(notice_id, actor, rendered)


def _release(notice_id: int, actor: Actor, rendered: dict[str, bytes]) -> Release:
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    plan = Release.objects.select_for_update(no_key=True).filter(notice=notice).first()
    if notice.state == Notice.State.RELEASED:
        raise AlreadyReleased(plan)
    if notice.state != Notice.State.DRAFT or plan is None:
        raise NotIssued(str(notice))
    today = timezone.localdate()
    check(plan, today)
    _date_and_number(notice, today)
    _fix(plan, notice, actor, today, rendered)
    count = recipients.write(plan)
    history.record(
        "notice.released", notice, actor=actor, number=notice.number_text, letter=plan.letter.sha256, recipients=count
    )
    outbox.ring()
    return plan


def check(plan: Release, today: dt.date) -> None:
    """Raises the CannotRelease that stands in the way, if any."""
    pharmacies, districts = recipients.chosen(plan)
    if not pharmacies.exists() and not districts.exists():
        raise NobodyToReach(str(plan))
    if plan.deadline and plan.deadline < today:
        raise DeadlineBeforeRelease(plan.deadline, today)
    if plan.asks_set_up and not any(step.ticked for step in plan.notice.steps.all()):
        raise NothingToSetUp(str(plan))


def _rendered_ahead(notice_id: int) -> dict[str, bytes]:
    """HTML → PDF of the letter as it will go out unless somebody changes it, or takes its number, in this moment."""
    notice = Notice.objects.filter(pk=notice_id, state=Notice.State.DRAFT).first()
    if notice is None:
        return {}
    _date(notice, timezone.localdate())
    number = "" if notice.number_fixed else numbering.expected(tree.association(), notice.date).text
    html = letter_html(notice, number=number)
    return {html: pdf.render(html)}


def _date(notice: Notice, today: dt.date) -> None:
    if not notice.number_fixed or notice.date is None:
        notice.date = today
    notice.state = Notice.State.RELEASED


def _date_and_number(notice: Notice, today: dt.date) -> None:
    _date(notice, today)
    numbering.reserve(notice, tree.association(), notice.date)
    notice.save()


def _fix(plan: Release, notice: Notice, actor: Actor, today: dt.date, rendered: dict[str, bytes]) -> None:
    html = letter_html(notice)
    content = rendered.get(html) or pdf.render(html)
    letter = StoredFile.objects.keep(content, f"{notice.number_text or '文書'}.pdf", "application/pdf")
    plan.state, plan.letter = Release.State.SENDING, letter
    plan.released_at, plan.released_on, plan.released_by = timezone.now(), today, actor.account
    plan.save()
