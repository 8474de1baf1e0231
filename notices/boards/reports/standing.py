"""What recipients had declared by a moment, whatever became of it since.

A receipt knows what stands now, with the time of each fact: that is how it stood at the moment as well, unless the fact
was taken back after it. Then the history knows, which nobody can change.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.models import Event
from notices.models import Delivery, HelpRequest, OnBehalf, Receipt
from notices.models.receipt import ON_BEHALF, Audience

FACTS = ("confirmed", "finished", "not_applicable")
DECLARES = {f"receipt.{fact}": fact for fact in FACTS}
TAKES_BACK = {
    "receipt.unconfirmed": "confirmed",
    "receipt.reopened": "finished",
    "receipt.applicable": "not_applicable",
}


@dataclass(frozen=True)
class Fact:
    """When something was declared, and how (`Via`)."""

    at: dt.datetime
    via: str

    @property
    def is_on_behalf(self) -> bool:
        return self.via in ON_BEHALF


@dataclass(frozen=True)
class Standing:
    """How one receipt stood at the moment: each fact that was declared by then and not taken back by then.

    `deadline` is that of its own release, which for a district's letter may be earlier than what it passes on.
    """

    receipt: int
    district: int
    audience: str
    deadline: dt.date | None
    confirmed: Fact | None
    finished: Fact | None
    not_applicable: Fact | None

    @property
    def is_pharmacy(self) -> bool:
        return self.audience == Audience.PHARMACY


Overturned = dict[int, dict[str, Fact | None]]


def there_by(moment: dt.datetime) -> Q:
    """A condition for receipts: their release was out by the moment.

    Members to whom staff wrote themselves, since their district had not passed it on, came with their first message.
    """
    messages = Delivery.objects.filter(receipt=OuterRef("pk")).order_by()
    by_then = Exists(messages.filter(made_at__lte=moment)) | ~Exists(messages)
    stepped_in = Q(release__through_districts=True, audience=Audience.PHARMACY)
    return Q(release__released_at__lte=moment) & (~stepped_in | by_then)


def standings(receipts: QuerySet[Receipt], moment: dt.datetime) -> list[Standing]:
    """How each of the receipts stood, in the order of their keys."""
    columns = chain.from_iterable((f"{fact}_at", f"{fact}_via") for fact in FACTS)
    # Read before the history: what is taken back in between is in the history then, and nothing is lost.
    rows = list(receipts.order_by("pk").values_list("pk", "district", "audience", "release__deadline", *columns))
    changed = overturned(receipts, moment)
    return [
        Standing(key, district, audience, deadline, **(_kept(times, moment) | changed.get(key, {})))
        for key, district, audience, deadline, *times in rows
    ]


def _kept(times: list, moment: dt.datetime) -> dict[str, Fact | None]:
    """The facts of a row, by the moment: pairs of time and way in the order of FACTS."""
    pairs = zip(FACTS, times[::2], times[1::2], strict=True)
    return {fact: Fact(at, via) if at and at <= moment else None for fact, at, via in pairs}


def overturned(receipts: QuerySet[Receipt], moment: dt.datetime) -> Overturned:
    """By receipt, the facts that were taken back after the moment, as they stood at the moment."""
    concerned = Event.objects.filter(subject_kind="receipt", subject_id__in=receipts.order_by().values("pk"))
    later = concerned.filter(verb__in=TAKES_BACK, at__gt=moment).order_by()
    found: Overturned = defaultdict(dict)
    for key, verb in later.values_list("subject_id", "verb"):
        found[key][TAKES_BACK[verb]] = None
    if not found:
        return found
    earlier = concerned.filter(subject_id__in=list(found), verb__in=[*DECLARES, *TAKES_BACK], at__lte=moment)
    for key, verb, at, detail in earlier.order_by("at", "pk").values_list("subject_id", "verb", "at", "detail"):
        fact = DECLARES.get(verb) or TAKES_BACK[verb]
        if fact in found[key]:
            found[key][fact] = Fact(at, detail.get("via", "")) if verb in DECLARES else None
    return found


def asking(receipts: QuerySet[Receipt], moment: dt.datetime) -> int:
    """How many of the receipts had an open question, those included that somebody withdrew later."""
    keys = receipts.order_by().values("pk")
    is_open = Q(closed_at=None) | Q(closed_at__gt=moment)
    asked = HelpRequest.objects.filter(is_open, receipt__in=keys, asked_at__lte=moment)
    withdrawn = OnBehalf.objects.filter(receipt__in=keys, what=OnBehalf.What.HELP, at__lte=moment, undone_at__gt=moment)
    return len({*asked.values_list("receipt", flat=True), *withdrawn.values_list("receipt", flat=True)})
