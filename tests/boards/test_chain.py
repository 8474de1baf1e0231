"""The way of a notice: its letters, then its districts and pharmacies, with the days of each hop."""

import datetime as dt

import pytest
from django.utils import timezone

from members.models import Organisation
from members.models.organisation import Kind
from notices.boards import chain
from notices.models import DocumentNumber, Notice, NoticeIssuer, Receipt, Relation, Release
from notices.models.receipt import Via
from tests.cast import Cast


def letter(issuer: str, date: dt.date | None, number: str = "", encloses: Notice | None = None) -> Notice:
    organisation, _ = Organisation.objects.get_or_create(kind=Kind.ISSUER, name=issuer)
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject="届出様式について", date=date)
    NoticeIssuer.objects.create(notice=notice, organisation=organisation)
    if number:
        DocumentNumber.objects.create(notice=notice, issuer=organisation, text=number)
    if encloses:
        Relation.objects.create(source=notice, kind=Relation.Kind.ENCLOSES, target=encloses)
    return notice


def enclosing(cast: Cast, enclosed: Notice, date: dt.date, **choices: object) -> Release:
    release = cast.released(**choices)
    Relation.objects.create(source=release.notice, kind=Relation.Kind.ENCLOSES, target=enclosed)
    release.notice.date = date
    release.notice.save()
    release.released_on = date
    release.save()
    return release


@pytest.fixture
def release(cast: Cast) -> Release:
    """The way of the real packet: 10/7 → 10/8 → 10/30."""
    ministry = letter("厚生労働省", dt.date(2024, 10, 7))
    national = letter("日本薬剤師会", dt.date(2024, 10, 8), "日薬業発第255号", ministry)
    return enclosing(cast, national, dt.date(2024, 10, 30))


def confirm(release: Release, organisations: list[Organisation], *days: int) -> None:
    for organisation, day in zip(organisations, days, strict=False):
        at = timezone.make_aware(dt.datetime(2024, 11, day, 10, 0))
        Receipt.objects.filter(release=release, organisation=organisation).update(
            confirmed_at=at, confirmed_via=Via.SIGNED_IN
        )


def hops(stops: list[chain.Stop]) -> list[tuple]:
    return [(stop.organisation, stop.gap_days, stop.slow) for stop in stops]


def test_the_letters_come_in_order_with_the_days_between_and_the_slowest_marked(release: Release):
    assert hops(chain.letters(release.notice)) == [
        ("厚生労働省", 1, False),
        ("日本薬剤師会", 22, True),
        ("福岡県薬剤師会", None, False),
    ]


def test_the_division_of_a_ministry_stands_below_its_short_name(release: Release):
    Organisation.objects.filter(name="厚生労働省").update(name="厚生労働省保険局", short_name="厚生労働省")
    Organisation.objects.filter(name="日本薬剤師会").update(name="公益社団法人日本薬剤師会", short_name="日本薬剤師会")
    found = [(stop.organisation, stop.note) for stop in chain.letters(release.notice)]
    assert found[:2] == [("厚生労働省", "保険局"), ("日本薬剤師会", "")]


def test_a_district_has_no_division_whatever_its_short_name(cast: Cast):
    district = letter(cast.shirasagi.name, dt.date(2024, 10, 7))
    NoticeIssuer.objects.filter(notice=district).update(organisation=cast.shirasagi)
    assert [(stop.organisation, stop.note) for stop in chain.letters(district)] == [("白鷺地区薬剤師会", "")]


def test_districts_and_pharmacies_are_dated_when_half_of_them_had_confirmed(cast: Cast, release: Release):
    confirm(release, cast.districts, 1, 6)
    confirm(release, cast.pharmacies, 2, 5, 8)
    *_, districts, pharmacies = chain.stops(release.notice)
    assert (districts.date, districts.document, districts.passed) == (dt.date(2024, 11, 1), "受領 2 / 2", True)
    assert (pharmacies.date, pharmacies.document, pharmacies.passed) == (dt.date(2024, 11, 8), "確認 3 / 6", False)
    assert [stop.gap_days for stop in chain.stops(release.notice)] == [1, 22, 2, 7, None]


def test_where_less_than_half_confirmed_there_is_no_date_yet(cast: Cast, release: Release):
    confirm(release, cast.pharmacies, 2, 5)
    stops = chain.stops(release.notice)
    assert (stops[-1].date, stops[-1].document) == (None, "確認 2 / 6")
    assert chain.summary(stops).days is None


def test_the_summary_says_the_days_to_half_and_the_longest_hop(cast: Cast, release: Release):
    confirm(release, cast.districts, 1)
    confirm(release, cast.pharmacies, 2, 5, 8)
    assert chain.summary(chain.stops(release.notice)) == chain.Summary(32, "日本薬剤師会", "福岡県薬剤師会", 22)


def test_a_notice_that_asks_for_nothing_is_followed_by_its_messages_only(cast: Cast):
    release = cast.released(ask=Release.Ask.INFORM)
    last = chain.stops(release.notice)[-1]
    assert (last.document, last.date, last.passed) == ("送信済 6 / 6", timezone.localdate(), True)


def test_a_draft_has_no_recipients_and_is_not_passed(cast: Cast):
    [stop] = chain.stops(cast.draft())
    assert (stop.organisation, stop.date, stop.passed) == ("福岡県薬剤師会", None, False)


@pytest.mark.parametrize(("kind", "word"), [("follows_up", "再周知"), ("corrects", "訂正")])
def test_what_an_office_writes_again_comes_behind_what_it_wrote_before(
    cast: Cast, release: Release, kind: str, word: str
):
    """From the letter above to the second one no hop was slow: the office had written long before."""
    national = release.notice.relations.get(kind="encloses").target
    again = enclosing(cast, national, dt.date(2024, 12, 12))
    Relation.objects.create(source=again.notice, kind=kind, target=release.notice)
    way = chain.letters(again.notice)
    assert hops(way) == [
        ("厚生労働省", 1, False),
        ("日本薬剤師会", 22, True),
        ("福岡県薬剤師会", None, False),
        ("福岡県薬剤師会", None, False),
    ]
    assert (way[2].note, way[3].note) == ("", word)
    assert chain.sources(release.notice) == chain.sources(again.notice)[:-1]


def test_a_repeat_that_another_letter_from_above_brought_about_comes_behind_that(cast: Cast, release: Release):
    reminder = letter(
        "日本薬剤師会", dt.date(2024, 11, 20), "日薬業発第301号", letter("厚生労働省", dt.date(2024, 11, 18))
    )
    again = enclosing(cast, reminder, dt.date(2024, 12, 12))
    Relation.objects.create(source=again.notice, kind="follows_up", target=release.notice)
    assert hops(chain.letters(again.notice)) == [
        ("厚生労働省", 2, False),
        ("日本薬剤師会", 22, True),
        ("福岡県薬剤師会", None, False),
    ]


def test_letters_that_take_each_other_up_do_not_turn_in_a_ring(cast: Cast, release: Release):
    again = cast.released()
    Relation.objects.create(source=again.notice, kind="follows_up", target=release.notice)
    Relation.objects.create(source=release.notice, kind="corrects", target=again.notice)
    assert chain.sources(again.notice)[-1] == again.notice


def test_of_several_enclosed_letters_the_longest_way_is_the_chain(cast: Cast, release: Release):
    side = letter("福岡県", dt.date(2024, 10, 20))
    Relation.objects.create(source=release.notice, kind=Relation.Kind.ENCLOSES, target=side)
    assert [stop.organisation for stop in chain.letters(release.notice)] == [
        "厚生労働省",
        "日本薬剤師会",
        "福岡県薬剤師会",
    ]


def test_letters_that_enclose_each_other_do_not_turn_in_a_ring(cast: Cast):
    first = letter("厚生労働省", dt.date(2024, 10, 7))
    second = letter("日本薬剤師会", dt.date(2024, 10, 8), encloses=first)
    Relation.objects.create(source=first, kind=Relation.Kind.ENCLOSES, target=second)
    assert len(chain.letters(second)) == 2


def test_a_date_that_is_missing_or_runs_backwards_gives_no_days(cast: Cast):
    first = letter("厚生労働省", dt.date(2024, 10, 7))
    second = letter("日本薬剤師会", None, encloses=first)
    third = letter("福岡県", dt.date(2024, 10, 5), encloses=first)
    assert [stop.gap_days for stop in chain.letters(second)] == [None, None]
    assert [stop.gap_days for stop in chain.letters(third)] == [None, None]


def test_a_letter_released_later_than_its_date_counts_from_its_release(cast: Cast, release: Release):
    release.released_on = dt.date(2024, 11, 4)
    release.save()
    confirm(release, cast.districts, 7)
    stops = chain.stops(release.notice)
    assert (stops[2].date, stops[2].note, stops[2].gap_days) == (dt.date(2024, 10, 30), "R6.11.4 に発出", 3)
