"""How far the messages of a release had come by a moment, from the times that its deliveries and the history keep.

What is not settled by the moment was waiting. What came back after it had been sent, or was in a worker's hands, as the
event of its coming back tells. Failures that the site took back itself within minutes, since they were our own server's
and nobody's address, were never the recipient's, and count as waiting.
"""

import datetime as dt
from collections import defaultdict

from django.db.models import Q, QuerySet

from members.models import Event
from notices.models import Delivery, Receipt
from notices.models.receipt import Reach

State = Delivery.State
SETTLED = {State.SENT: Reach.SENT, State.FAILED: Reach.FAILED, State.STOPPED: Reach.STOPPED}
BEST_FIRST = list(Reach)


def reaches(receipts: QuerySet[Receipt], moment: dt.datetime) -> dict[int, Reach]:
    """The reach of each receipt by its key: the best of its deliveries; without any it has no address, so 不達."""
    deliveries = Delivery.objects.filter(receipt__in=receipts.order_by().values("pk"), made_at__lte=moment)
    returned = _returned(deliveries, moment)
    found: dict[int, set[Reach]] = defaultdict(set)
    columns = ("pk", "receipt", "state", "settled_at")
    for key, receipt, state, settled_at in deliveries.order_by().values_list(*columns):
        found[receipt].add(returned.get(key) or _reach(state, settled_at, moment))
    keys = receipts.order_by().values_list("pk", flat=True)
    return {key: next((reach for reach in BEST_FIRST if reach in found[key]), Reach.FAILED) for key in keys}


def first_sent(receipts: QuerySet[Receipt], moment: dt.datetime) -> dict[int, dt.datetime]:
    """By receipt, when the first message was sent that had not come back by the moment; those of old may be missing."""
    deliveries = Delivery.objects.filter(receipt__in=receipts.order_by().values("pk")).order_by()
    stands = deliveries.filter(state=State.SENT, settled_at__lte=moment)
    times = list(stands.values_list("receipt", "settled_at"))
    back = dict(deliveries.filter(bounced_at__gt=moment).values_list("pk", "receipt"))
    events = Event.objects.filter(subject_kind="delivery", subject_id__in=list(back), verb="delivery.bounced")
    for key, detail in events.filter(at__gt=moment).values_list("subject_id", "detail"):
        if detail.get("sent_at") and _was_sent(detail, moment):
            times.append((back[key], dt.datetime.fromisoformat(detail["sent_at"])))
    found: dict[int, dt.datetime] = {}
    for receipt, at in times:
        found[receipt] = min(at, found.get(receipt, at))
    return found


def gone_out(deliveries: QuerySet[Delivery], moment: dt.datetime) -> QuerySet[Delivery]:
    """Those of the messages that had left by the moment, whether or not they came back."""
    back = _returned(deliveries.filter(made_at__lte=moment), moment)
    late = [key for key, reach in back.items() if reach != Reach.WAITING]
    return deliveries.filter(Q(state=State.SENT, settled_at__lte=moment) | Q(bounced_at__lte=moment) | Q(pk__in=late))


def _reach(state: str, settled_at: dt.datetime | None, moment: dt.datetime) -> Reach:
    if state == State.OTHER:
        return Reach.OTHER
    return SETTLED[state] if state in SETTLED and settled_at <= moment else Reach.WAITING


def _returned(deliveries: QuerySet[Delivery], moment: dt.datetime) -> dict[int, Reach]:
    """What came back after the moment: as it was at the moment, when nobody knew yet."""
    back = deliveries.filter(bounced_at__gt=moment).order_by().values("pk")
    verbs = ["delivery.bounced", "delivery.fax_returned"]
    events = Event.objects.filter(subject_kind="delivery", subject_id__in=back, verb__in=verbs, at__gt=moment)
    found = {}
    for key, verb, detail in events.values_list("subject_id", "verb", "detail"):
        if verb == "delivery.fax_returned":
            found[key] = Reach.OTHER
        else:
            found[key] = Reach.SENT if _was_sent(detail, moment) else Reach.WAITING
    return found


def _was_sent(detail: dict, moment: dt.datetime) -> bool:
    """Of a message that came back: whether it was sent by the moment. Events of old do not tell, and most were."""
    if "sent_at" not in detail:
        return True
    return detail["sent_at"] is not None and dt.datetime.fromisoformat(detail["sent_at"]) <= moment
