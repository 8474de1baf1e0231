"""伝わるまでの日数: how long documents took from the first letter of their chain until members were told of them."""

import datetime as dt
import statistics

from django.db.models import F, Min, QuerySet

from notices.models import Notice, Relation, Release

# The oldest date of a chain, and the day on which members were told of it.
Told = tuple[dt.date, dt.date]


def median(year: int) -> float | None:
    """The middle one of the days that those took that members were first told of in the 年度; None where there is none.

    Counted from the date of the oldest letter of a packet's chain, which is a ministry's for the most part.
    """
    first, last = dt.date(year, 4, 1), dt.date(year + 1, 3, 31)
    told = [*_by_itself(), *_enclosed()]
    days = [(told_on - oldest_on).days for oldest_on, told_on in told if first <= told_on <= last]
    return statistics.median(days) if days else None


def _by_itself() -> QuerySet[Notice, Told]:
    """Letters of the association that came as packets, with older ones, and were released themselves."""
    own = Notice.objects.tops().filter(packet_oldest_on__lt=F("date"), release__in=Release.objects.own().released())
    return own.values_list("packet_oldest_on", "release__released_on")


def _enclosed() -> QuerySet[Relation, Told]:
    """Letters that a released one of the association encloses; of several the first counts."""
    tops = Notice.objects.tops().filter(packet_oldest_on__isnull=False)
    enclosing = Relation.objects.filter(kind=Relation.Kind.ENCLOSES, target__in=tops)
    enclosing = enclosing.filter(source__release__in=Release.objects.own().released()).order_by()
    told = enclosing.values("target", oldest_on=F("target__packet_oldest_on"))
    return told.annotate(told_on=Min("source__release__released_on")).values_list("oldest_on", "told_on")
