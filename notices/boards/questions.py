"""What is asked about which step: how many pharmacies, since when, and whether a note answers it for all."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from notices.boards.halts import numbered
from notices.models import HelpRequest, Notice, Step, StepNote
from notices.succession import Successor, successors

MOST = 10


@dataclass(frozen=True)
class Asked:
    """Open questions about one step, or about a notice as a whole; `since` is the oldest that nobody has answered.

    `by` stands in the place of the notice, whose steps take no note any more.
    """

    notice: Notice
    step: Step | None
    number: int | None
    open: int
    waiting: int
    since: dt.datetime | None
    note: StepNote | None
    by: Successor | None


def by_step() -> list[Asked]:
    """The steps about which most ask, at most MOST of them."""
    waiting = Q(answered_at=None)
    rows = list(
        HelpRequest.objects.filter(closed_at=None)
        .order_by()
        .values("receipt__release__notice", "step")
        .annotate(
            open=Count("receipt", distinct=True),
            waiting=Count("receipt", distinct=True, filter=waiting),
            since=Min("asked_at", filter=waiting),
        )
        .order_by("-open", "-waiting", "since", "receipt__release__notice", "step")[:MOST]
    )
    notices = Notice.objects.prefetch_related("steps", "numbers").in_bulk(
        {row["receipt__release__notice"] for row in rows}
    )
    numbers = {notice.pk: {step.pk: (step, number) for step, number in numbered(notice)} for notice in notices.values()}
    notes = StepNote.objects.beside(step for steps in numbers.values() for step, _ in steps.values())
    standing = successors(notices)
    found = []
    for row in rows:
        notice = notices[row.pop("receipt__release__notice")]
        step, number = numbers[notice.pk].get(row.pop("step"), (None, None))
        note = notes.get(step.pk) if step else None
        found.append(Asked(notice, step, number, note=note, by=standing.get(notice.pk), **row))
    return found
