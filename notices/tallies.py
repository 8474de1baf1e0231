"""Tallies: how many receipts of a release stand where, by district, exact at every moment and soon read.

Counting a nation's receipts takes longer than all else that a board shows, so what was counted is kept (KeptTally), and
the database notes what has changed since (ToCount). A board reads what is kept, and counts anew what is noted; `settle`
counts and keeps it a few seconds later. So nobody who answers waits for a sum that others change, too, and no board
lags: whether `settle` ran decides how long a board takes, never what it says.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from members.models import Organisation
from notices import halves
from notices.models import HelpRequest, KeptTally, Receipt, Release, ToCount
from notices.models.receipt import ON_BEHALF, Reach
from notices.models.tally import COUNTED
from notices.rates import Rates, share

# So many changes are counted in one transaction.
MOST = 10_000


@dataclass(frozen=True)
class Tally(Rates):
    """Numbers of receipts. recipients = sent + waiting + other_channel + failed + stopped, always.

    `on_behalf` are those of the confirmed for whom somebody else pressed (代理); the finished and 対象外 likewise.
    """

    recipients: int = 0
    sent: int = 0
    waiting: int = 0
    other_channel: int = 0
    failed: int = 0
    stopped: int = 0
    confirmed: int = 0
    finished: int = 0
    not_applicable: int = 0
    needs_help: int = 0
    on_behalf: int = 0
    finished_on_behalf: int = 0
    not_applicable_on_behalf: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) - getattr(other, name) for name in COUNTED))

    @property
    def sent_rate(self) -> float | None:
        return share(self.sent, self.recipients)


class Chair(NamedTuple):
    """What the chair of a district did with its own receipt, where it has one: its key, 受領確認, 会員への周知."""

    receipt_id: int | None = None
    accepted_at: dt.datetime | None = None
    passed_on_at: dt.datetime | None = None


@dataclass(frozen=True)
class DistrictRow:
    """One district of a board: the tally of its pharmacies, and what its chair did."""

    district_id: int
    name: str
    position: int
    tally: Tally
    receipt_id: int | None
    accepted_at: dt.datetime | None
    passed_on_at: dt.datetime | None


@dataclass(frozen=True)
class Answered:
    """The tally of some pharmacies of a release, and the moment by which half of them, rounded up, had confirmed."""

    tally: Tally = field(default_factory=Tally)
    half_at: dt.datetime | None = None


CHAIR = ("chair_receipt", "accepted_at", "passed_on_at")
NAMED = ("name", "short_name", "position")
# The districts as they were counted; the last column is whether anything of the release is noted since. Put together
# once, which takes as long as asking.
KEPT_ROWS = (
    KeptTally.objects.filter(district__isnull=False)
    .annotate(is_noted=Exists(ToCount.objects.filter(release=OuterRef("release"))))
    .values_list("release", "district", *(f"district__{name}" for name in NAMED), *CHAIR, *COUNTED, "is_noted")
)


# Reading --------------------------------------------------------------------------------------------------------------


def note(receipts: Iterable[Receipt]) -> None:
    """That these have to be counted anew: something that was theirs is another receipt's now, which no trigger sees."""
    places = {(each.release_id, each.district_id) for each in receipts}
    ToCount.objects.bulk_create(ToCount(release_id=release, district_id=district) for release, district in places)


def of_releases(releases: Collection[int], district: Organisation | None = None) -> dict[int, Tally]:
    """The pharmacies of each of these releases, those of one district where it is given, by the release's key."""
    noted = ToCount.objects.filter(release__in=releases)
    receipts = Receipt.objects.pharmacies()
    if district is not None:
        noted, receipts = noted.filter(district=district), receipts.filter(district=district)
    changed = set(noted.values_list("release", flat=True))
    kept = KeptTally.objects.filter(release__in=set(releases) - changed, district=district)
    found = {release: Tally(*counts) for release, *counts in kept.values_list("release", *COUNTED)}
    if not changed:
        return found
    return found | {key: tally for (key,), tally in counted(receipts.filter(release__in=changed), "release")}


def sizes(releases: Collection[int]) -> dict[int, dict[int, int]]:
    """By release and district: how many pharmacies of the district are its recipients, where there is one."""
    noted = set(ToCount.objects.filter(release__in=releases).values_list("release", flat=True))
    kept = KeptTally.objects.filter(release__in=set(releases) - noted, district__isnull=False, recipients__gt=0)
    receipts = Receipt.objects.pharmacies().filter(release__in=noted).order_by().values("release", "district")
    rows = [*kept.values_list("release", "district", "recipients")]
    if noted:
        rows += receipts.annotate(number=Count("pk")).values_list("release", "district", "number")
    found: dict[int, dict[int, int]] = {}
    for release, district, number in rows:
        found.setdefault(release, {})[district] = number
    return found


def by_district(releases: Collection[int]) -> list[DistrictRow]:
    """The districts that have a recipient of one of these releases, in the order of the roster, each once."""
    kept = list(_kept_rows(releases))
    if {row[0] for row in kept} == set(releases) and not any(row[-1] for row in kept):
        found = [_row(row) for row in kept]  # as mostly: one query says that nothing has changed
    else:
        found = _counted_rows(releases)
    if len(releases) > 1:
        found = _together(found)
    return sorted(found, key=lambda row: (row.position, row.district_id))


def _counted_rows(releases: Collection[int]) -> list[DistrictRow]:
    """Where something is noted: it is read before what is kept, since whoever counts keeps first and then strikes."""
    noted = set(ToCount.objects.filter(release__in=releases).values_list("release", "district"))
    found = [_row(row) for row in _kept_rows(releases) if row[:2] not in noted]
    if noted:
        changed = {district for _, district in noted}
        names = {pk: names for pk, *names in Organisation.objects.filter(pk__in=changed).values_list("pk", *NAMED)}
        for key, tally, chair in _counted_anew({release for release, _ in noted}, changed):
            if key in noted:
                name, short_name, position = names[key[1]]
                found.append(DistrictRow(key[1], short_name or name, position, tally, *chair))
    return found


def of_districts(releases: Collection[int], district: Organisation | None = None) -> dict[tuple[int, int], Answered]:
    """The pharmacies of each release in each district, or in one, by the keys of both."""
    noted, kept = ToCount.objects.filter(release__in=releases), KeptTally.objects.filter(release__in=releases)
    if district is not None:
        noted, kept = noted.filter(district=district), kept.filter(district=district)
    changed = set(noted.values_list("release", "district"))
    rows = kept.filter(district__isnull=False).values_list("release", "district", "half_at", *COUNTED)
    found = {row[:2]: Answered(Tally(*row[3:]), row[2]) for row in rows if row[:2] not in changed}
    if changed:
        keys = {release for release, _ in changed}, {district for _, district in changed}
        half_at = halves.by_district(*keys)
        found |= {key: Answered(tally, half_at.get(key)) for key, tally, _ in _counted_anew(*keys) if key in changed}
    return found


def of_whole(releases: Collection[int]) -> dict[int, Answered]:
    """All pharmacies of each of these releases, by its key."""
    changed = set(ToCount.objects.filter(release__in=releases).values_list("release", flat=True))
    kept = KeptTally.objects.filter(release__in=set(releases) - changed, district=None)
    half_at = dict(kept.values_list("release", "half_at")) | {key: halves.of_release(key) for key in changed}
    return {release: Answered(tally, half_at.get(release)) for release, tally in of_releases(releases).items()}


def _kept_rows(releases: Collection[int]) -> QuerySet:
    """Of one release, as mostly, by a query that takes half as long to put together."""
    if len(releases) == 1:
        return KEPT_ROWS.filter(release=next(iter(releases)))
    return KEPT_ROWS.filter(release__in=releases)


def _row(kept: tuple[Any, ...]) -> DistrictRow:
    """From a row of KEPT_ROWS."""
    _, district, name, short_name, position, *facts = kept[:8]
    return DistrictRow(district, short_name or name, position, Tally(*kept[8:-1]), *facts)


def _together(rows: list[DistrictRow]) -> list[DistrictRow]:
    """One row a district. A chair has a receipt of one of the releases at most."""
    found: dict[int, DistrictRow] = {}
    for row in rows:
        if there := found.get(row.district_id):
            chaired = there if there.receipt_id else row
            row = replace(chaired, tally=there.tally + row.tally)
        found[row.district_id] = row
    return list(found.values())


def _counted_anew(releases: set[int], districts: set[int]) -> Iterator[tuple[tuple[int, int], Tally, Chair]]:
    """From the receipts, by release and district."""
    receipts = Receipt.objects.filter(release__in=releases, district__in=districts).order_by()
    chairs = {
        (release, district): Chair(*facts)
        for release, district, *facts in receipts.districts().values_list(
            "release", "district", "pk", "confirmed_at", "finished_at"
        )
    }
    tallies = dict(counted(receipts.pharmacies(), "release", "district"))
    for key in tallies.keys() | chairs.keys():
        yield key, tallies.get(key, Tally()), chairs.get(key, Chair())


def counted(receipts: QuerySet[Receipt], *by: str) -> Iterator[tuple[tuple[int, ...], Tally]]:
    """The receipts themselves, counted by these columns."""
    rows = receipts.order_by().values_list(*by).annotate(**counts()).values_list(*by, *COUNTED)
    return ((row[: len(by)], Tally(*row[len(by) :])) for row in rows.iterator())


def counts() -> dict[str, Count]:
    """Aggregates over receipts, one for each number of a tally."""
    stuck = HelpRequest.objects.filter(closed_at=None).values("receipt")
    conditions = {
        "recipients": Q(),
        "sent": Q(reach=Reach.SENT),
        "waiting": Q(reach=Reach.WAITING),
        "other_channel": Q(reach=Reach.OTHER),
        "failed": Q(reach=Reach.FAILED),
        "stopped": Q(reach=Reach.STOPPED),
        "confirmed": Q(confirmed_at__isnull=False),
        "finished": Q(finished_at__isnull=False),
        "not_applicable": Q(not_applicable_at__isnull=False),
        "needs_help": Q(pk__in=stuck),
        "on_behalf": Q(confirmed_via__in=ON_BEHALF),
        "finished_on_behalf": Q(finished_via__in=ON_BEHALF),
        "not_applicable_on_behalf": Q(not_applicable_via__in=ON_BEHALF),
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


# Keeping --------------------------------------------------------------------------------------------------------------


def settle() -> bool:
    """Count what has changed and keep it; whether there may be more. Any number may run at once.

    Each release is held meanwhile, so that no older count is kept over a newer one, and counted after its notes were
    read: a change that commits later leaves a note of its own.
    """
    if not ToCount.objects.exists():
        return False
    with transaction.atomic():
        noted = list(ToCount.objects.order_by("pk").values_list("pk", "release", "district")[:MOST])
        releases = Release.objects.filter(pk__in={release for _, release, _ in noted}).order_by("pk")
        held = set(releases.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
        taken = [note for note in noted if note[1] in held]
        _keep(held, {district for _, _, district in taken})
        # By their keys: one with a lower key may have been committed since these were read.
        ToCount.objects.filter(pk__in=[pk for pk, _, _ in taken]).delete()
    return len(noted) == MOST and bool(taken)


def _keep(releases: set[int], districts: set[int]) -> None:
    kept = KeptTally.objects.filter(release__in=releases)
    kept.filter(Q(district__in=districts) | Q(district=None)).delete()
    half_at = halves.by_district(releases, districts)
    KeptTally.objects.bulk_create(
        KeptTally(
            **dict(zip(("release_id", "district_id"), key, strict=True)),
            **_columns(tally),
            half_at=half_at.get(key),
            **dict(zip(CHAIR, chair, strict=True)),
        )
        for key, tally, chair in _counted_anew(releases, districts)
    )
    sums = kept.values("release").annotate(**{f"all_{name}": Sum(name) for name in COUNTED})
    KeptTally.objects.bulk_create(
        KeptTally(
            release_id=row["release"],
            half_at=halves.of_release(row["release"]),
            **{name: row[f"all_{name}"] for name in COUNTED},
        )
        for row in sums
    )


def _columns(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in COUNTED}


@transaction.atomic
def forget(release: Release) -> None:
    """Keep nothing of a release, and have all of it counted anew."""
    KeptTally.objects.filter(release=release).delete()
    districts = Receipt.objects.filter(release=release).order_by().values_list("district", flat=True).distinct()
    ToCount.objects.bulk_create(ToCount(release=release, district_id=district) for district in districts)


@transaction.atomic
def differences(release: Release) -> dict[int | None, tuple[Answered, Answered]]:
    """Where what is kept of a release is not what its receipts say: kept and counted, by district, None for the whole.

    What is noted as changed is left out, since no board reads it. The release is held, so that nothing is kept anew.
    """
    Release.objects.select_for_update(no_key=True).get(pk=release.pk)
    rows = KeptTally.objects.filter(release=release).values_list("district", "half_at", *COUNTED)
    kept = {district: Answered(Tally(*counts), half) for district, half, *counts in rows}
    districts = set(Receipt.objects.filter(release=release).order_by().values_list("district", flat=True))
    half_at = halves.by_district({release.pk}, districts)
    there: dict[int | None, Answered] = {
        key[1]: Answered(tally, half_at.get(key)) for key, tally, _ in _counted_anew({release.pk}, districts)
    }
    if there:
        there[None] = Answered(sum((each.tally for each in there.values()), Tally()), halves.of_release(release.pk))
    changed = set(ToCount.objects.filter(release=release).values_list("district", flat=True))
    looked_at = (kept.keys() | there.keys()) - changed - ({None} if changed else set())
    pairs = {key: (kept.get(key, Answered()), there.get(key, Answered())) for key in looked_at}
    return {key: (before, now) for key, (before, now) in pairs.items() if before != now}
