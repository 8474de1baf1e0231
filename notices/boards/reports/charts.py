"""The drawings of a report: bars by district and the curve of answers, as shapes that a template writes as SVG.

Colours are attributes: neither the renderer of PDFs nor the policy of the pages lets a style sheet into a drawing.
Numbers are texts: a template would write them by the rules of a language.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from notices.boards.course import Course, Reminded
from notices.boards.reports.counts import Counts
from notices.boards.reports.figures import Figures

FINISHED, CONFIRMED, NOT_APPLICABLE, LEFT, SENT = "#115a36", "#0066be", "#949494", "#f2f2f2", "#626264"
# Units: a sheet of A4 is 170 mm wide between its margins.
WIDTH, HEIGHT = 680, 206
# The words below the axis; those of the deadline below those of the reminders, where there are any.
WORDS, BELOW_WORDS = 202, 216
# On a screen they are drawn small and made as wide as there is room, so that their letters are large enough.
SCREEN_WIDTH = 360
LABELS, NUMBERS, ROW, BAR = 110, 130, 18, 12
LEFT_EDGE, RIGHT_MARGIN, UPPER, LOWER = 44, 20, 12, 172
TICKS = (0, 25, 50, 75, 100)
MOST_DATES = 9
# There are so many numbers in a circle.
CIRCLED = 20
# What one date, one 再通知① and one ① below the axis need.
A_DATE, A_MARK, A_NUMBER = 46, 54, 14


@dataclass(frozen=True)
class Part:
    """One piece of a bar."""

    x: str
    width: str
    colour: str


@dataclass(frozen=True)
class Bar:
    """One line of the chart of districts."""

    label: str
    y: str
    text_y: str
    parts: list[Part]
    counts: Counts


@dataclass(frozen=True)
class Bars:
    """The chart of districts, each on a scale from 0 to 100 % of its pharmacies; `key` is colour and word."""

    size: tuple[str, str]
    bars: list[Bar]
    key: list[tuple[str, str]]
    label_x: str
    numbers_x: str


@dataclass(frozen=True)
class Mark:
    """A day on which reminders went out: where it stands, its number in a circle, and what is written below it."""

    x: str
    number: str
    label: str
    reminded: Reminded


@dataclass(frozen=True)
class Curve:
    """The shares of all `recipients` by day; `lines` are colour, dashes and points.

    `key` is colour, dashes and word of each line, and how many pharmacies there are at its end. `deadline_anchor` says
    where below its line the deadline's words stand.
    """

    size: tuple[str, str]
    lines: list[tuple[str, str, str]]
    key: list[tuple[str, str, str, int]]
    recipients: int
    grid: list[tuple[str, int]]
    dates: list[tuple[str, dt.date]]
    marks: list[Mark]
    deadline: str
    deadline_anchor: str
    deadline_y: str
    left: str
    right: str
    lower: str
    upper: str


def bars(figures: Figures, width: int = WIDTH) -> Bars:
    """One bar a district: 完了, 対象外 and the other confirmed, or the confirmed alone where no set-up is asked for."""
    asks_set_up = figures.release.asks_set_up
    drawn = [_bar(one.name, one.counts, place, asks_set_up, width) for place, one in enumerate(figures.districts)]
    set_up = [(FINISHED, "完了"), (NOT_APPLICABLE, "対象外"), (CONFIRMED, "確認（未完了）")]
    key = [*(set_up if asks_set_up else [(CONFIRMED, "確認")]), (LEFT, "未確認")]
    size = (f"{width}", f"{ROW * len(drawn)}")
    return Bars(size, drawn, key, f"{LABELS - 8}", f"{width - NUMBERS + 8}")


def _bar(label: str, counts: Counts, place: int, asks_set_up: bool, chart: int) -> Bar:
    pieces = [(counts.confirmed, CONFIRMED)]
    if asks_set_up:
        pieces = [
            (counts.finished, FINISHED), (counts.not_applicable, NOT_APPLICABLE), (counts.under_way, CONFIRMED)
        ]  # fmt: skip
    pieces.append((counts.unconfirmed, LEFT))
    parts, x = [], float(LABELS)
    for number, colour in pieces:
        width = (chart - LABELS - NUMBERS) * number / counts.recipients if counts.recipients else 0
        if number:
            parts.append(Part(f"{x:.1f}", f"{width:.1f}", colour))
        x += width
    y = place * ROW + (ROW - BAR) / 2
    return Bar(label, f"{y:.1f}", f"{y + BAR - 2:.1f}", parts, counts)


def curve(course: Course, width: int = WIDTH) -> Curve | None:
    """The lines of 送信済, 確認 and, where set-up is asked for, 完了 with 対象外; None before there is an answer.

    Drawn are the deadline and the days on which reminders went out, too, also those after the last answer.
    """
    days, everybody = course.curve, course.recipients
    if not course.release.asks_confirmation or not everybody or not days[-1].confirmed or len(days) < 2:
        return None
    first, last = days[0].day, course.end
    left, right = LEFT_EDGE, width - RIGHT_MARGIN
    if (ends := min(last, course.until)) > days[-1].day:
        days = [*days, replace(days[-1], day=ends)]  # since the last answer nothing has changed

    def x(day: dt.date) -> float:
        return left + (right - left) * ((day - first).days / (last - first).days)

    def numbers(*facts: str) -> list[int]:
        return [sum(getattr(day, fact) for fact in facts) for day in days]

    def points(by_day: list[int]) -> str:
        shares = [(day.day, number / everybody) for day, number in zip(days, by_day, strict=True)]
        return " ".join(f"{x(day):.1f},{_y(share):.1f}" for day, share in shares)

    lines = [("送信済", SENT, "2 3", numbers("sent")), ("確認", CONFIRMED, "", numbers("confirmed"))]
    if course.release.asks_set_up:
        lines.append(("完了・対象外", FINISHED, "6 3", numbers("finished", "not_applicable")))
    deadline = course.release.deadline
    deadline_y = BELOW_WORDS if deadline and course.reminded else WORDS
    return Curve(
        size=(f"{width}", f"{HEIGHT + deadline_y - WORDS}"),
        lines=[(colour, dashes, points(by_day)) for _, colour, dashes, by_day in lines],
        key=[(colour, dashes, word, by_day[-1]) for word, colour, dashes, by_day in lines],
        recipients=everybody,
        grid=[(f"{_y(tick / 100):.1f}", tick) for tick in TICKS],
        dates=[(f"{x(day):.1f}", day) for day in _dated(first, last, (right - left) // A_DATE)],
        marks=_marks([(x(each.day), each) for each in course.reminded]),
        deadline=f"{x(deadline):.1f}" if deadline else "",
        deadline_anchor="end" if deadline and x(deadline) > right - RIGHT_MARGIN else "middle",
        deadline_y=f"{deadline_y}",
        left=f"{left}",
        right=f"{right}",
        lower=f"{LOWER}",
        upper=f"{UPPER}",
    )


def _y(share: float) -> float:
    return LOWER - (LOWER - UPPER) * share


def _dated(first: dt.date, last: dt.date, most: int) -> Iterable[dt.date]:
    """The days that are written below the axis: evenly spread, the first among them."""
    step = -(-((last - first).days + 1) // min(most, MOST_DATES))
    return (first + dt.timedelta(days=offset) for offset in range(0, (last - first).days + 1, step))


def _marks(reminded: list[tuple[float, Reminded]]) -> list[Mark]:
    """The marks of the reminders, with as many words as there is room for."""
    closest = min((there - here for (here, _), (there, _) in pairwise(reminded)), default=WIDTH)
    found = []
    for place, (x, each) in enumerate(reminded):
        number = chr(ord("①") + place) if place < CIRCLED else f"({place + 1})"
        label = f"再通知{number}" if closest >= A_MARK else number if closest >= A_NUMBER else ""
        found.append(Mark(f"{x:.1f}", number, label, each))
    return found
