"""日ごとの推移: how many pharmacies were sent to and had declared what by the end of each day, and reminders.

The report counts it as of a moment from the history, the board from what stands now: of this moment they are the same.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from notices.boards.reports import counts, sending
from notices.boards.reports.counts import Days
from notices.boards.reports.standing import FACTS, Standing
from notices.models import Delivery, Mention, Receipt, Release

# A curve of more days than this is drawn week by week.
MOST_DAYS = 92

Declared = Mapping[str, Counter[dt.date]]


@dataclass(frozen=True)
class DayFigures:
    """By the end of a day, or by the moment on its day: how many pharmacies were sent to, and had declared what."""

    day: dt.date
    sent: int
    confirmed: int
    finished: int
    not_applicable: int


@dataclass(frozen=True)
class Reminded:
    """To how many pharmacies a reminder of the notice went out on a day."""

    day: dt.date
    pharmacies: int


@dataclass(frozen=True)
class Row:
    """A day as the table beside the curve has it; `new` have confirmed since the row before.

    Of a deadline that is still to come there are no `figures`.
    """

    day: dt.date
    figures: DayFigures | None
    new: int
    reminded: int
    is_deadline: bool


@dataclass(frozen=True)
class Course:
    """From the day of the release to that of the moment, or to that after the last answer where nothing came since.

    `until` is the day of the moment, `days` every day, `reminded` the days on which reminders really went out.
    """

    release: Release
    recipients: int
    until: dt.date
    days: list[DayFigures]
    reminded: list[Reminded] = field(default_factory=list)

    @property
    def curve(self) -> list[DayFigures]:
        """The days that are drawn and listed: every one, or one a week and the last."""
        return self.days if len(self.days) <= MOST_DAYS else [*self.days[:-1:7], self.days[-1]]

    @property
    def end(self) -> dt.date:
        """The last day that is drawn: that of the last figures, of a reminder or of the deadline."""
        return max([self.days[-1].day, *self._marked])

    @property
    def _marked(self) -> list[dt.date]:
        deadline = self.release.deadline
        return [*(each.day for each in self.reminded), *([deadline] if deadline else [])]

    def by(self, day: dt.date) -> DayFigures:
        """The figures by the end of a day since the release, those of the last day where nothing came since."""
        return self.days[min((day - self.days[0].day).days, len(self.days) - 1)]

    def rows(self) -> list[Row]:
        """The days of the curve, and those on which somebody was reminded or the deadline ends."""
        reminded = {each.day: each.pharmacies for each in self.reminded}
        found: list[Row] = []
        before = 0
        for day in sorted({*(each.day for each in self.curve), *self._marked}):
            figures = self.by(day) if day <= self.until else None
            new = figures.confirmed - before if figures else 0
            before += new
            found.append(Row(day, figures, new, reminded.get(day, 0), day == self.release.deadline))
        return found


def of_standings(
    release: Release, receipts: QuerySet[Receipt], standings: list[Standing], moment: dt.datetime
) -> Course:
    """As of a moment, from how each of the receipts stood then."""
    new = {fact: _by_day(standings, fact) for fact in FACTS}
    new["sent"] = Counter(map(timezone.localdate, sending.first_sent(receipts, moment).values()))
    return _course(release, len(standings), new, reminded(receipts, moment), moment)


def of_now(release: Release, recipients: int, now: dt.datetime) -> Course:
    """From what stands now, in one query by day; `recipients` are all pharmacies."""
    columns = {f"{fact}_on": TruncDate(f"{fact}_at") for fact in FACTS}
    confirmed = _pharmacies(release).confirmed().order_by().annotate(**columns)
    new: dict[str, Counter[dt.date]] = {fact: Counter() for fact in FACTS}
    new["sent"] = _sent(_pharmacies(release))
    for *days, number in confirmed.values_list(*columns).annotate(number=Count("pk")):
        for fact, day in zip(FACTS, days, strict=True):
            if day:
                new[fact][day] += number
    return _course(release, recipients, new, reminded(_pharmacies(release), now), now)


def answer_days(release: Release, recipients: int) -> Days:
    """After how many days a quarter, half, three quarters of the pharmacies had confirmed, from what stands now.

    `recipients` are all that the release concerns, those included whom their district has still to tell.
    """
    times = _pharmacies(release).confirmed().order_by("confirmed_at").values_list("confirmed_at", flat=True)
    reached = (times[place - 1 : place].first() if place else None for place in counts.places(recipients))
    return Days(*(at and counts.waited(at, release.released_at) for at in reached))


def _course(release: Release, recipients: int, new: Declared, reminded: list[Reminded], moment: dt.datetime) -> Course:
    first, until = timezone.localdate(release.released_at), timezone.localdate(moment)
    happened = [day for each in new.values() for day in each]
    last = min(until, max([first, *happened]) + dt.timedelta(days=1))
    total = dict.fromkeys(new, 0)
    found = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        for fact in new:
            total[fact] += new[fact][day]
        found.append(DayFigures(day, **total))
    return Course(release, recipients, until, found, reminded)


def _sent(receipts: QuerySet[Receipt]) -> Counter[dt.date]:
    """On which days the first message went out that has not come back."""
    stands = Delivery.objects.filter(receipt__in=receipts.order_by().values("pk"), state=Delivery.State.SENT).order_by()
    first = stands.values("receipt").annotate(day=TruncDate(Min("settled_at")))
    return Counter(first.values_list("day", flat=True))


def _by_day(standings: Iterable[Standing], fact: str) -> Counter[dt.date]:
    return Counter(timezone.localdate(getattr(one, fact).at) for one in standings if getattr(one, fact))


def _pharmacies(release: Release) -> QuerySet[Receipt]:
    return Receipt.objects.whole(release).pharmacies()


def reminded(receipts: QuerySet[Receipt], moment: dt.datetime) -> list[Reminded]:
    """The days on which a message that reminds of one of the receipts really went out by the moment.

    A reminder goes out on its day or not at all.
    """
    named = Mention.objects.filter(receipt__in=receipts.order_by().values("pk"), what=Mention.What.ANSWER).order_by()
    messages = Delivery.objects.filter(purpose=Delivery.Purpose.REMINDER, reminder__in=named.values("reminder"))
    gone = sending.gone_out(messages, moment).order_by().values("reminder")
    rows = named.filter(reminder__in=gone).values_list("reminder__day").annotate(number=Count("receipt"))
    return [Reminded(day, number) for day, number in sorted(rows)]
