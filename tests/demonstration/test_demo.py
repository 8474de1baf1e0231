"""The demonstration is an invented office that looks like a real one, and leaves room for the real packet."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from members.history import NOBODY, Actor
from members.models import Account, Capacity, Event, Mailbox, Officer, Organisation
from notices.boards import progress, standing, today
from notices.demonstration import office, roster
from notices.models import Notice, OnBehalf, Packet, Receipt, Release
from notices.models.receipt import Reach
from notices.procedures import take_in
from tests.module_data import rolled_back_with_the_module


@pytest.fixture(scope="module")
def furnished_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rolled_back_with_the_module(django_db_blocker):
        office.furnish(4, 60, 1)
        yield


@pytest.fixture
def furnished(furnished_once: None, db: None) -> None:
    """An office with 4 districts and 60 pharmacies."""


def test_one_is_released_and_partly_answered_two_wait_and_one_has_just_arrived(furnished):
    app = Release.objects.get(ask=Release.Ask.SET_UP)
    pharmacies = app.receipts.pharmacies()
    assert pharmacies.count() == 60
    assert 0 < pharmacies.filter(finished_at__isnull=False).count() < pharmacies.confirmed().count() < 60
    waiting, ready = Notice.objects.filter(state=Notice.State.DRAFT).order_by("pk")
    assert waiting.release.state == ready.release.state == Release.State.PREPARED
    assert not waiting.numbers.exists()
    assert ready.number_text.endswith("福薬業発第342号")
    assert (waiting.approval.state, ready.approval.state) == ("asked", "approved")
    (arrived,) = Packet.objects.filter(state=Packet.State.DOUBTFUL)
    assert not arrived.notices.exists()


def test_the_totals_of_every_release_add_up(furnished):
    for release in Release.objects.exclude(state=Release.State.PREPARED):
        by_reach = dict(release.receipts.order_by().values_list("reach").annotate(Count("pk")))
        assert set(by_reach) <= set(Reach.values)
        assert sum(by_reach.values()) == release.receipts.count() > 0
        tally = progress.totals(release).pharmacies
        waiting = tally.waiting + tally.other_channel + tally.failed + tally.stopped
        assert tally.recipients == tally.sent + waiting


def test_one_goes_through_districts_two_of_which_hold_it_up(furnished):
    release = Release.objects.get(through_districts=True)
    assert Release.objects.filter(passes_on=release).count() == 2
    [late] = today.held_up(timezone.now())
    assert (late.release, len(late.districts)) == (release, 2)
    assert 0 < progress.totals(release).pharmacies.confirmed < progress.totals(release).pharmacies.recipients < 60


def test_whoever_answered_on_paper_or_by_telephone_was_recorded_by_staff(furnished):
    answered = standing.answered_on_behalf(Receipt.objects.all())
    records = OnBehalf.objects.filter(what=OnBehalf.What.CONFIRMED)
    assert sorted(records.values_list("receipt", flat=True)) == sorted(answered.values_list("pk", flat=True)) != []
    assert set(OnBehalf.objects.values_list("by__email", flat=True)) == {"staff@shuchi.example"}


def test_rare_characters_are_among_the_names(furnished):
    names = "".join(Organisation.objects.values_list("name", flat=True))
    names += "".join(Officer.objects.values_list("name", flat=True))
    assert {"髙", "﨑", "濵", "𠮷"} <= set(names)


def test_every_address_is_an_example(furnished):
    addresses = [*Mailbox.objects.values_list("address", flat=True), *Account.objects.values_list("email", flat=True)]
    addresses += Officer.objects.exclude(email="").values_list("email", flat=True)
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_the_same_seed_makes_the_same_names():
    def names(seed: int) -> list[tuple[str, str]]:
        rng = Random(seed)
        district = Organisation(kind="district", short_name="白鷺")
        made = [roster.invent_pharmacy(index, district, 0, rng)[0] for index in range(1, 30)]
        return [(pharmacy.name, pharmacy.address) for pharmacy in made]

    assert names(7) == names(7) != names(8)


def test_the_history_tells_what_happened_when_it_happened(furnished):
    released = Event.objects.filter(verb="notice.released").order_by("id")
    assert [event.at for event in released] == [
        Release.objects.get(notice_id=event.subject_id).released_at for event in released
    ]


def test_the_real_packet_can_still_be_taken_in(furnished, shared: Path):
    staff = Capacity.objects.filter(role="staff").first()
    packet = take_in.receive((shared / "packet/packet.txt").read_bytes(), "packet.txt", Actor(staff.account, staff))
    notice = take_in.register(take_in.accept(packet, NOBODY), NOBODY)
    assert notice.number_text == "6福薬業発第337号"


def test_a_site_with_members_is_left_alone(furnished):
    with pytest.raises(CommandError, match="already has members"):
        call_command("demo")
    assert Organisation.objects.filter(kind="pharmacy").count() == 60
