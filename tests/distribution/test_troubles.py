"""What a final refusal leaves behind: a task about the address, and the organisation's other way."""

import pytest
from django.utils import timezone

from members import access, addresses
from members.models import Mailbox, Organisation, Task
from members.models.organisation import Channel
from notices.distribution import reach, troubles
from notices.models import Delivery, Notice, Receipt, Release
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import acting

REASON = "宛先のメールアドレスが存在しません"
State = Delivery.State


def failed(cast: Cast, number: int = 0) -> Delivery:
    """The one message to a pharmacy, finally refused."""
    delivery = Delivery.objects.get(receipt=cast.receipt(cast.released(), cast.pharmacies[number]))
    return refuse(delivery)


def refuse(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, settled_at=timezone.now(), outcome=REASON)
    reach.renew(delivery.receipt)
    return Delivery.objects.select_related("receipt__organisation", "receipt__release").get(pk=delivery.pk)


# Tasks ----------------------------------------------------------------------------------------------------------------


def test_a_bad_address_becomes_a_task_and_rests_until_somebody_looks(cast: Cast):
    delivery = failed(cast)
    troubles.raise_for(delivery, REASON, suspend=True)
    [task] = Task.objects.still_open()
    assert (task.organisation, task.address, task.reason) == (cast.pharmacies[0], delivery.address, REASON)
    assert not Mailbox.objects.get(address=delivery.address).usable


def test_a_trouble_that_may_pass_becomes_a_task_without_taking_the_address_out_of_use(cast: Cast):
    delivery = failed(cast)
    troubles.raise_for(delivery, "受信箱がいっぱいです", suspend=False)
    assert Mailbox.objects.get(address=delivery.address).usable
    troubles.raise_for(delivery, REASON, suspend=True)
    [task] = Task.objects.all()
    assert (task.reason, task.suspends) == (REASON, True)
    assert not Mailbox.objects.get(address=delivery.address).usable


def test_an_address_has_one_open_task_however_often_it_is_refused(cast: Cast):
    for _ in range(3):
        troubles.raise_for(failed(cast), REASON, suspend=True)
    assert Task.objects.count() == 1


def test_two_who_share_an_address_are_looked_after_each_for_itself(cast: Cast):
    shared = cast.pharmacies[1].mailboxes.create(address=cast.pharmacies[0].mailboxes.get().address.upper())
    troubles.raise_for(failed(cast), REASON, suspend=True)
    shared.refresh_from_db()
    assert shared.usable
    assert [task.organisation for task in Task.objects.all()] == [cast.pharmacies[0]]


def test_a_chairs_own_address_becomes_a_task_and_the_districts_mailbox_stays_in_use(cast: Cast):
    delivery = Delivery.objects.get(receipt=cast.receipt(cast.released(), cast.shirasagi))
    Delivery.objects.filter(pk=delivery.pk).update(address="takayanagi@chair.example")
    troubles.raise_for(refuse(delivery), REASON, suspend=True)
    task = Task.objects.get()
    assert (task.officer.name, task.suspends) == ("髙栁 誠", False)
    assert cast.shirasagi.mailboxes.get().usable


def test_an_address_that_the_roster_no_longer_has_needs_nobody(cast: Cast):
    delivery = failed(cast)
    cast.pharmacies[0].mailboxes.update(address="new@mail.example")
    troubles.raise_for(delivery, REASON, suspend=True)
    assert not Task.objects.exists()
    assert cast.pharmacies[0].mailboxes.get().usable


def test_an_address_that_staff_put_out_of_use_is_not_asked_about_again(cast: Cast):
    delivery = failed(cast)
    troubles.raise_for(delivery, REASON, suspend=True)
    addresses.drop(Task.objects.get().pk, acting(cast))
    troubles.raise_for(delivery, REASON, suspend=True)
    assert not Task.objects.still_open().exists()


def test_what_turns_out_to_be_our_fault_is_taken_back(cast: Cast):
    deliveries = [failed(cast, number) for number in range(3)]
    for delivery in deliveries:
        troubles.raise_for(delivery, REASON, suspend=True)
    troubles.withdraw(deliveries[:2])
    assert [task.organisation for task in Task.objects.still_open()] == [cast.pharmacies[2]]
    usable = Mailbox.objects.filter(organisation__in=cast.pharmacies[:3], usable=True)
    assert {mailbox.organisation for mailbox in usable} == set(cast.pharmacies[:2])


def test_what_was_known_before_is_not_taken_back_with_it(cast: Cast):
    troubles.raise_for(failed(cast), REASON, suspend=True)
    later = failed(cast)
    troubles.raise_for(later, REASON, suspend=True)
    troubles.withdraw([later])
    assert Task.objects.still_open().count() == 1
    assert not cast.pharmacies[0].mailboxes.get().usable


def test_a_district_sees_its_own_tasks_only(cast: Cast):
    for number in (0, 4):
        troubles.raise_for(failed(cast, number), REASON, suspend=True)
    seen = {
        who: [task.organisation for task in access.tasks_visible_to(cast.capacities[who])]
        for who in ("staff", "chair", "other_chair", "pharmacy")
    }
    assert seen == {
        "staff": [cast.pharmacies[0], cast.pharmacies[4]],
        "chair": [cast.pharmacies[0]],
        "other_chair": [cast.pharmacies[4]],
        "pharmacy": [],
    }


# The other way --------------------------------------------------------------------------------------------------------


def with_fallback(cast: Cast, channel: str, **more: str) -> Receipt:
    """The receipt of a pharmacy that names another way, its one mail refused."""
    values = {"fax": "092-000-0199", "address": "福岡市中央区架空町1-2", "fallback": channel} | more
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(**values)
    return failed(cast).receipt


def ways(receipt: Receipt) -> list[tuple[str, str, str]]:
    found = receipt.deliveries.exclude(state=State.FAILED)
    return [(delivery.channel, delivery.address, delivery.state) for delivery in found]


@pytest.mark.parametrize(
    ("gateway", "state", "reached"),
    [("", State.OTHER, Reach.OTHER), ("{number}@fax.example", State.WAITING, Reach.WAITING)],
)
def test_a_refused_mail_goes_on_by_fax_where_that_is_named(
    cast: Cast, settings, gateway: str, state: str, reached: str
):
    settings.FAX_GATEWAY = gateway
    receipt = with_fallback(cast, Channel.FAX)
    troubles.fall_back(receipt)
    assert ways(receipt) == [("fax", "092-000-0199", state)]
    receipt.refresh_from_db()
    assert receipt.reach == reached
    assert receipt.release.state == (Release.State.SENDING if state == State.WAITING else Release.State.SENT)


def test_a_refused_mail_goes_on_by_post_where_that_is_named(cast: Cast):
    receipt = with_fallback(cast, Channel.POST)
    troubles.fall_back(receipt)
    assert ways(receipt) == [("post", "福岡市中央区架空町1-2", State.OTHER)]


def test_the_other_way_is_gone_once(cast: Cast, settings):
    settings.FAX_GATEWAY = "{number}@fax.example"
    receipt = with_fallback(cast, Channel.FAX)
    for _ in range(2):
        troubles.fall_back(receipt)
        for delivery in receipt.deliveries.filter(state=State.WAITING):
            refuse(delivery)
    assert receipt.deliveries.filter(channel=Channel.FAX).count() == 1


def test_what_turns_out_to_be_our_fault_goes_no_other_way(cast: Cast):
    receipt = with_fallback(cast, Channel.POST)
    delivery = receipt.deliveries.get()
    troubles.fall_back(receipt)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, settled_at=None)
    troubles.withdraw([delivery])
    assert [one.pk for one in receipt.deliveries.all()] == [delivery.pk]
    troubles.fall_back(refuse(delivery).receipt)
    assert ways(receipt) == [("post", "福岡市中央区架空町1-2", State.OTHER)]


def test_nothing_goes_another_way_while_one_message_is_still_under_way(cast: Cast):
    receipt = with_fallback(cast, Channel.POST)
    Delivery.objects.create(receipt=receipt, channel="email", address="second@mail.example")
    troubles.fall_back(receipt)
    assert not receipt.deliveries.filter(channel=Channel.POST).exists()


@pytest.mark.parametrize("more", [{"fallback": ""}, {"address": ""}])
def test_without_another_way_the_receipt_stays_unreached(cast: Cast, more: dict[str, str]):
    receipt = with_fallback(cast, Channel.POST, **more)
    troubles.fall_back(receipt)
    assert ways(receipt) == []
    receipt.refresh_from_db()
    assert receipt.reach == Reach.FAILED


@pytest.mark.parametrize("end", ["stopped", "corrects", "withdraws"])
def test_nothing_goes_another_way_once_the_release_is_over(cast: Cast, end: str):
    receipt = with_fallback(cast, Channel.POST)
    over(receipt.release, cast, end)
    troubles.fall_back(Receipt.objects.select_related("organisation", "release").get(pk=receipt.pk))
    assert ways(receipt) == []


def over(release: Release, cast: Cast, end: str) -> Notice | None:
    """The release was stopped, or its notice corrected or withdrawn."""
    if end == "stopped":
        Release.objects.filter(pk=release.pk).update(state=Release.State.STOPPED)
        return None
    newer = cast.released("前の通知の訂正について")
    cast.supersede(release, newer, end)
    return newer.notice
