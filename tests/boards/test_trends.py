"""地区の推移: each district over the latest notices, from what is kept, exact at every moment."""

import datetime as dt
import math

from django.urls import reverse

from members.models import Organisation
from notices import tallies
from notices.boards import sparkline, trends
from notices.models import KeptTally, Notice, Receipt, Release, ToCount
from notices.models.receipt import Reach
from tests import district_letters
from tests.boards.reading import plain, rows, text_of
from tests.boards.test_comparison import more
from tests.cast import Cast


def answered(cast: Cast, *hours: float | None, days_ago: int = 10, subject: str = "通知", **choices: object) -> Release:
    """A release of so many days ago, confirmed by one pharmacy after the other after so many hours, or not."""
    release = cast.released(subject, **choices)
    at = release.released_at - dt.timedelta(days=days_ago)
    Release.objects.filter(pk=release.pk).update(released_at=at, released_on=at.date())
    for pharmacy, waited in zip(cast.pharmacies, hours, strict=False):
        if waited is not None:
            receipt = Receipt.objects.filter(release=release, organisation=pharmacy)
            receipt.update(confirmed_at=at + dt.timedelta(hours=waited), confirmed_via="personal")
    release.refresh_from_db()
    return release


def counted(release: Release, district: Organisation | None = None) -> dt.datetime | None:
    """The moment by which half of them had confirmed, one receipt after the other."""
    receipts = Receipt.objects.pharmacies().filter(release=release)
    receipts = receipts.filter(district=district) if district else receipts
    times = sorted(receipt.confirmed_at for receipt in receipts if receipt.confirmed_at)
    half = math.ceil(receipts.count() / 2)
    return times[half - 1] if len(times) >= half else None


def settle() -> None:
    while tallies.settle():
        pass


def test_the_half_is_what_the_receipts_say_whether_it_is_kept_or_counted_anew(cast: Cast):
    one, other = answered(cast, 24, 48, None, 12), answered(cast, None, 6, None, 5, 4, 3)
    newcomer = Organisation.objects.create(kind="pharmacy", name="届け先のない薬局", parent=cast.takaodai)
    cast.receive(other, newcomer, reach=Reach.FAILED)

    def shown() -> dict:
        found = tallies.of_districts([one.pk, other.pk])
        return {key: each.half_at for key, each in found.items()} | {
            key: each.half_at for key, each in tallies.of_whole([one.pk, other.pk]).items()
        }

    expected = {
        (release.pk, district.pk): counted(release, district) for release in (one, other) for district in cast.districts
    } | {release.pk: counted(release) for release in (one, other)}
    assert ToCount.objects.exists() and shown() == expected
    settle()
    assert not ToCount.objects.exists() and shown() == expected
    assert None in expected.values() and len(set(expected.values())) > 3
    assert not tallies.differences(one)
    KeptTally.objects.filter(release=one, district=cast.shirasagi).update(half_at=one.released_at)
    assert set(tallies.differences(one)) == {cast.shirasagi.pk}


def test_each_district_stands_over_the_latest_notices_that_ask_and_still_count(cast: Cast):
    answered(cast, 1, days_ago=30, subject="お知らせ", ask=Release.Ask.INFORM)
    answered(cast, 24, 24, 24, 48, 48, days_ago=20, subject="初め")
    answered(cast, 48, 72, None, None, None, None, days_ago=10, subject="次")
    settle()
    found = trends.of(Notice.objects.all())
    assert [release.notice.subject for release in found.releases] == ["初め", "次"]
    first, second = found.districts
    assert (first.name, first.rate, first.latest, first.days) == ("白鷺", 5 / 6, 2 / 3, 2.0)
    assert [point.days for point in second.points] == [2.0, None]
    assert (second.rate, second.latest, second.days) == (1 / 3, 0.0, 2.0)
    assert (found.whole.rate, found.whole.days, found.longest) == (7 / 12, 1.0, 3.0)


def test_a_notice_through_the_districts_counts_once_with_all_its_letters(cast: Cast):
    passed = district_letters.to_districts(cast, "地区を通した通知")
    letter = district_letters.letter(cast, passed, cast.shirasagi, "会員への通知")
    newcomer = Organisation.objects.create(kind="pharmacy", name="県から直接の薬局", parent=cast.shirasagi)
    cast.receive(passed, newcomer, reach=Reach.FAILED)
    at = passed.released_at - dt.timedelta(days=9)
    Release.objects.filter(pk=passed.pk).update(released_at=at, released_on=at.date())
    for days, organisation in ((3, newcomer), (5, cast.pharmacies[0]), (8, cast.pharmacies[1])):
        receipt = Receipt.objects.filter(release__in=[passed, letter], organisation=organisation)
        receipt.update(confirmed_at=at + dt.timedelta(days=days), confirmed_via="personal")
    for _ in ("noted", "kept"):
        found = trends.of(Notice.objects.all())
        assert [release.pk for release in found.releases] == [passed.pk]
        (district,) = found.districts
        assert (district.points[0].tally.recipients, district.rate, district.days) == (4, 0.75, 5.0)
        assert (found.whole.rate, found.whole.days) == (0.75, 5.0)
        settle()


def test_staff_sort_the_districts_and_a_chair_sees_its_own_beside_the_prefecture(cast: Cast):
    release = answered(cast, 24, 24, None, 48)
    staff, address = cast.client("staff"), reverse("notices:trends")
    page = staff.get(address)
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    assert plain(body).startswith("髙尾台 33.3% 33.3% – ")
    assert 'aria-label="確認率（古い順）33.3%"' in body
    assert rows(page)[0][1].startswith("通知 6福薬業発第")
    body = staff.get(f"{address}?sort=-rate").content.decode().partition("<tbody>")[2]
    assert plain(body).startswith("白鷺 66.7% 66.7% 1.0 日")
    chair = cast.client("chair")
    assert "県全体と並べられる通知は、まだありません。" in text_of(chair.get(address)), "it would tell the only other's"
    more(cast, "遠賀薬剤師会", 12, release)
    text = text_of(chair.get(address))
    assert "白鷺の確認率" in text and "県全体 16.7%" in text and "髙尾台" not in text
    assert cast.client("pharmacy").get(address).status_code == 404


def test_a_gap_in_the_drawing_is_a_notice_without_a_value():
    spark = sparkline.drawn([None, 0.0, 1.0, None, 0.5], 1.0)
    assert spark.lines == ["25.5,21.0 48.0,3.0"]
    assert spark.dots == [("93.0", "12.0")]
    assert sparkline.drawn([], 1.0).dots == []
    assert sparkline.drawn([0.5, None, 1.0], 1.0).lines == []
