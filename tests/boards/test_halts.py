"""Where the set-up is stuck."""

import pytest

from members.history import NOBODY
from notices.boards import halts
from notices.models import Receipt, Release, Step
from notices.models.receipt import Via
from notices.tracking import confirming, helping, setup
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}
STEPS = [
    (Step.Group.REFERENCE, "", "手引きを開く"),
    (Step.Group.PC, "", "端末の設定を開く"),
    (Step.Group.PC, "", "権限区分を登録"),
    (Step.Group.DEVICE, "ios", "iPad に登録"),
    (Step.Group.DEVICE, "android", "タブレットに登録"),
    (Step.Group.DEVICE, "", "動作を確かめる"),
]


@pytest.fixture
def release(cast: Cast) -> Release:
    release = cast.released(ask=Release.Ask.SET_UP)
    for position, (group, device, title) in enumerate(STEPS, start=1):
        Step.objects.create(notice=release.notice, position=position, group=group, device=device, title=title)
    return release


def work(receipt: Receipt, ticks: list[str], device: str = "") -> None:
    confirming.confirm(receipt.pk, **SAID)
    if device:
        setup.choose_device(receipt.pk, device, **SAID)
    for title in ticks:
        setup.tick(receipt.pk, receipt.release.notice.steps.get(title=title).pk, **SAID)


def found(release: Release) -> list[tuple]:
    return [(halt.number, halt.title, halt.receipts, halt.asking) for halt in halts.of(release)]


def test_pharmacies_stand_at_their_first_step_without_a_tick(cast: Cast, release: Release):
    receipts = [cast.receipt(release, pharmacy) for pharmacy in cast.pharmacies]
    work(receipts[0], [])
    work(receipts[1], ["端末の設定を開く"])
    work(receipts[2], ["端末の設定を開く"])
    work(receipts[3], ["端末の設定を開く", "権限区分を登録"], "ios")
    work(receipts[4], ["端末の設定を開く", "権限区分を登録", "iPad に登録", "動作を確かめる"], "ios")
    helping.ask(receipts[1].pk, release.notice.steps.get(title="権限区分を登録").pk, "選べません", **SAID)
    assert found(release) == [
        (None, "まだ始めていない", 1, 0),
        (2, "権限区分を登録", 2, 1),
        (3, "iPad に登録（iOS）", 1, 0),
        (None, "すべて済み、「完了」を押していない、または端末の種類をまだ選んでいない", 1, 0),
    ]


def test_a_tick_for_another_device_does_not_count(cast: Cast, release: Release):
    receipt = cast.receipt(release, cast.pharmacies[0])
    work(receipt, ["端末の設定を開く", "権限区分を登録", "iPad に登録"], "ios")
    setup.choose_device(receipt.pk, "android", **SAID)
    assert found(release) == [(3, "タブレットに登録（Android）", 1, 0)]


def test_unconfirmed_finished_and_not_applicable_are_stuck_nowhere(cast: Cast, release: Release):
    setup.finish(cast.receipt(release, cast.pharmacies[0]).pk, **SAID)
    setup.mark_not_applicable(cast.receipt(release, cast.pharmacies[1]).pk, "対象外です", **SAID)
    assert found(release) == []


def test_a_place_leads_to_those_who_stand_there(cast: Cast, release: Release):
    receipts = [cast.receipt(release, pharmacy) for pharmacy in cast.pharmacies]
    work(receipts[0], [])
    work(receipts[1], ["端末の設定を開く"])
    everybody = Receipt.objects.filter(release=release)
    for halt in halts.of(release):
        assert halts.at(everybody, halt.place).count() == halt.receipts
    assert [*halts.at(everybody, "start")] == [receipts[0]]
    assert not halts.at(everybody, "nowhere").exists()


def test_the_board_takes_three_queries_however_many_there_are(cast: Cast, release: Release, django_assert_num_queries):
    with django_assert_num_queries(3):
        halts.of(release)
    for pharmacy in cast.pharmacies:
        work(cast.receipt(release, pharmacy), ["端末の設定を開く"])
    again = Release.objects.select_related("notice").get(pk=release.pk)
    with django_assert_num_queries(3):
        halts.of(again)
