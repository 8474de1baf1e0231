"""How far a release has come: tallies of its receipts, as boards show them.

Of a release through districts those of the districts' letters count with its own: a pharmacy is in one of them.
確認率 is confirmed / recipients, 完了率 is finished / (recipients − 対象外). Boards and rates count pharmacies;
districts are counted beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from members.models import Organisation
from notices import tallies
from notices.models import Receipt, Release
from notices.tallies import DistrictRow, Tally


@dataclass(frozen=True)
class Totals:
    """A release as a whole: its pharmacies, and its districts beside them."""

    pharmacies: Tally = field(default_factory=Tally)
    districts: Tally = field(default_factory=Tally)


def totals(release: Release) -> Totals:
    """The release as a whole."""
    return _totals(release, _whole(release))


def sent_by(release: Release) -> Totals:
    """Only the recipients to whom this release's own messages go."""
    return _totals(release, [release.pk])


def _totals(release: Release, counted: list[int]) -> Totals:
    districts = dict(tallies.counted(Receipt.objects.districts().filter(release=release), "release"))
    pharmacies = tallies.of_releases(counted).values()
    return Totals(sum(pharmacies, Tally()), districts.get((release.pk,), Tally()))


def _whole(release: Release) -> list[int]:
    """The keys of the release and of the districts' letters that pass it on."""
    if not release.through_districts:
        return [release.pk]
    letters = Release.objects.filter(passes_on=release).order_by()
    return [release.pk, *letters.values_list("pk", flat=True)]


def of_district(release: Release, district: Organisation) -> Tally:
    """The pharmacies of one district."""
    return sum(tallies.of_releases(_whole(release), district).values(), Tally())


def asked_again(release: Release, district: Organisation) -> Tally:
    """Those of them that answer a 再周知 in its place."""
    again = Receipt.objects.whole(release).pharmacies().filter(district=district).asked_again()
    return sum((tally for _, tally in tallies.counted(again, "release")), Tally())


def by_release(releases: Iterable[int], district: Organisation | None = None) -> dict[int, Tally]:
    """The pharmacies of several releases, by the release's key; those of one district where it is given."""
    asked = set(releases)
    letters = _letters(asked)
    found: dict[int, Tally] = {}
    for release, tally in tallies.of_releases(asked | letters.keys(), district).items():
        for counted in {release, letters.get(release)} & asked:
            found[counted] = found.get(counted, Tally()) + tally
    return found


def districts_by_release(releases: Iterable[int]) -> dict[int, Tally]:
    """The districts to which several releases went themselves, by the release's key."""
    found = tallies.counted(Receipt.objects.districts().filter(release__in=set(releases)), "release")
    return {release: tally for (release,), tally in found}


def answered_later(releases: Iterable[int]) -> dict[tuple[int, int], Tally]:
    """By release and district: the pharmacies that answer a 再周知, another of these releases, in its place.

    Where several releases are put together, these pharmacies count in the 再周知 alone.
    """
    asked = set(releases)
    letters = _letters(asked)
    receipts = Receipt.objects.pharmacies().filter(release__in=asked | letters.keys())
    receipts = receipts.filter(pk__in=receipts.taking_over().order_by().values("carried_from"))
    found: dict[tuple[int, int], Tally] = {}
    for (release, district), tally in tallies.counted(receipts, "release", "district"):
        key = letters.get(release, release), district
        found[key] = found.get(key, Tally()) + tally
    return found


def sizes(releases: Iterable[int]) -> dict[int, dict[int, int]]:
    """By the release's key and the district's: how many of its pharmacies are recipients, where there is one."""
    asked = set(releases)
    letters = _letters(asked)
    found: dict[int, dict[int, int]] = {}
    for release, districts in tallies.sizes(asked | letters.keys()).items():
        for counted in {release, letters.get(release)} & asked:
            there = found.setdefault(counted, {})
            for district, number in districts.items():
                there[district] = there.get(district, 0) + number
    return found


def _letters(releases: set[int]) -> dict[int, int]:
    """The districts' letters that pass these releases on, each with the release."""
    return dict(Release.objects.filter(passes_on__in=releases).order_by().values_list("pk", "passes_on"))


def by_district(release: Release) -> list[DistrictRow]:
    """One row per district that has a recipient, in the order of the roster."""
    return tallies.by_district(_whole(release))
