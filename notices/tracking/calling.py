"""電話済: that a pharmacy was telephoned about a notice. It is a line of the history and counts as no answer."""

import datetime as dt
from collections.abc import Iterable

from members import history
from members.history import Actor
from members.models import Event
from notices.models import Receipt
from notices.tracking.facts import held, refuse_superseded

VERB = "receipt.called"
# Within it a second press is the same call.
SAME_CALL = dt.timedelta(minutes=1)


def note_call(receipt_id: int, *, actor: Actor) -> bool:
    """Note that somebody has just called; False where the same person had noted this call. Raises Superseded."""
    with held(receipt_id) as receipt:
        refuse_superseded(receipt)
        since = history.moment() - SAME_CALL
        if history.of(receipt).filter(verb=VERB, account=actor.account, at__gt=since).exists():
            return False
        history.record(VERB, receipt, actor=actor, organisation=receipt.organisation_id)
        return True


def last_calls(receipts: Iterable[Receipt]) -> dict[int, dt.datetime]:
    """When each of these was called last, by its key; who was not is missing."""
    keys = [receipt.pk for receipt in receipts]
    calls = Event.objects.filter(subject_kind="receipt", subject_id__in=keys, verb=VERB)
    return dict(calls.order_by("pk").values_list("subject_id", "at"))
