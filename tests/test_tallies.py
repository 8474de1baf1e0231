"""The figures of boards are kept, and are at every moment what the receipts say."""

import random
import threading
from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from members.history import NOBODY
from members.models import Organisation
from members.models.organisation import Kind
from notices import tallies
from notices.boards import progress
from notices.models import KeptTally, Receipt, Release, ToCount
from notices.models.receipt import ON_BEHALF, Audience, Reach, Via
from notices.tallies import Tally
from notices.tracking import confirming, facts, helping, on_behalf, setup
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}


@pytest.fixture
def release(cast: Cast) -> Release:
    return cast.released(ask=Release.Ask.SET_UP)


def settle() -> None:
    while tallies.settle():
        pass


def counted(release: Release) -> dict[int, Tally]:
    """By district, one receipt after the other."""
    found: dict[int, Tally] = defaultdict(Tally)
    for receipt in Receipt.objects.filter(release=release, audience=Audience.PHARMACY):
        found[receipt.district_id] += Tally(
            recipients=1,
            **{name: int(receipt.reach == name) for name in ("sent", "waiting", "failed", "stopped")},
            other_channel=int(receipt.reach == Reach.OTHER),
            confirmed=int(receipt.confirmed_at is not None),
            finished=int(receipt.finished_at is not None),
            not_applicable=int(receipt.not_applicable_at is not None),
            needs_help=int(receipt.help_requests.filter(closed_at=None).exists()),
            on_behalf=int(receipt.confirmed_via in ON_BEHALF),
            finished_on_behalf=int(receipt.finished_via in ON_BEHALF),
            not_applicable_on_behalf=int(receipt.not_applicable_via in ON_BEHALF),
        )
    return dict(found)


def newcomer(cast: Cast) -> Organisation:
    """A pharmacy that has just joined."""
    pharmacy = Organisation.objects.create(kind=Kind.PHARMACY, name="新しい薬局", parent=cast.takaodai)
    pharmacy.mailboxes.create(address=f"box{pharmacy.pk}@mail.example")
    return pharmacy


def shown(release: Release) -> dict[int, Tally]:
    return {row.district_id: row.tally for row in progress.by_district(release)}


def test_a_board_says_what_the_receipts_say_whatever_happens_and_whenever_it_is_kept(cast: Cast, release: Release):
    rng = random.Random(31)
    office = cast.actor("staff")

    def recorded(pk: int) -> None:
        what = rng.choice(list(on_behalf.What))
        reason = "訪問をしていない" if what == on_behalf.What.NOT_APPLICABLE else ""
        row = on_behalf.record(pk, on_behalf.Said(what, Via.TELEPHONE, "髙木 亮", reason=reason), actor=office)
        if row and rng.random() < 0.5:
            on_behalf.undo(row.pk, actor=office)

    deeds = [
        lambda pk: confirming.confirm(pk, **SAID),
        lambda pk: setup.finish(pk, **SAID),
        lambda pk: setup.mark_not_applicable(pk, "訪問をしていない", **SAID),
        lambda pk: setup.reopen(pk, **SAID),
        lambda pk: helping.ask(pk, None, "まだ選べません", **SAID),
        lambda pk: [helping.close(each.pk, **SAID) for each in Receipt.objects.get(pk=pk).help_requests.all()],
        lambda pk: Receipt.objects.filter(pk=pk).update(reach=rng.choice(Reach.values)),
        lambda pk: cast.receive(release, newcomer(cast)),
        recorded,
    ]
    for _ in range(60):
        receipt = rng.choice(Receipt.objects.filter(release=release, audience=Audience.PHARMACY))
        try:
            rng.choice(deeds)(receipt.pk)
        except facts.Refused:
            continue
        if rng.random() < 0.4:
            settle()
        assert shown(release) == counted(release)
        assert progress.totals(release).pharmacies == sum(counted(release).values(), Tally())
    settle()
    assert not ToCount.objects.exists()
    assert not tallies.differences(release)


def test_what_nobody_changed_is_read_and_not_counted_again(cast: Cast, release: Release):
    settle()
    KeptTally.objects.filter(release=release, district=cast.shirasagi).update(confirmed=2)
    assert shown(release)[cast.shirasagi.pk].confirmed == 2
    confirming.confirm(cast.receipt(release, cast.pharmacies[0]).pk, **SAID)
    assert shown(release)[cast.shirasagi.pk].confirmed == 1


def test_a_recount_says_what_is_kept_wrongly_and_mends_it(cast: Cast, release: Release):
    settle()
    call_command("recount", stdout=StringIO())
    KeptTally.objects.filter(release=release, district=cast.shirasagi).update(confirmed=2)
    said = StringIO()
    with pytest.raises(CommandError, match="1 件で、保存した数が受領状況と違います"):
        call_command("recount", stdout=said)
    assert "白鷺" in said.getvalue() and "confirmed=2" in said.getvalue()
    call_command("recount", "--mend", stdout=StringIO())
    assert shown(release) == counted(release)
    call_command("recount", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_many_answer_and_several_count(cast: Cast, release: Release):
    for _ in range(30):
        cast.receive(release, newcomer(cast))
    keys = list(Receipt.objects.filter(release=release, audience=Audience.PHARMACY).values_list("pk", flat=True))
    answered = threading.Event()

    def answer(several: list[int]) -> None:
        for pk in several:
            confirming.confirm(pk, **SAID)
        connections.close_all()

    def count() -> None:
        while not answered.is_set():
            tallies.settle()
        connections.close_all()

    counting = [threading.Thread(target=count) for _ in range(2)]
    answering = [threading.Thread(target=answer, args=[keys[start::3]]) for start in range(3)]
    for thread in [*counting, *answering]:
        thread.start()
    for thread in answering:
        thread.join()
    assert progress.totals(release).pharmacies.confirmed == len(keys)
    answered.set()
    for thread in counting:
        thread.join()
    connection.close()
    settle()
    assert not ToCount.objects.exists()
    assert KeptTally.objects.get(release=release, district=None).confirmed == len(keys)
    assert not tallies.differences(release)
