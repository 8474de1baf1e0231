"""県の平均 on the chair's desk: beside the own district's figure, and never where it would tell another's."""

import datetime as dt

from members.history import NOBODY
from members.models import Organisation
from members.models.organisation import Kind
from notices import tallies
from notices.boards import comparison
from notices.models import Receipt, Release
from notices.models.receipt import Audience, Reach, Via
from notices.tracking import confirming
from tests.boards.reading import rows, text_of
from tests.cast import Cast


def more(cast: Cast, name: str, pharmacies: int, *releases: Release) -> Organisation:
    """Another district, or more of one that is there, whose pharmacies got these releases."""
    above = {"parent": cast.association}
    district, _ = Organisation.objects.get_or_create(kind=Kind.DISTRICT, name=name, defaults=above)
    for number in range(pharmacies):
        pharmacy = Organisation.objects.create(kind=Kind.PHARMACY, name=f"{name}の薬局 {number}", parent=district)
        for release in releases:
            Receipt.objects.create(
                release=release,
                organisation=pharmacy,
                district=district,
                audience=Audience.PHARMACY,
                reach=Reach.SENT,
            )
    return district


def confirm(release: Release, *pharmacies: Organisation) -> None:
    for pharmacy in pharmacies:
        receipt = Receipt.objects.get(release=release, organisation=pharmacy)
        confirming.confirm(receipt.pk, actor=NOBODY, via=Via.PERSONAL)


def released_in_may(*releases: Release) -> dt.date:
    """As if they had been released on 1 May 2026; gives a day of that 年度 on which they are over."""
    Release.objects.filter(pk__in=[each.pk for each in releases]).update(
        released_on=dt.date(2026, 5, 1), released_at=dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC)
    )
    return dt.date(2026, 6, 1)


def mean(cast: Cast, release: Release) -> float | None:
    found = comparison.of([release.pk], cast.shirasagi).get(release.pk)
    return found and found.mean


def test_the_mean_of_the_prefecture_stands_beside_the_own_figure(cast: Cast):
    first, second = cast.released("先の通知"), cast.released("後の通知")
    cast.released("知らせるだけの通知", ask=Release.Ask.INFORM)
    far = more(cast, "遠賀薬剤師会", 12, first, second)
    over = released_in_may(first, second)
    confirm(first, *cast.pharmacies[:3])
    confirm(second, *cast.pharmacies[:1], *Organisation.objects.filter(parent=far)[:9])
    for _ in range(2):  # counted from the receipts, then from what was kept
        chair = cast.client("chair")
        desk = chair.get("/district/")
        year = comparison.of_this_year(Receipt.objects.filter(organisation=cast.shirasagi), cast.shirasagi, over)
        assert (round(year.own.confirmed_rate, 3), round(year.mean, 3)) == (0.667, 0.361)
        assert [row[5] for row in rows(desk)] == ["", "33.3% 県平均 55.6%", "100.0% 県平均 16.7%"]
        page = text_of(chair.get(f"/district/{cast.receipt(second, cast.shirasagi).pk}/"))
        assert "確認 1 / 3 県の平均 55.6%" in page
        assert far.name not in text_of(desk) + page and cast.takaodai.name not in text_of(desk) + page
        tallies.settle()


def test_the_rate_of_a_year_does_not_fall_when_a_notice_goes_out_or_has_time_left(cast: Cast):
    first, due, without = (
        cast.released(subject) for subject in ("期限のすぎた通知", "期限の先の通知", "期限のない通知")
    )
    more(cast, "遠賀薬剤師会", 12, first, due, without)
    released_in_may(first, due, without)
    for release, deadline in ((first, dt.date(2026, 5, 10)), (due, dt.date(2026, 6, 30))):
        Release.objects.filter(pk=release.pk).update(deadline=deadline)
    confirm(first, *cast.pharmacies[:3])

    def rate(day: dt.date) -> float | None:
        mine = Receipt.objects.filter(organisation=cast.shirasagi)
        year = comparison.of_this_year(mine, cast.shirasagi, day)
        return year and year.own.confirmed_rate

    days = {dt.date(2026, 5, 10): None, dt.date(2026, 5, 11): 1, dt.date(2026, 5, 22): 1, dt.date(2026, 5, 23): 1 / 2}
    assert {day: rate(day) for day in days} == days
    assert rate(dt.date(2026, 7, 1)) == 1 / 3
    cast.released("出したばかりの通知")
    assert rate(dt.date(2026, 7, 1)) == 1 / 3


def test_no_mean_tells_what_one_other_district_did(cast: Cast):
    world = [(0, 0, False), (10, 0, False), (0, 6, False), (0, 7, True), (0, 12, True), (0, 13, False), (1, 13, True)]
    for place, (near, far, is_told) in enumerate(world):
        release = cast.released()  # three pharmacies here and three in 髙尾台
        more(cast, cast.takaodai.name, near, release)
        more(cast, f"遠賀薬剤師会{place}", far, release)
        confirm(release, cast.pharmacies[0])
        assert (mean(cast, release) is not None) == is_told
        text = text_of(cast.client("chair").get(f"/district/{cast.receipt(release, cast.shirasagi).pk}/"))
        assert ("県の平均" in text) == is_told


def test_a_district_none_of_whose_pharmacies_got_it_is_compared_with_nobody(cast: Cast):
    release = cast.released()
    more(cast, "遠賀薬剤師会", 8, release)
    far = more(cast, "田川薬剤師会", 0)
    assert comparison.of([release.pk], far) == {}
