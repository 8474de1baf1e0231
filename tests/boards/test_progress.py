"""The figures of a board: they add up, they follow the definitions, and each comes in a few queries."""

from dataclasses import astuple

import pytest
from django.utils import timezone

from members.history import NOBODY
from notices import tallies
from notices.boards import progress
from notices.boards.progress import Tally
from notices.models import Receipt, Release
from notices.models.receipt import Audience, Reach, Via
from notices.tracking import confirming, helping, setup
from tests.cast import Cast

REACHES = [Reach.SENT, Reach.WAITING, Reach.OTHER, Reach.FAILED, Reach.STOPPED, Reach.SENT]


@pytest.fixture
def release(cast: Cast) -> Release:
    """Confirmed + set-up; one pharmacy of each reach; two confirmed, one of them finished; one 対象外; one stuck."""
    release = cast.released(ask=Release.Ask.SET_UP)
    for pharmacy, reach in zip(cast.pharmacies, REACHES, strict=True):
        Receipt.objects.filter(release=release, organisation=pharmacy).update(reach=reach)
    receipts = [cast.receipt(release, pharmacy).pk for pharmacy in cast.pharmacies]
    said = {"actor": NOBODY, "via": Via.PERSONAL}
    confirming.confirm(receipts[0], **said)
    setup.finish(receipts[1], **said)
    setup.mark_not_applicable(receipts[4], "この機能を使わない", **said)
    helping.ask(receipts[0], None, "権限の区分が選べません", **said)
    confirming.confirm(cast.receipt(release, cast.shirasagi).pk, **said)
    return release


def test_the_totals_say_what_became_of_every_recipient(release: Release):
    found = progress.totals(release)
    assert found.pharmacies == Tally(
        recipients=6,
        sent=2,
        waiting=1,
        other_channel=1,
        failed=1,
        stopped=1,
        confirmed=3,
        finished=1,
        not_applicable=1,
        needs_help=1,
    )
    assert found.districts == Tally(recipients=2, sent=2, confirmed=1)


def adds_up(tally: Tally) -> bool:
    return tally.recipients == tally.sent + tally.waiting + tally.other_channel + tally.failed + tally.stopped


def test_recipients_are_the_sum_of_their_reaches_on_every_board(cast: Cast, release: Release):
    found = progress.totals(release)
    tallies = [found.pharmacies, found.districts, progress.of_district(release, cast.shirasagi)]
    tallies += [row.tally for row in progress.by_district(release)]
    tallies += progress.by_release([release.pk]).values()
    assert len(tallies) == 6
    assert all(adds_up(tally) and tally.recipients for tally in tallies)


def test_the_rates_are_those_of_the_association(release: Release):
    tally = progress.totals(release).pharmacies
    assert tally.confirmed_rate == 3 / 6
    assert tally.finished_rate == 1 / 5
    assert (tally.unconfirmed, tally.under_way, tally.applicable) == (3, 1, 5)


def test_nobody_is_no_rate():
    assert Tally().confirmed_rate is None
    assert Tally(recipients=2, not_applicable=2).finished_rate is None


def test_the_districts_add_up_to_the_totals(cast: Cast, release: Release):
    rows = progress.by_district(release)
    assert [row.name for row in rows] == ["白鷺", "髙尾台"]
    sums = [sum(column) for column in zip(*(astuple(row.tally) for row in rows), strict=True)]
    assert tuple(sums) == astuple(progress.totals(release).pharmacies)
    assert [row.accepted_at is not None for row in rows] == [True, False]
    assert rows[0].receipt_id == cast.receipt(release, cast.shirasagi).pk


def test_a_district_without_a_letter_of_its_own_has_a_row_all_the_same(cast: Cast):
    release = cast.released()
    cast.receipt(release, cast.takaodai).deliveries.all().delete()
    Receipt.objects.filter(release=release, organisation=cast.takaodai).delete()
    row = progress.by_district(release)[1]
    assert (row.name, row.receipt_id, row.tally.recipients) == ("髙尾台", None, 3)


def test_a_district_keeps_the_pharmacies_it_had_at_the_release(cast: Cast, release: Release):
    before = progress.of_district(release, cast.shirasagi)
    cast.pharmacies[0].parent = cast.takaodai
    cast.pharmacies[0].save()
    assert progress.of_district(release, cast.shirasagi) == before


def test_several_releases_are_counted_at_once_and_by_district(cast: Cast, release: Release):
    other = cast.released("薬局機能情報の定期報告について")
    assert progress.by_release([release.pk, other.pk])[other.pk] == Tally(recipients=6, sent=6)
    assert progress.by_release([release.pk], cast.takaodai)[release.pk].recipients == 3
    assert progress.by_release([]) == {}


def test_help_counts_until_it_is_closed(cast: Cast, release: Release):
    receipt = cast.receipt(release, cast.pharmacies[0])
    helping.ask(receipt.pk, None, "まだ選べません", actor=NOBODY, via=Via.PERSONAL)
    assert progress.totals(release).pharmacies.needs_help == 1
    for question in receipt.help_requests.all():
        helping.close(question.pk, actor=NOBODY, via=Via.PERSONAL)
    assert progress.totals(release).pharmacies.needs_help == 0


def test_each_board_takes_a_few_queries(cast: Cast, release: Release, django_assert_num_queries):
    while tallies.settle():
        pass
    for queries, board in (
        (3, lambda: progress.totals(release)),
        (1, lambda: progress.by_district(release)),
        (2, lambda: progress.of_district(release, cast.shirasagi)),
        (3, lambda: progress.by_release([release.pk])),
    ):
        with django_assert_num_queries(queries):
            board()


def test_confirmed_districts_are_not_counted_as_pharmacies(cast: Cast):
    release = cast.released()
    Receipt.objects.filter(release=release, audience=Audience.DISTRICT).update(
        confirmed_at=timezone.now(), confirmed_via=Via.SIGNED_IN
    )
    assert progress.totals(release).pharmacies.confirmed == 0
