"""今日の仕事: the first page of the association's staff."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import access, wareki
from members.models import RosterLoad
from notices.access import is_drafter
from notices.boards import days_taken
from notices.boards import today as waiting
from notices.distribution import by_hand
from notices.distribution.reminders import due, plans
from notices.intake import kept
from notices.models import Approval, Notice, Receipt, Release
from notices.views.doors import staff_only
from notices.views.packet_tops import letter_url

# How many rows a section of the page, and of its narrow side, shows; the heading says how many there are.
MOST, MOST_ASIDE = 6, 4
# How far ahead the page says what the site will do by itself.
AHEAD = dt.timedelta(days=14)
LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Work:
    """What waits for the staff, the most urgent of each kind first."""

    packets: list[waiting.Waiting]
    near: list[waiting.Counted]
    sending: list[waiting.Counted]
    stopped: list[waiting.Counted]
    held_up: list[waiting.HeldUp]
    papers: list[by_hand.Stack]
    unanswered: list[waiting.Counted]
    drafts: list[Notice]
    approvals: QuerySet[Approval]
    unreached: QuerySet[Receipt]
    unreached_count: int


@staff_only
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What waits, and what the site will do by itself."""
    day, now = timezone.localdate(), timezone.now()
    work = _work(request, day, now)
    reminding = plans.coming(now, now + AHEAD)
    coming = sorted(_coming(day, work.drafts, reminding[:MOST]), key=lambda each: (each.day, each.at or LAST))
    context = {
        "day": day,
        "first": _first(work, day),
        **_passed_on(work, day),
        **_out(work, day, now, {release.pk: at for at, release in reminding}),
        **_asked(request, work),
        "coming": coming,
    }
    return render(request, "boards/today.html", context)


def _work(request: HttpRequest, day: dt.date, now: dt.datetime) -> Work:
    unreached = waiting.unreached(now)
    return Work(
        packets=waiting.packets(day),
        near=waiting.near_deadlines(day),
        sending=waiting.sending(),
        stopped=waiting.stopped(now),
        held_up=waiting.held_up(now),
        papers=by_hand.waiting(Release.objects.all()),
        unanswered=waiting.unanswered(day),
        drafts=list(waiting.drafts()),
        approvals=waiting.approvals() if access.can_approve(request.capacity) else Approval.objects.none(),
        unreached=unreached,
        unreached_count=unreached.values("organisation").distinct().count(),
    )


def _passed_on(work: Work, day: dt.date) -> dict[str, object]:
    """What is on its way to members: packets, and the drafts that will tell of them."""
    year, taken = wareki.fiscal_year(day), days_taken.medians()
    return {
        "late_days": waiting.LATE_DAYS,
        "packets": [_described(each) for each in work.packets[:MOST]],
        "packet_count": len(work.packets),
        "oldest_days": work.packets[0].days if work.packets else None,
        "days_taken": taken.get(year),
        "days_taken_before": taken.get(year - 1),
        "drafts": work.drafts[:MOST_ASIDE],
        "draft_count": len(work.drafts),
    }


def _out(work: Work, day: dt.date, now: dt.datetime, reminders: dict[int, dt.datetime]) -> dict[str, object]:
    """What is to be done about releases, with the time of each one's next reminder by its key."""
    chairs = due.to_call(day)
    return {
        "overdue": now - dt.timedelta(minutes=waiting.MINUTES_LATE),
        "sending": work.sending,
        "paused": [each for each in work.sending if each.release.state == Release.State.PAUSED],
        "stopped": work.stopped,
        "held_up": work.held_up,
        "papers": work.papers[:MOST],
        "papers_count": len(work.papers),
        "unanswered": work.unanswered,
        "chairs": chairs[:MOST],
        "chair_count": len(chairs),
        "near": [(each, reminders.get(each.release.pk)) for each in work.near],
        "remindable": waiting.remindable(work.near),
        "nearest": work.near[0].release.deadline if work.near else None,
        "unreached": waiting.by_recipient(work.unreached, MOST_ASIDE),
        "unreached_notices": list(dict.fromkeys(receipt.release.notice for receipt in work.unreached)),
        "unreached_count": work.unreached_count,
    }


def _asked(request: HttpRequest, work: Work) -> dict[str, object]:
    """What somebody waits for: approvals, answers, the roster."""
    tasks, questions = waiting.tasks(access.tasks_visible_to(request.capacity)), waiting.questions()
    return {
        "approvals": [(asked, is_drafter(request.capacity, asked)) for asked in work.approvals[:MOST_ASIDE]],
        "approval_count": len(work.approvals),
        "tasks": tasks[:MOST_ASIDE],
        "task_count": tasks.count(),
        "answered_count": tasks.for_staff().count(),
        "loads": RosterLoad.objects.asking(),
        "questions": questions[:MOST_ASIDE],
        "question_count": questions.count(),
    }


@dataclass(frozen=True)
class Coming:
    """Something that is to come: when, about which notice, and what. A deadline lasts to the end of its day."""

    day: dt.date
    notice: Notice
    words: str
    at: dt.datetime | None = None


def _coming(day: dt.date, drafts: list[Notice], reminding: list[tuple[dt.datetime, Release]]) -> Iterator[Coming]:
    """The next deadlines, and what the site does by itself within two weeks."""
    for release in waiting.coming_deadlines(day, MOST):
        yield Coming(release.deadline, release.notice, "確認期限")
    left = waiting.left(release for _, release in reminding)
    for at, release in reminding:
        whom = "未確認・設定の途中" if release.asks_set_up else "未確認"
        yield Coming(timezone.localdate(at), release.notice, f"再通知（{whom} {left[release.pk]:,}）", at)
    for draft in drafts:
        if at := draft.release.scheduled_at:
            yield Coming(timezone.localdate(at), draft, "発出（予約）", at)


def _first(work: Work, day: dt.date) -> list[tuple[str, str]]:
    """The first of what cannot wait, as places on this page and words for them."""
    return list(islice(_urgent(work, day), MOST_ASIDE))


def _urgent(work: Work, day: dt.date) -> Iterator[tuple[str, str]]:
    if any(each.release.state == Release.State.PAUSED for each in work.sending):
        yield "releases", "止まっている発出"
    if work.stopped:
        yield "stopped", "途中で中止した発出"
    if any(hasattr(draft, "release") and draft.release.schedule_failed for draft in work.drafts):
        yield "drafts", "予約どおりに出せなかった通知"
    if pressing := [(each.release.deadline - day).days for each in work.near if each.release.is_pressing(day)]:
        soonest = min((days for days in pressing if days >= 0), default=None)
        yield "deadlines", "期限の過ぎた通知" if soonest is None else f"期限まであと {soonest} 日の通知"
    if work.approvals:
        yield "approvals", f"決裁を待つ {len(work.approvals):,} 件"
    if any(draft.approval and draft.approval.state == Approval.State.RETURNED for draft in work.drafts):
        yield "drafts", "差し戻された通知"
    if work.papers:
        yield "papers", "紙で送る通知"
    if work.unreached_count:
        yield "unreached", f"届いていない {work.unreached_count:,} 薬局・地区"
    if work.packets and (work.packets[0].days or 0) >= waiting.LATE_DAYS:
        yield "packets", f"{work.packets[0].days}日目の文書"
    if work.held_up:
        yield "held-up", "地区で滞っている通知"
    if work.unanswered:
        yield "unanswered", "再通知しても返事のない通知"


def _described(each: waiting.Waiting) -> dict[str, object]:
    """A waiting packet, or one of its top letters, with what the letter says of itself."""
    known = each.packet.kept
    several = len(kept.tops(known)) > 1
    index = each.top.packet_order if each.top else kept.top_index(known)
    letter = known["letters"][index]
    return {
        "packet": each.packet,
        "url": letter_url(each.packet, index) if several else each.packet.get_absolute_url(),
        "others": 0 if each.top else len(kept.tops(known)) - 1,
        "oldest_on": each.oldest_on,
        "days": each.days,
        "draft": each.draft,
        "subject": letter["subject"] or "（件名なし）",
        "issuer": kept.issuer_label(letter),
        "number": kept.number_label(letter),
    }
