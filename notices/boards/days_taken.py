"""伝わるまでの日数: how long documents took from the first letter of their chain until members were told of them."""

import datetime as dt
import statistics
from collections import defaultdict

from django.db.models import F, Min, QuerySet

from members import wareki
from notices.models import Notice, Relation, Release

# The oldest date of a chain, and the day on which members were told of it.
Told = tuple[dt.date, dt.date]


def medians() -> dict[int, float]:
    """By 年度 the middle one of the days that those took that members were first told of then; without, none is there.

    Counted from the date of the oldest letter of a packet's chain, which is a ministry's for the most part.
    """
    days: dict[int, list[int]] = defaultdict(list)
    for oldest_on, told_on in [*_by_itself(), *_enclosed()]:
        days[wareki.fiscal_year(told_on)].append((told_on - oldest_on).days)
    return {year: statistics.median(found) for year, found in days.items()}


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
