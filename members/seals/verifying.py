"""Whether the history is still what was sealed.

Whoever can write to the database past the site can change events and make every later seal anew. What then does not fit
is a seal that lies elsewhere: in the mail of an administrator, who gives it to `verify`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from members.models import Event, Seal
from members.seals.digests import FINGERPRINT, sum_of


class Kind(StrEnum):
    EVENTS = "events"  # events were changed, removed or added
    SEAL = "seal"  # no event differs: the seal itself, the one before it, or the trace of what it covered
    MISSING = "missing"  # a number of the chain is not there
    GIVEN = "given"  # a seal from outside is not in the chain


@dataclass
class Fault:
    """What does not match at one seal; ids of events in their order."""

    kind: Kind
    seal: int
    day: dt.date | None = None
    changed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


@dataclass
class Report:
    """What a verification found; `unsealed` events are covered by no seal yet, the oldest of them from `since`."""

    seals: int = 0
    events: int = 0
    latest: Seal | None = None
    unsealed: int = 0
    since: dt.datetime | None = None
    faults: list[Fault] = field(default_factory=list)


def verify(given: Sequence[tuple[int, str]] = ()) -> Report:
    """Recompute every seal. `given` are seals kept outside of the database: number and digest of each."""
    report = Report()
    digests: dict[int, str] = {}
    for seal in Seal.objects.order_by("number").defer("fingerprints").iterator():
        expected = report.latest.number + 1 if report.latest else 1
        report.faults += [Fault(Kind.MISSING, number) for number in range(expected, seal.number)]
        report.faults += _faults(seal, digests.get(seal.number - 1) if seal.number > 1 else "")
        digests[seal.number] = seal.digest
        report.seals, report.events, report.latest = report.seals + 1, report.events + seal.count, seal
    report.faults += [Fault(Kind.GIVEN, number) for number, digest in given if digests.get(number) != digest]
    left = Event.objects.filter(id__gt=report.latest.last_id if report.latest else 0).order_by("id")
    report.unsealed, report.since = left.count(), left.values_list("at", flat=True).first()
    return report


def _faults(seal: Seal, before: str | None) -> list[Fault]:
    """`before` is None where the seal before is not there: then events can only be compared one by one."""
    now = sum_of(seal, before or "")
    if before is not None and (now.digest, now.count) == (seal.digest, seal.count):
        return []
    fault = Fault(Kind.EVENTS, seal.number, seal.day)
    for key, then, today in _side_by_side(bytes(seal.fingerprints), now.fingerprints):
        which = fault.added if then is None else fault.removed if today is None else fault.changed
        if then != today:
            which.append(key)
    if fault.changed or fault.removed or fault.added:
        return [fault]
    return [] if before is None else [Fault(Kind.SEAL, seal.number, seal.day)]


def _side_by_side(then: bytes, now: bytes) -> Iterator[tuple[int, bytes | None, bytes | None]]:
    """The fingerprints of each event at its sealing and now; None where it is not among them. Both are in order."""
    end = (None, None)
    old, new = FINGERPRINT.iter_unpack(then), FINGERPRINT.iter_unpack(now)
    one, other = next(old, end), next(new, end)
    while one[0] is not None or other[0] is not None:
        if other[0] is None or (one[0] is not None and one[0] < other[0]):
            yield one[0], one[1], None
            one = next(old, end)
        elif one[0] is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(new, end)
        else:
            yield one[0], one[1], other[1]
            one, other = next(old, end), next(new, end)
