"""The history of receipts in words: for staff with names, for a pharmacy with its own people's names only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from members import access
from members.history import VERBS
from members.models import Capacity, Event
from notices.models import Receipt, Step
from notices.models.receipt import ON_BEHALF, Audience, Via

DISTRICT_WORDS = {
    "receipt.confirmed": "受領確認",
    "receipt.finished": "会員への周知",
    "receipt.reopened": "会員への周知を取り消し",
}


@dataclass(frozen=True)
class Line:
    """One event: when, what, of which receipt, by whom and how."""

    at: dt.datetime
    words: str
    detail: str
    who: str
    receipt: Receipt


def lines(events: Iterable[Event], reader: Capacity) -> list[Line]:
    """Events about receipts as lines in the order given, for who reads them."""
    events = list(events)
    concerned = Receipt.objects.filter(pk__in={event.subject_id for event in events}).select_related(
        "organisation", "district", "release__notice"
    )
    receipts = {receipt.pk: receipt for receipt in concerned.prefetch_related("release__notice__numbers")}
    return [
        Line(event.at, _words(event, receipt), _detail(event), _who(event, reader), receipt)
        for event in events
        if (receipt := receipts.get(event.subject_id))
    ]


def _words(event: Event, receipt: Receipt) -> str:
    """What happened; on a district's receipt 完了 means 会員への周知."""
    if receipt.audience == Audience.DISTRICT:
        return DISTRICT_WORDS.get(event.verb, VERBS[event.verb])
    return VERBS[event.verb]


def _detail(event: Event) -> str:
    """The step, the device, the answer's way and the 代理 that was undone, where the event has them."""
    detail = event.detail
    words = []
    if "step" in detail:
        words.append(f"手順 {detail['step']}")
    if detail.get("device"):
        words.append(Step.Device(detail["device"]).label)
    if "how" in detail:
        words.append({"telephone": "電話", "writing": "画面"}[detail["how"]])
    if "on_behalf" in detail:
        words.append(f"{Via(detail['on_behalf']).label}の取り消し")
    return "・".join(words)


def _who(event: Event, reader: Capacity) -> str:
    """The person and how; to a pharmacy, who acts for somebody else is only that organisation, and how if as 代理."""
    via = Via(event.detail["via"]) if "via" in event.detail else None
    how = via.label if via else ""
    if event.account is None:
        return how
    capacity = event.capacity
    if access.is_staff(reader) or (capacity and capacity.organisation_id == reader.organisation_id):
        who, is_own = str(event.account), True
    elif capacity:
        who, is_own = capacity.organisation.name, False
    else:
        return how
    if via in ON_BEHALF:
        return f"{who}　{how}"
    return f"{who}（{how}）" if how and is_own else who
