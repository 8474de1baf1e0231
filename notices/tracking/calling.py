"""電話済, FAX済: that a pharmacy was told of a notice by telephone or by FAX.

Lines of the history, which count as no answer. One that was noted by mistake is taken back by a further line.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import TextChoices

from members import history
from members.history import Actor
from members.models import Event
from notices.models import Receipt
from notices.tracking.facts import held, refuse_superseded


class Way(TextChoices):
    """How a pharmacy was told."""

    TELEPHONE = "called", "電話済"
    FAX = "faxed", "FAX済"

    @property
    def verb(self) -> str:
        return f"receipt.{self.value}"

    @property
    def taken_back(self) -> str:
        return f"receipt.{self.value}_taken_back"


class Call(NamedTuple):
    """The last time a pharmacy was told in one way, as far as the site knows."""

    way: Way
    at: dt.datetime


# Within it a second press is the same call.
SAME_CALL = dt.timedelta(minutes=1)
MEANS = {way.verb: (way, True) for way in Way} | {way.taken_back: (way, False) for way in Way}


def note_call(receipt_id: int, way: Way = Way.TELEPHONE, *, actor: Actor) -> bool:
    """Note that somebody has just told them; False where that was noted a moment ago. Raises Superseded."""
    with held(receipt_id) as receipt:
        refuse_superseded(receipt)
        since = history.moment() - SAME_CALL
        if (last := _last(receipt, way)) and last.at > since:
            return False
        history.record(way.verb, receipt, actor=actor, organisation=receipt.organisation_id)
        return True


def take_back(receipt_id: int, way: Way, *, actor: Actor) -> bool:
    """The last call of this way was none; False where there is none. Raises Superseded."""
    with held(receipt_id) as receipt:
        refuse_superseded(receipt)
        if not _last(receipt, way):
            return False
        history.record(way.taken_back, receipt, actor=actor, organisation=receipt.organisation_id)
        return True


def _last(receipt: Receipt, way: Way) -> Call | None:
    return next((call for call in last_calls([receipt]).get(receipt.pk, []) if call.way == way), None)


def last_calls(receipts: Iterable[Receipt]) -> dict[int, list[Call]]:
    """Of each of these, by its key, the last call of either way that stands; who was not told is missing."""
    keys = [receipt.pk for receipt in receipts]
    events = Event.objects.filter(subject_kind="receipt", subject_id__in=keys, verb__in=MEANS).order_by("pk")
    standing: dict[int, dict[Way, list[dt.datetime]]] = defaultdict(lambda: {way: [] for way in Way})
    for key, verb, at in events.values_list("subject_id", "verb", "at"):
        way, is_call = MEANS[verb]
        if is_call:
            standing[key][way].append(at)
        elif standing[key][way]:
            standing[key][way].pop()
    told = {key: [Call(way, times[-1]) for way, times in ways.items() if times] for key, ways in standing.items()}
    return {key: calls for key, calls in told.items() if calls}
