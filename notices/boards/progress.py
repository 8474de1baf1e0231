"""How far a release has come: counts of its receipts, each board in one query.

Of a release through districts those of the districts' letters count with its own: a pharmacy is in one of them.
確認率 is confirmed / recipients, 完了率 is finished / (recipients − 対象外). Boards and rates count pharmacies;
districts are counted beside them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from django.db.models import Count, F, Min, Q, QuerySet

from members.models import Organisation
from notices.models import HelpRequest, Receipt, Release
from notices.models.receipt import ON_BEHALF, Audience, Reach

EVERYBODY = Q()


@dataclass(frozen=True)
class Tally:
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
        return Tally(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)})

    @property
    def unconfirmed(self) -> int:
        return self.recipients - self.confirmed

    @property
    def under_way(self) -> int:
        """Confirmed, neither finished nor 対象外."""
        return self.confirmed - self.finished - self.not_applicable

    @property
    def applicable(self) -> int:
        return self.recipients - self.not_applicable

    @property
    def sent_rate(self) -> float | None:
        return _share(self.sent, self.recipients)

    @property
    def confirmed_rate(self) -> float | None:
        """確認率 between 0 and 1; None where nobody is asked."""
        return _share(self.confirmed, self.recipients)

    @property
    def finished_rate(self) -> float | None:
        """完了率 between 0 and 1; None where there is nobody to whom it applies."""
        return _share(self.finished, self.applicable)


@dataclass(frozen=True)
class Totals:
    """A release as a whole: its pharmacies, and its districts beside them."""

    pharmacies: Tally = field(default_factory=Tally)
    districts: Tally = field(default_factory=Tally)


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


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _counts(among: Q = EVERYBODY) -> dict[str, Count]:
    """Aggregates over receipts, one a field of Tally."""
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
    return {name: Count("pk", filter=among & condition) for name, condition in conditions.items()}


def _tally(row: dict) -> Tally:
    return Tally(**{each.name: row[each.name] for each in fields(Tally)})


def totals(release: Release) -> Totals:
    """The release as a whole."""
    return _totals(Receipt.objects.whole(release))


def sent_by(release: Release) -> Totals:
    """Only the recipients to whom this release's own messages go."""
    return _totals(Receipt.objects.filter(release=release))


def _totals(receipts: QuerySet[Receipt]) -> Totals:
    rows = receipts.order_by().values("audience").annotate(**_counts())
    tallies = {row["audience"]: _tally(row) for row in rows}
    return Totals(tallies.get(Audience.PHARMACY, Tally()), tallies.get(Audience.DISTRICT, Tally()))


def of_district(release: Release, district: Organisation) -> Tally:
    """The pharmacies of one district."""
    receipts = Receipt.objects.whole(release).pharmacies().filter(district=district)
    return _tally(receipts.aggregate(**_counts()))


def by_release(releases: Iterable[int], district: Organisation | None = None) -> dict[int, Tally]:
    """The pharmacies of several releases, by the release's key; those of one district where it is given."""
    asked = set(releases)
    receipts = Receipt.objects.whole(*asked).pharmacies()
    if district is not None:
        receipts = receipts.filter(district=district)
    found: dict[int, Tally] = {}
    for row in receipts.order_by().values("release", "release__passes_on").annotate(**_counts()):
        for counted in {row["release"], row["release__passes_on"]} & asked:
            found[counted] = found.get(counted, Tally()) + _tally(row)
    return found


def by_district(release: Release) -> list[DistrictRow]:
    """One row per district that has a recipient, in the order of the roster."""
    chair = Q(audience=Audience.DISTRICT)
    rows = (
        Receipt.objects.whole(release)
        .order_by("district__position", "district")
        .values("district", name=F("district__name"), short=F("district__short_name"), place=F("district__position"))
        .annotate(
            receipt=Min("pk", filter=chair),
            accepted_at=Min("confirmed_at", filter=chair),
            passed_on_at=Min("finished_at", filter=chair),
            **_counts(Q(audience=Audience.PHARMACY)),
        )
    )
    return [
        DistrictRow(
            district_id=row["district"],
            name=row["short"] or row["name"],
            position=row["place"],
            tally=_tally(row),
            receipt_id=row["receipt"],
            accepted_at=row["accepted_at"],
            passed_on_at=row["passed_on_at"],
        )
        for row in rows
    ]
