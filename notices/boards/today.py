"""今日の仕事: what waits for the association's staff this morning. Nothing is urged about a notice in
whose place another stands, or that was made known again to whoever had not answered.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Min, Q, QuerySet, When

from members.models.task import TaskQuerySet
from notices.boards import passing, progress
from notices.boards.passing import HeldUp
from notices.boards.progress import Tally
from notices.models import Approval, HelpRequest, Notice, Packet, Receipt, Relation, Release, ReminderPlan
from notices.models.receipt import Reach, to_tell
from notices.models.reminder import EARLIEST, LATEST

# Deadlines count as near from this many days before to this many days after them.
DAYS_BEFORE, DAYS_AFTER = 14, 30
# From this 確認率 on a notice is no longer one with few confirmations.
ENOUGH = 0.95
# From this many days after the oldest letter's date a packet that is not passed on is late.
LATE_DAYS = 14
# A scheduled release that is so many minutes late needs somebody to look.
MINUTES_LATE = 2
# An unreached pharmacy is worth a call while its notice is this young.
DAYS_TO_CALL = 60


@dataclass(frozen=True)
class Counted:
    """A release with the tally of its pharmacies."""

    release: Release
    tally: Tally


@dataclass(frozen=True)
class Waiting:
    """What was not passed on yet, and the draft that will do it, if there is one.

    A packet that is to be registered (`top` is None), or a top letter of one that is. `days` since `oldest_on`, the
    date of the oldest letter.
    """

    packet: Packet
    top: Notice | None
    oldest_on: dt.date | None
    days: int | None
    draft: Notice | None


def packets(today: dt.date) -> list[Waiting]:
    """What is to be passed on yet, the oldest letter first."""
    waiting = list(Packet.objects.to_pass_on().order_by("received_at"))
    tops: dict[int, list[Notice]] = {}
    for top in Notice.objects.filter(packet__in=waiting).to_pass_on().order_by("packet_order"):
        tops.setdefault(top.packet_id, []).append(top)
    drafts = _drafts_for(waiting)
    found = [
        _waiting(today, packet, top, drafts.get(top.chain_key) if top else None)
        for packet in waiting
        for top in tops.get(packet.pk, [None])
    ]
    return sorted(found, key=lambda each: each.oldest_on or dt.date.max)


def _waiting(today: dt.date, packet: Packet, top: Notice | None, draft: Notice | None) -> Waiting:
    oldest_on = top.packet_oldest_on if top else packet.oldest_on
    return Waiting(packet, top, oldest_on, (today - oldest_on).days if oldest_on else None, draft)


def _drafts_for(waiting: list[Packet]) -> dict[tuple[int, int], Notice]:
    """By packet and top letter: a letter of the chain that is still to be issued, or the draft that encloses one."""
    keys = [packet.pk for packet in waiting]
    enclosing = Relation.objects.filter(
        kind=Relation.Kind.ENCLOSES, source__state=Notice.State.DRAFT, target__packet__in=keys
    )
    enclosing = enclosing.select_related("source", "target").prefetch_related("source__approvals")
    found = {relation.target.chain_key: relation.source for relation in enclosing}
    own = Notice.objects.filter(state=Notice.State.DRAFT, packet__in=keys).prefetch_related("approvals")
    return found | {draft.chain_key: draft for draft in own}


def drafts() -> QuerySet[Notice]:
    """Notices still to be released: what failed at its time, what has one, what waits longest for its approval, and
    then the latest change first.
    """
    waits = Min("approvals__asked_at", filter=Q(approvals__state=Approval.State.ASKED))
    return (
        Notice.objects.filter(state=Notice.State.DRAFT)
        .select_related("drafted_by", "packet", "release")
        .prefetch_related("numbers", "approvals__decided_by")
        .alias(failed=Case(When(release__schedule_failed__gt="", then=0), default=1), waits_since=waits)
        .order_by(
            "failed",
            F("release__scheduled_at").asc(nulls_last=True),
            F("waits_since").asc(nulls_last=True),
            "-changed_at",
        )
    )


def approvals() -> QuerySet[Approval]:
    """Drafts that wait to be approved, the oldest request first."""
    return (
        Approval.objects.waiting()
        .select_related("notice__drafted_by", "notice__release", "asked_by")
        .prefetch_related("notice__numbers")
    )


def sending() -> list[Counted]:
    """Releases whose messages are going out or stand still, the latest first.

    A district's letter counts with the release that it passes on; by itself it is shown while it stands still.
    """
    going = Release.objects.filter(Q(state=Release.State.PAUSED) | Q(state=Release.State.SENDING, passes_on=None))
    return _counted(going.order_by("-released_at"))


def stopped(now: dt.datetime) -> list[Counted]:
    """Releases that staff stopped before all had them and that nothing has replaced since, the latest first."""
    young = Release.objects.filter(
        state=Release.State.STOPPED, released_at__gte=now - dt.timedelta(days=DAYS_TO_CALL)
    ).filter(superseded_by=None)
    return [each for each in _counted(young.order_by("-released_at")) if each.tally.stopped]


def held_up(now: dt.datetime) -> list[HeldUp]:
    """Notices that districts have not passed on to their members in time, the oldest first."""
    return passing.held_up(now)


def near_deadlines(today: dt.date) -> list[Counted]:
    """Releases with a near deadline and few confirmations, the earliest deadline first."""
    near = (
        Release.objects.own()
        .filter(
            released_at__isnull=False,
            deadline__gte=today - dt.timedelta(days=DAYS_AFTER),
            deadline__lte=today + dt.timedelta(days=DAYS_BEFORE),
        )
        .asking()
    )
    found = _counted(near.order_by("deadline", "pk"))
    return [each for each in found if each.tally.recipients and each.tally.confirmed_rate < ENOUGH]


def remindable(near: list[Counted]) -> set[int]:
    """The keys of those releases whose recipients may be reminded now: they went out, and nobody has stopped that."""
    out = (Release.State.SENDING, Release.State.SENT)
    keys = [each.release.pk for each in near if each.release.state in out]
    return set(ReminderPlan.objects.filter(release__in=keys, stopped_at=None).values_list("release", flat=True))


def unanswered(today: dt.date) -> list[Counted]:
    """Releases whose reminders are over, and which somebody has still not answered: now people call.

    The oldest first, for DAYS_TO_CALL days from the day on which the plan gives them to the office.
    """
    first, last = today - dt.timedelta(days=LATEST + DAYS_TO_CALL), today - dt.timedelta(days=EARLIEST)
    plans = ReminderPlan.objects.going().filter(staff_on__isnull=False).counted_between(first, last)
    given = {
        plan.release_id: plan.release.counted_from + dt.timedelta(days=plan.staff_on)
        for plan in plans.select_related("release__passes_on")
    }
    due = [key for key, day in given.items() if 0 <= (today - day).days < DAYS_TO_CALL]
    found = _counted(Release.objects.filter(pk__in=due).asking().order_by("released_at", "pk"))
    return [each for each in found if _left(each) > 0]


def _left(each: Counted) -> int:
    """How many pharmacies have not done what is asked."""
    under_way = each.tally.under_way if each.release.asks_set_up else 0
    return each.tally.unconfirmed + under_way


def left(releases: Iterable[Release]) -> dict[int, int]:
    """By release: how many pharmacies have not done what it asks."""
    found = {release.pk: release for release in releases}
    tallies = progress.by_release(found)
    return {key: _left(Counted(release, tallies.get(key, Tally()))) for key, release in found.items()}


def coming_deadlines(today: dt.date, most: int) -> QuerySet[Release]:
    """The next deadlines, today's included."""
    coming = Release.objects.own().filter(released_at__isnull=False, deadline__gte=today).asking()
    return coming.order_by("deadline", "pk").select_related("notice").prefetch_related("notice__numbers")[:most]


def unreached(now: dt.datetime) -> QuerySet[Receipt]:
    """Recipients whom no message reached and who have not confirmed by another way, the latest release first."""
    return (
        Receipt.objects.filter(to_tell(), reach=Reach.FAILED, release__superseded_by=None)
        .filter(release__released_at__gte=now - dt.timedelta(days=DAYS_TO_CALL))
        .select_related("organisation", "district", "release__notice")
        .prefetch_related("release__notice__numbers")
        .order_by("-release__released_at", "district__position", "organisation__position")
    )


def by_recipient(found: QuerySet[Receipt], most: int) -> list[list[Receipt]]:
    """The first so many recipients of `unreached`, each with all its notices that did not reach it."""
    rows: dict[int, list[Receipt]] = {}
    for receipt in found:
        rows.setdefault(receipt.organisation_id, []).append(receipt)
    return list(rows.values())[:most]


def tasks(visible: TaskQuerySet) -> TaskQuerySet:
    """What is to be found out about the roster: where staff decide about an answer first, then the oldest."""
    found = visible.still_open().with_turn().order_by("turn", "raised_at", "pk")
    return found.select_related("organisation__parent", "proposed_by__organisation")


def questions() -> QuerySet[HelpRequest]:
    """「困っています」 that nobody has answered yet, the oldest first."""
    return (
        HelpRequest.objects.filter(closed_at=None, answered_at=None)
        .select_related("receipt__organisation__parent", "receipt__release__notice")
        .with_about()
        .order_by("asked_at")
    )


def _counted(releases: QuerySet[Release]) -> list[Counted]:
    found = list(releases.select_related("notice").prefetch_related("notice__numbers"))
    tallies = progress.by_release(release.pk for release in found)
    return [Counted(release, tallies.get(release.pk, Tally())) for release in found]
