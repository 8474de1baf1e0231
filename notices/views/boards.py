"""The board of a released notice: the whole on one page, its pharmacies one by one, both as files."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members.sheets import Kind
from members.views.download import saved, wanted
from notices import follow_ups, succession
from notices.boards import advice, chain, course, halts, latest, live, passing, progress, sheet, standing
from notices.boards.advice import Advice, Move
from notices.boards.course import Course
from notices.boards.progress import Totals
from notices.boards.reports import charts
from notices.distribution import by_hand, recipients
from notices.distribution.reminders import due, plans
from notices.filters.board import PharmacyFilter
from notices.models import Notice, OnBehalf, Receipt, Release
from notices.models.receipt import Reach
from notices.tables.board import DistrictTable, PharmacyTable
from notices.tables.on_behalf import OnBehalfTable
from notices.tracking.diary import lines
from notices.views import records
from notices.views.attached import attached
from notices.views.doors import staff_only
from notices.views.letter_parts import linked, relations
from notices.views.succession import Banner, at_the_desk, replaced

PER_PAGE = 100
LATEST = 8


def board(request: HttpRequest, notice: Notice) -> HttpResponse:
    """How far a released notice has come, who is left, and what to do next.

    While somebody may answer the page asks for itself anew; where nothing has changed it gets but the time.
    """
    release, now = notice.release, timezone.now()
    totals, superseded = progress.totals(release), at_the_desk(notice)
    again = follow_ups.follow_up(notice.pk)
    renews = _renewing(request, release, totals, now, is_over=bool(superseded))
    if request.htmx and request.headers.get("Seen") == renews["version"]:
        return render(request, "boards/as_of.html", renews)
    untold = recipients.untold(release).count() if release.through_districts else 0
    stops = chain.stops(notice, untold)
    hops = passing.by_district(release, now)
    urges = not superseded and not again
    table = DistrictTable(progress.by_district(release), release, totals, hops, urges=urges)
    RequestConfig(request, paginate=False).configure(table)
    stacks = by_hand.waiting(Release.objects.whole(release))
    papers = sum(stack.left for stack in stacks)
    whole = Receipt.objects.whole(release)
    known = whole.pharmacies().known_all_the_same().count() if totals.pharmacies.failed else 0
    first, *others = moves = advice.next_moves(release, totals, untold, again, papers, known)
    stuck = halts.of(release) if release.asks_set_up else []
    pages = _pages(release, superseded, again, stacks)
    way = course.of_now(release, totals.pharmacies.recipients, now) if release.asks_confirmation else None
    context = {
        **renews,
        **(_course(way, totals, untold) if way else {}),
        "notice": notice,
        "release": release,
        "totals": totals,
        "tally": totals.pharmacies,
        "concerned": totals.pharmacies.recipients + untold,
        "untold": untold,
        "chosen": [*release.districts.all(), *release.tags.all()],
        "papers": papers,
        "stops": linked(stops),
        "summary": chain.summary(stops),
        "first_move": (first, pages[first.move]),
        "other_moves": [(other, pages[other.move]) for other in others],
        **_reminding(release, moves, [each.day for each in way.reminded] if way else [], now),
        "silent": latest.silent(whole).count() if urges and way and len(way.reminded) >= latest.TWICE else 0,
        "halts": stuck,
        "most_halted": max((halt.receipts for halt in stuck), default=0),
        "table": table,
        "attachments": attached(notice),
        "relations": relations(notice),
        "superseded": superseded,
        "again": again,
        "repeated": follow_ups.repeated_by(notice),
        "unsent": _kept_back(release) if again else 0,
        "called_off": follow_ups.called_off(notice) if release.is_repeated else None,
        "supersedes": replaced(notice, linked=True),
        "lines": lines(latest.events(release, LATEST), request.capacity),
        "records": records.of(notice, release),
    }
    return render(request, "boards/board.html", context)


def _reminding(release: Release, moves: list[Advice], days: list[dt.date], now: dt.datetime) -> dict[str, object]:
    """What is said of reminders beside the next move; `days` are those on which some went out.

    The button is there only while somebody may be reminded: not who waits for the first message, has no address that
    works, had a reminder today, or had as many as are enough.
    """
    reminds, today = _reminds(release, moves), timezone.localdate(now)
    return {
        "reminds": reminds,
        "reminds_now": reminds and due.is_anybody_open(release, today),
        "reminded_today": today in days[-1:],
        "last_reminded": days[-1] if days else None,
        "next_reminder": plans.next_of(release, now),
    }


def _kept_back(release: Release) -> int:
    """How many pharmacies never got the release, since a 再周知 went to them in its place."""
    return Receipt.objects.whole(release).pharmacies().asked_again().filter(reach=Reach.STOPPED).count()


def _reminds(release: Release, moves: list[Advice]) -> bool:
    """Whether staff may have its recipients reminded now: somebody is asked by it, and by no 再周知 in its place."""
    if release.passes_on_id or not any(move.move in (Move.ASK, Move.FOLLOW) for move in moves):
        return False
    return plans.taken_over_by(release) is None


def _renewing(
    request: HttpRequest, release: Release, totals: Totals, now: dt.datetime, *, is_over: bool
) -> dict[str, object]:
    """What the page needs to renew itself; `is_over` where the notice takes no more answers."""
    tenths = live.tenths(totals)
    return {
        "now": now,
        "version": live.version(release, totals, timezone.localdate(now)),
        "seconds": live.SECONDS if live.awaits(release, totals) and not is_over else None,
        "tenths": tenths,
        "tells": request.headers.get("Told", tenths) != tenths,
    }


def _course(way: Course, totals: Totals, untold: int) -> dict[str, object]:
    """日ごとの推移 and the days until people answered, where an answer is asked for."""
    return {
        "curve": charts.curve(way, charts.SCREEN_WIDTH),
        "days": way.rows(),
        "answer_days": course.answer_days(way.release, totals.pharmacies.recipients + untold),
    }


def _pages(
    release: Release, superseded: Banner | None, again: Notice | None, stacks: list[by_hand.Stack]
) -> dict[Move, str]:
    """The page on which each move is made; papers of several districts' letters are on a page each, so the first."""
    pharmacies = reverse("notices:notice_pharmacies", args=[release.notice_id])
    districts = f"{reverse('notices:notice', args=[release.notice_id])}#h-districts"
    # Questions about what goes through the districts stand at their letters.
    about = "" if release.through_districts else f"&notice={release.notice_id}"
    return {
        Move.RESUME: reverse("notices:release", args=[release.pk]),
        Move.WATCH: reverse("notices:release", args=[release.pk]),
        Move.ANSWER: f"{reverse('notices:help_requests')}?state=open{about}",
        Move.CALL: f"{pharmacies}?reach=failed&answer=unconfirmed",
        Move.POST: reverse("notices:release_papers", args=[stacks[0].release.pk]) if stacks else "",
        Move.ASK: f"{pharmacies}?answer=unconfirmed",
        Move.STEP_IN: districts,
        Move.AWAIT: districts,
        Move.FOLLOW: f"{pharmacies}?answer=under_way",
        Move.SUPERSEDED: superseded.url if superseded else "",
        Move.FOLLOWED_UP: reverse("notices:notice", args=[again.pk]) if again else "",
        Move.NOTHING: "",
    }


def _released(request: HttpRequest, pk: int) -> Notice:
    notices = Notice.objects.visible_to(request.capacity).with_names().select_related("release")
    return get_object_or_404(notices.prefetch_related("steps"), pk=pk, state=Notice.State.RELEASED)


@staff_only
@require_safe
def pharmacies(request: HttpRequest, pk: int) -> HttpResponse:
    """The pharmacies of a release; filters and order stay in the address, `format` gives the same as a file."""
    notice = _released(request, pk)
    release = notice.release
    receipts = Receipt.objects.visible_to(request.capacity).whole(release).pharmacies()
    chosen = PharmacyFilter(request.GET, release, queryset=standing.with_answer(receipts, release), request=request)
    found = chosen.qs.select_related("organisation", "district", "release")
    is_open = succession.successor(notice.pk) is None
    table = PharmacyTable(found, release, is_open=is_open, here=request.get_full_path())
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    if kind := wanted(request):
        return saved(sheet.pharmacies(release, table.data.data), kind)
    context = {"notice": notice, "release": release, "filter": chosen, "table": table}
    asks = release.asks_confirmation and not release.passes_on_id and is_open
    may_remind = asks and plans.taken_over_by(release) is None
    context["reminds"] = may_remind and due.is_anybody_open(release, timezone.localdate())
    return render(request, "boards/pharmacies.html", context)


@staff_only
@require_safe
def on_behalf(request: HttpRequest, pk: int) -> HttpResponse:
    """代理の記録 of a notice, undone or not, the latest first."""
    notice = _released(request, pk)
    whole = Receipt.objects.whole(notice.release)
    table = OnBehalfTable(OnBehalf.objects.visible_to(request.capacity).filter(receipt__in=whole))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "boards/on_behalf.html", {"notice": notice, "table": table})


@staff_only
@require_safe
def districts(request: HttpRequest, pk: int, kind: Kind) -> HttpResponse:
    """The board by district as a file, every figure in it."""
    notice = _released(request, pk)
    return saved(sheet.districts(notice.release), kind)
