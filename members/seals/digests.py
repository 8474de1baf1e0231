"""What a seal is computed from, the same on either database.

Each event is one line of JSON: all columns, keys in order, UTF-8, times in UTC with microseconds. The digest is SHA-256
(FIPS 180-4) over the seal's own head, which holds the digest before, and the SHA-256 of each line in the order of ids.
"""

import datetime as dt
import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from members.models import Event, Seal

# Every column of an event. One more would break every seal there is: it is left out where it is empty, and added here.
COLUMNS = ("id", "at", "verb", "account_id", "capacity_id", "organisation_id", "subject_kind", "subject_id", "detail")
PAGE = 2_000  # events in memory at a time
LOWEST = -(2**63)
FINGERPRINT = struct.Struct(">q8s")  # an event's id and the first bytes of its line's SHA-256


@dataclass(frozen=True)
class Sum:
    """What the events of a seal come to."""

    digest: str
    count: int
    fingerprints: bytes


def line(values: tuple[Any, ...]) -> bytes:
    """An event as it is hashed."""
    named = dict(zip(COLUMNS, values, strict=True))
    named["at"] = _utc(named["at"])
    return json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sum_of(seal: Seal, before: str) -> Sum:
    """The digest of the events that the seal covers, as they are now, after the digest `before` ("" for the first)."""
    head = {
        "seal": seal.number,
        "day": seal.day.isoformat(),
        "before": before,
        "first": seal.first_id,
        "last": seal.last_id,
        "sealed_at": _utc(seal.sealed_at),
    }
    digest = hashlib.sha256(json.dumps(head, sort_keys=True, separators=(",", ":")).encode())
    count, fingerprints = 0, bytearray()
    for values in _covered(seal):
        one = hashlib.sha256(line(values)).digest()
        digest.update(one)
        fingerprints += FINGERPRINT.pack(values[0], one[:8])
        count += 1
    return Sum(digest.hexdigest(), count, bytes(fingerprints))


def _covered(seal: Seal) -> Iterator[tuple[Any, ...]]:
    """Page by page: however many there are, and whatever the database's cursors can do."""
    following = LOWEST if seal.number == 1 else seal.first_id
    rows = Event.objects.filter(id__lte=seal.last_id).order_by("id").values_list(*COLUMNS)
    while page := list(rows.filter(id__gte=following)[:PAGE]):
        yield from page
        following = page[-1][0] + 1


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
