"""滞り: a district that has not passed a notice on in time, and staff who tell its members themselves."""

import pytest
from django.utils import timezone

from members.models import Event
from notices import hops
from notices.models import Delivery, Receipt
from notices.models.receipt import Via
from notices.procedures import pass_on, step_in
from notices.tracking import confirming
from tests.passing.conftest import Way


def held_up(way: Way) -> list[str]:
    return [each.organisation.name for each in hops.held_up(Receipt.objects.all(), timezone.now())]


def test_a_district_is_held_up_once_the_days_are_over(way: Way, settings):
    settings.DISTRICT_DAYS = 7
    assert held_up(way) == []
    way.let_days_pass(6)
    assert held_up(way) == []
    way.let_days_pass(7)
    assert held_up(way) == [each.name for each in way.cast.districts]
    way.pass_on()
    assert held_up(way) == [way.cast.takaodai.name]


def test_receipt_alone_does_not_move_it_on(way: Way):
    way.let_days_pass(8)
    confirming.confirm(way.receipt(way.cast.shirasagi).pk, actor=way.actor("chair"), via=Via.SIGNED_IN)
    assert way.cast.shirasagi.name in held_up(way)


def test_staff_tell_the_members_as_additions_to_the_release(way: Way):
    way.let_days_pass(8)
    assert way.step_in(way.cast.shirasagi) == 3
    added = way.release.receipts.pharmacies()
    assert {receipt.organisation.parent for receipt in added} == {way.cast.shirasagi}
    assert Delivery.objects.filter(receipt__in=added, state="waiting").count() == 3
    event = Event.objects.get(verb="release.stepped_in")
    assert (event.organisation, event.account) == (way.cast.shirasagi, way.cast.capacities["staff"].account)
    assert event.detail == {"recipients": 3, "reason": "会長が入院中のため"}
    assert held_up(way) == [way.cast.takaodai.name]


def test_what_was_sent_already_goes_out_again_for_the_additions(way: Way):
    way.let_days_pass(8)
    type(way.release).objects.filter(pk=way.release.pk).update(state="sent")
    way.step_in(way.cast.shirasagi)
    way.release.refresh_from_db()
    assert way.release.state == "sending"


def test_the_chair_cannot_tell_them_a_second_time_and_is_told_why(way: Way):
    way.let_days_pass(8)
    way.step_in(way.cast.shirasagi)
    with pytest.raises(pass_on.AlreadyTold) as refusal:
        way.pass_on()
    assert "二重に届かないように" in refusal.value.words
    assert Receipt.objects.whole(way.release).pharmacies().count() == 3
    # What is left to the chair is to say that the members know.
    own = confirming.pass_on(way.receipt(way.cast.shirasagi).pk, actor=way.actor("chair"), via=Via.SIGNED_IN)
    assert own.finished_at is not None


def test_staff_do_not_step_in_before_the_time_nor_after_the_letter(way: Way):
    with pytest.raises(step_in.NotHeldUp):
        way.step_in(way.cast.shirasagi)
    way.let_days_pass(8)
    way.pass_on()
    with pytest.raises(pass_on.AlreadyPassedOn):
        way.step_in(way.cast.shirasagi)
    way.step_in(way.cast.takaodai)
    with pytest.raises(pass_on.AlreadyTold):
        way.step_in(way.cast.takaodai)
    assert Receipt.objects.whole(way.release).pharmacies().count() == 6
