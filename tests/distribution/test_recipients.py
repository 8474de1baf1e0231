"""Whom a release reaches, by which way, and what is written for it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from members.models import Mailbox, Organisation, Tag
from members.models.officer import Office
from members.models.organisation import Channel, Kind
from notices.distribution import gateway, recipients
from notices.distribution.ways import Way, ways
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience, Reach
from tests.cast import Cast

Issue = Callable[..., Release]


def plan_of(cast: Cast, **plan: object) -> Release:
    return cast.draft(**plan).release


def test_all_members_are_all_current_pharmacies_and_every_district(cast: Cast) -> None:
    cast.pharmacies[0].left_on = dt.date(2024, 3, 31)
    cast.pharmacies[0].save()
    empty = Organisation.objects.create(kind=Kind.DISTRICT, name="千鳥浦地区薬剤師会", parent=cast.association)
    pharmacies, districts = recipients.chosen(plan_of(cast))
    assert list(pharmacies) == cast.pharmacies[1:]
    assert set(districts) == {*cast.districts, empty}


def test_chosen_districts_bring_their_pharmacies(cast: Cast) -> None:
    release = plan_of(cast, scope=Release.Scope.DISTRICTS)
    release.districts.add(cast.takaodai)
    pharmacies, districts = recipients.chosen(release)
    assert list(pharmacies) == cast.pharmacies[3:]
    assert list(districts) == [cast.takaodai]


def test_tagged_pharmacies_bring_their_districts_each_once(cast: Cast) -> None:
    second = Tag.objects.create(name="無菌調剤")
    cast.pharmacies[3].tags.add(second)
    release = plan_of(cast, scope=Release.Scope.TAGS)
    release.tags.add(second, Tag.objects.get(name="在宅対応"))
    pharmacies, districts = recipients.chosen(release)
    assert list(pharmacies) == [cast.pharmacies[0], cast.pharmacies[3]]
    assert list(districts) == cast.districts


def test_nothing_chosen_reaches_nobody(cast: Cast) -> None:
    for scope in (Release.Scope.DISTRICTS, Release.Scope.TAGS):
        pharmacies, districts = recipients.chosen(plan_of(cast, scope=scope))
        assert not pharmacies
        assert not districts


def test_a_release_writes_one_receipt_each_and_one_delivery_per_address(cast: Cast, issue: Issue) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="second@mail.example")
    release = issue()
    assert release.receipts.count() == 8
    first = Receipt.objects.get(release=release, organisation=cast.pharmacies[0])
    assert (first.audience, first.district, first.reach) == (Audience.PHARMACY, cast.shirasagi, Reach.WAITING)
    assert [delivery.address for delivery in first.deliveries.all()] == ["box4@mail4.example", "second@mail.example"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.WAITING}


def test_the_chair_in_office_gets_the_district_s_mail(cast: Cast, issue: Issue) -> None:
    former = {"office": Office.CHAIR, "since": dt.date(2020, 6, 1), "until": dt.date(2022, 5, 31)}
    cast.takaodai.officers.create(name="前の会長", email="former@chair.example", **former)
    release = issue()
    addresses = dict(
        Delivery.objects.filter(receipt__release=release, receipt__audience=Audience.DISTRICT).values_list(
            "receipt__organisation__short_name", "address"
        )
    )
    assert addresses == {"白鷺": "takayanagi@chair.example", "髙尾台": "box3@mail3.example"}


# The way ------------------------------------------------------------------------------------------------------------

MAIL, FAX, POST = Channel.EMAIL, Channel.FAX, Channel.POST
HAS = {
    MAIL: {"mail": ["box@mail.example"]},
    FAX: {"fax": "092-000-0199"},
    POST: {"address": "福岡市白鷺1-1"},
}


@pytest.mark.parametrize(
    ("prefers", "fallback", "has", "gets"),
    [
        # what it prefers, where there is an address
        (MAIL, "", (MAIL, FAX, POST), MAIL),
        (FAX, "", (MAIL, FAX, POST), FAX),
        (POST, MAIL, (MAIL, FAX, POST), POST),
        # else what it named for that case
        (MAIL, POST, (FAX, POST), POST),
        (FAX, POST, (MAIL, POST), POST),
        (POST, FAX, (MAIL, FAX), FAX),
        # else whatever there is: e-mail, FAX, post
        (MAIL, "", (FAX, POST), FAX),
        (FAX, "", (MAIL, POST), MAIL),
        (POST, "", (MAIL, FAX), MAIL),
        (MAIL, FAX, (POST,), POST),
        (FAX, FAX, (POST,), POST),
        (POST, MAIL, (FAX,), FAX),
        # and nothing where there is nothing
        (MAIL, FAX, (), None),
        (POST, "", (), None),
    ],
)
def test_the_way_is_the_preferred_one_the_fallback_or_whatever_there_is(
    prefers: Channel, fallback: str, has: tuple[Channel, ...], gets: Channel | None
) -> None:
    given = {name: value for channel in has for name, value in HAS[channel].items()}
    mailboxes = given.pop("mail", [])
    pharmacy = Organisation(kind=Kind.PHARMACY, channel=prefers, fallback=fallback, **given)
    assert [way.channel for way in ways(pharmacy, mailboxes)] == ([gets] if gets else [])


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("092-000-0199", "0920000199"),
        ("０９２（０００）０１９９", "0920000199"),
        ("050-0000-0199", "05000000199"),
        ("0120-000-199", "0120000199"),
        ("+81 92-000-0199", "0920000199"),
        ("000-0199", ""),
        ("92-000-0199", ""),
        ("920-000-0199", ""),
        ("092-000-0199 / 092-000-0198", ""),
        ("なし", ""),
        ("", ""),
    ],
)
def test_a_fax_number_has_ten_or_eleven_digits(written: str, dialled: str) -> None:
    assert gateway.number(written) == dialled
    pharmacy = Organisation(kind=Kind.PHARMACY, channel=FAX, fax=written, address="福岡市白鷺1-1")
    assert ways(pharmacy, []) == [Way(FAX, written) if dialled else Way(POST, "福岡市白鷺1-1")]


def test_post_goes_to_the_address_with_its_code() -> None:
    pharmacy = Organisation(kind=Kind.PHARMACY, channel=POST, postal_code="812-0000", address="福岡市白鷺1-1")
    assert ways(pharmacy, []) == [Way(POST, "〒812-0000 福岡市白鷺1-1")]
    pharmacy.address = "長" * 300
    assert ways(pharmacy, []) == [Way(POST, "長" * 300)]


def prefer_paper(cast: Cast) -> None:
    """The first pharmacy prefers FAX, the second post; both have e-mail, too."""
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(channel=FAX, fax="092-000-0199")
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(channel=POST, address="福岡市白鷺1-1")


@pytest.mark.parametrize(
    ("pattern", "reach"), [("", Reach.OTHER), ("{number}@fax.example", Reach.WAITING)], ids=["by hand", "gateway"]
)
def test_a_fax_waits_for_the_outbox_where_there_is_a_gateway(
    cast: Cast, issue: Issue, settings: Settings, pattern: str, reach: Reach
) -> None:
    settings.FAX_GATEWAY = pattern
    prefer_paper(cast)
    release = issue()
    for organisation, channel, address, expected in (
        (cast.pharmacies[0], FAX, "092-000-0199", reach),
        (cast.pharmacies[1], POST, "福岡市白鷺1-1", Reach.OTHER),
    ):
        receipt = release.receipts.get(organisation=organisation)
        delivery = receipt.deliveries.get()
        assert (delivery.channel, delivery.address, delivery.state) == (channel, address, expected.value)
        assert receipt.reach == expected


def test_a_suspended_mailbox_is_no_address(cast: Cast, issue: Issue) -> None:
    cast.pharmacies[0].mailboxes.update(usable=False)
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0199")
    assert issue().receipts.get(organisation=cast.pharmacies[0]).deliveries.get().channel == FAX


def test_a_district_that_prefers_fax_gets_fax_though_its_chair_has_mail(cast: Cast, issue: Issue) -> None:
    Organisation.objects.filter(pk=cast.shirasagi.pk).update(channel=FAX, fax="092-000-0199")
    assert issue().receipts.get(organisation=cast.shirasagi).deliveries.get().channel == FAX


def test_without_any_address_the_recipient_is_named_as_not_reached(cast: Cast, issue: Issue) -> None:
    cast.pharmacies[0].mailboxes.all().delete()
    receipt = issue().receipts.get(organisation=cast.pharmacies[0])
    assert (receipt.reach, receipt.reach_reason) == (Reach.FAILED, "届け先なし")
    assert not receipt.deliveries.exists()


def test_a_move_to_another_district_changes_nothing_that_was_released(cast: Cast, issue: Issue) -> None:
    release = issue()
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(parent=cast.takaodai, left_on=dt.date(2024, 11, 1))
    Mailbox.objects.filter(organisation=cast.pharmacies[0]).update(address="new@mail.example")
    receipt = release.receipts.get(organisation=cast.pharmacies[0])
    assert receipt.district == cast.shirasagi
    assert receipt.deliveries.get().address == "box4@mail4.example"


def test_as_many_statements_write_three_recipients_as_six(cast: Cast) -> None:
    used = []
    for districts in (cast.districts[:1], cast.districts):
        release = plan_of(cast, scope=Release.Scope.DISTRICTS)
        release.districts.set(districts)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            recipients.write(release)
        used.append(len(queries))
    assert used[0] == used[1]


def test_a_personal_address_asked_again_is_one_more_mail(cast: Cast, issue: Issue) -> None:
    receipt = issue().receipts.get(organisation=cast.pharmacies[0])
    receipt.deliveries.update(state=Delivery.State.FAILED, settled_at=receipt.release.released_at)
    delivery = recipients.again(receipt, "box4@mail4.example")
    receipt.refresh_from_db()
    assert (delivery.purpose, delivery.state) == (Delivery.Purpose.AGAIN, Delivery.State.WAITING)
    assert receipt.reach == Reach.WAITING
