"""The page that checks a draft: all that would go out, for those who ask for its approval, approve or release."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members.access import administrators
from members.wareki import day_with_weekday, long_date
from notices import access, follow_ups, succession
from notices.boards import chain
from notices.distribution import audience, earlier_papers, gathering, recipients
from notices.distribution.audience import Overview
from notices.forms.approval import AskForm, DecideForm, PaperForm, ReturnForm
from notices.forms.audience import ReleaseForm, ScheduleForm
from notices.letters import composing, correcting, guide, numbering, papers, relabelling, stating, version
from notices.letters.differences import differences
from notices.letters.letter import letter_of
from notices.letters.papers import Paper
from notices.models import Approval, Notice, Release
from notices.procedures import issue, refusals
from notices.procedures.approval_needed import approval_of, deciders, needs_another
from notices.views.attached import attached
from notices.views.letter_parts import linked, mended
from notices.views.succession import replaced

# What the page that checks a draft is for, by the state of its approval.
HEADING = "確かめて決裁に出す"
WAITING = "決裁を待つ"
HEADINGS = {Approval.State.ASKED: "決裁する", Approval.State.APPROVED: "確かめて発出する"}
OBSTACLES = {False: "このままでは決裁できません。", True: "このままでは発出できません。"}


def show_check(request: HttpRequest, notice: Notice, **typed: Any) -> HttpResponse:
    """The page that checks a draft, with what was typed into one of its forms; a scheduled one as of its day.

    Its forms: `form` and `schedule_form` release, `ask_form`, `decide_form`, `return_form` and `paper_form` approve.
    """
    plan, approval = composing.plan_of(notice), notice.approval
    day = timezone.localdate(plan.scheduled_at)
    dated = numbering.expected_day(notice)
    expected = numbering.expected_for(notice, dated)
    choice = audience.choice_of(plan)
    supersedes, follows_up = replaced(notice, linked=True), follow_ups.followed_up(notice)
    left_behind = earlier_papers.left_behind(plan)
    overview = audience.planned(plan) if supersedes else audience.overview(**choice, follows=notice)
    context = {
        "notice": notice,
        "supersedes": supersedes,
        "follows_up": follows_up,
        "answers_earlier": follow_ups.answers_earlier(plan),
        "untold": recipients.waiting_for_districts(follows_up),
        "left_behind": left_behind,
        "left_behind_count": sum(left_behind.values()),
        "plan": plan,
        "approval": approval,
        "heading": _heading(request, approval),
        "is_mailing": bool(settings.EMAIL_URL),
        "obstacle_title": OBSTACLES[bool(approval) and approval.is_given],
        "may_change": not plan.scheduled_at and not notice.stands_fast and access.can_change(request.capacity, notice),
        "may_take_back": bool(approval) and access.can_take_back_request(request.capacity, approval),
        "may_record_paper": access.can_record_paper_approval(request.capacity),
        "mended": mended(notice),
        "expected": expected,
        "dated": dated,
        "letter": letter_of(notice, number=expected, date=dated),
        "stops": linked(chain.stops(notice)),
        "overview": overview,
        "tells_pharmacies": _tells_pharmacies(plan, overview),
        "chosen": [*choice["districts"], *choice["tags"]],
        "obstacle": _obstacle(plan, approval, day if approval and approval.is_given else max(day, dated)),
        "deciders": deciders(plan, _drafters(request, notice)),
        "administrators": administrators(),
        "alone": bool(approval) and needs_another(approval, request.actor.account, plan),
        "doubts": _doubts(notice, plan, overview, day, dated, expected),
        "attachments": attached(notice),
        "steps": notice.steps.all(),
        "gathered_at": gathering.next_hour(plan.gathers, plan.scheduled_at or timezone.now())
        if plan.is_gathered
        else None,
    }
    if supersedes and not supersedes.withdraws:
        context["from_corrected"] = differences(
            version.shared_of(supersedes.notice, supersedes.notice.release), version.shared_of(notice, plan)
        )
    if approval and approval.is_waiting:
        context |= _compared(request, approval)
    return render(request, "letters/check.html", context | _forms(notice, approval) | typed)


def _heading(request: HttpRequest, approval: Approval | None) -> str:
    if approval and approval.is_waiting and not access.can_approve(request.capacity):
        return WAITING
    return HEADINGS.get(approval.state if approval else "", HEADING)


def _compared(request: HttpRequest, approval: Approval) -> dict[str, Any]:
    """What has changed since this person decided on it last, else since it was asked for last; `since` names another.

    Opening a page is recorded nowhere; what somebody has looked at for certain is what they decided on.
    """
    earlier = list(approval.earlier())
    wanted = [each for each in earlier if str(each.pk) == request.GET.get("since")]
    own = [each for each in earlier if each.decided_by_id == request.actor.account.pk]
    since = next(iter([*wanted, *own, *earlier]), None)
    changes = differences(since.version, approval.version) if since else []
    return {"earlier": earlier, "since": since, "changes": changes}


def _drafters(request: HttpRequest, notice: Notice) -> set[int | None]:
    """Who drafted it and asks for its approval; before it is asked for, that is whoever looks at the page."""
    if notice.stands_fast:
        return notice.approval.drafters
    return {notice.drafted_by_id, request.actor.account.pk}


def _forms(notice: Notice, approval: Approval | None) -> dict[str, Any]:
    """The empty forms of what can be done with the draft now."""
    if approval and approval.is_given:
        return {"form": ReleaseForm(), "schedule_form": ScheduleForm()}
    if approval and approval.is_waiting:
        return {"decide_form": DecideForm(notice=notice), "return_form": ReturnForm()}
    return {"ask_form": AskForm(notice=notice), "paper_form": PaperForm(notice=notice)}


def _obstacle(plan: Release, approval: Approval | None, day: dt.date) -> str:
    """Why the next thing to do would be refused as things stand; empty when nothing stands in the way."""
    try:
        issue.check(plan, day)
        if approval and approval.is_given:
            approval_of(plan, day)
    except issue.CannotRelease as error:
        return refusals.words(error)
    return ""


def _doubts(
    notice: Notice, plan: Release, overview: Overview, day: dt.date, dated: dt.date, expected: str
) -> list[str]:
    """What to look at once more; nothing of it stands in the way."""
    replaced_meanwhile = _earlier_replaced(notice, plan)
    found = [
        (
            not overview.pharmacies.total and not plan.through_districts,
            "宛先に薬局がありません。地区にだけ届きます。",
        ),
        (plan.asks_confirmation and not plan.deadline, "確認期限がありません。"),
        (
            not plan.asks_set_up and notice.steps.exists(),
            "設定手順がありますが、お願いの種類が「確認＋設定」ではありません。",
        ),
        (_tells_pharmacies(plan, overview) and not plan.covering_pharmacies.strip(), "薬局への添え書きがありません。"),
        (not plan.covering_chairs.strip(), "地区会長への添え書きがありません。"),
        (notice.number_fixed and not notice.date, "届いた文書に日付がありません。決裁のときに決めます。"),
        (
            notice.date and notice.date != day,
            f"文書の日付は{long_date(notice.date) if notice.date else ''}です。いま発出しても、この日付のままです。",
        ),
        (
            numbering.leaps(notice, dated),
            f"付く番号の見込み（{expected}）が、文書番号簿の最大の番号から {numbering.FAR} より多く離れています。",
        ),
        (notice.number_fixed and not notice.number_text, "届いた文書に番号がありません。番号なしで発出します。"),
        (replaced_meanwhile, replaced_meanwhile),
    ]
    if left := correcting.deadline_left(notice, plan):
        found.append((True, f"元の期限（{left.month}月{left.day}日）が文章に残っています。「文面」で直してください。"))
    elif others := stating.other_days(notice, plan):
        found.append((True, _other_days(others, plan)))
    if signed := correcting.signed_otherwise(notice):
        found.append((True, f"発信者が元の通知と違います（元は {signed[1]}、この文書は {signed[0]}）。"))
    if unsaid := stating.left_out(notice, plan):
        found.append((True, f"{'と'.join(unsaid)}が、文書に書かれていません。「文面」の本文を確かめてください。"))
    found += [
        (True, f"本文か記書きの「{label}」にあたる別添がありません。「文面」で直してください。")
        for label in relabelling.unknown(notice)
    ]
    found += [
        (True, f"手順「{step.title}」に、伏せた文字（＊）があります。届いた文書と見比べて直してください。")
        for step in guide.masked(notice)
    ]
    found += [(True, _nothing_there(paper)) for paper in papers.without_content(notice)]
    return [words for doubtful, words in found if doubtful]


def _tells_pharmacies(plan: Release, overview: Overview) -> bool:
    """Whether any pharmacy gets the letter with the covering text: through the districts they get these's letters."""
    return not plan.through_districts or bool(overview.directly)


def _other_days(days: list[str], plan: Release) -> str:
    asked = day_with_weekday(plan.deadline)
    return f"文書に「{'、'.join(days)}」までとあります。確認期限（{asked}）と合っているか、確かめてください。"


def _nothing_there(paper: Paper) -> str:
    """Which enclosure is missing, what its recipients see of that, and what to do."""
    named = f"{paper.label}「{paper.title}」" if paper.title else paper.label
    if paper.level:
        within = "届いた文書が挙げている別添です。届けるときは、この通知の別添に足してください"
        return f"{named}の中身がありません。このまま発出すると、綴じた PDF にも画面にも入りません。{within}。"
    return (
        f"{named}の中身がありません。このまま発出すると、綴じた PDF にも画面にも入りません。"
        "「文面」の別添の行で、ファイルか URL を付けてください。"
    )


def _earlier_replaced(notice: Notice, plan: Release) -> str:
    """That what the draft makes known again was corrected or withdrawn; a draft to whom is open is refused instead."""
    earlier = follow_ups.followed_up(notice) if plan.scope != Release.Scope.OPEN else None
    if earlier is None or (by := succession.successor(earlier.pk)) is None:
        return ""
    return f"再周知の元の通知は、すでに {by.notice.number_text or by.notice.subject} で{by.kind.label}されています。"
