"""What a recipient declares is kept once, with when, by whom and how, and can be taken back."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from members.models import Event
from notices.models import Notice, Receipt, Release, Step, StepTick
from notices.models.receipt import Via
from notices.tracking import confirming, setup
from notices.tracking import steps as progress
from notices.tracking.facts import HoldsSecret, NotConfirmed, NothingAsked, SigninNeeded
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, verbs


def work_of(receipt: Receipt) -> progress.Work:
    return progress.work(Receipt.objects.get(pk=receipt.pk))


def test_confirming_keeps_when_and_how(receipt: Receipt) -> None:
    before = timezone.now()
    confirming.confirm(receipt.pk, **BY_HAND)
    receipt.refresh_from_db()
    assert before <= receipt.confirmed_at <= timezone.now()
    assert (receipt.confirmed_via, receipt.confirmed_by) == (Via.PERSONAL, None)
    assert verbs(receipt) == ["receipt.confirmed"]


def test_confirming_twice_keeps_the_first_time(receipt: Receipt) -> None:
    first = confirming.confirm(receipt.pk, **BY_HAND).confirmed_at
    confirming.confirm(receipt.pk, **BY_HAND)
    receipt.refresh_from_db()
    assert receipt.confirmed_at == first
    assert verbs(receipt) == ["receipt.confirmed"]


def test_the_event_names_recipient_and_way(receipt: Receipt, cast: Cast) -> None:
    confirming.confirm(receipt.pk, **BY_HAND)
    event = Event.objects.get(verb="receipt.confirmed")
    assert (event.organisation, event.detail, event.account) == (cast.pharmacies[0], {"via": "personal"}, None)


def test_a_notice_that_asks_nothing_cannot_be_confirmed_by_a_pharmacy(cast: Cast) -> None:
    release = cast.released(ask=Release.Ask.INFORM)
    receipt = cast.receipt(release, cast.pharmacies[0])
    with pytest.raises(NothingAsked):
        confirming.confirm(receipt.pk, **BY_HAND)
    receipt.refresh_from_db()
    assert receipt.confirmed_at is None
    assert verbs(receipt) == []


def test_a_district_confirms_receipt_of_whatever_was_released(cast: Cast) -> None:
    receipt = cast.receipt(cast.released(ask=Release.Ask.INFORM), cast.shirasagi)
    assert confirming.confirm(receipt.pk, **BY_HAND).confirmed_at


def test_passing_on_to_members_needs_signing_in(guided: Release, cast: Cast) -> None:
    receipt = cast.receipt(guided, cast.shirasagi)
    with pytest.raises(SigninNeeded):
        confirming.pass_on(receipt.pk, **BY_HAND)
    assert verbs(receipt) == []


def test_passing_on_implies_receipt_confirmed_and_can_be_taken_back(guided: Release, cast: Cast) -> None:
    receipt = cast.receipt(guided, cast.shirasagi)
    chair = acting(cast, "chair")
    done = confirming.pass_on(receipt.pk, actor=chair, via=Via.SIGNED_IN)
    assert done.confirmed_at and done.finished_at and done.finished_by == chair.account
    again = setup.reopen(receipt.pk, actor=chair, via=Via.SIGNED_IN)
    assert again.confirmed_at and not again.finished_at
    assert verbs(receipt) == ["receipt.confirmed", "receipt.finished", "receipt.reopened"]


def test_the_name_is_kept_to_the_byte_changed_and_taken_back(confirmed: Receipt) -> None:
    for name in ("宮﨑 悠", "𠮷田 O'Brien <script>", ""):
        confirming.name(confirmed.pk, name, **BY_HAND)
        confirmed.refresh_from_db()
        assert confirmed.confirmed_name == name
    assert verbs(confirmed) == ["receipt.confirmed", *["receipt.named"] * 3]


def test_the_history_does_not_tell_the_name(confirmed: Receipt) -> None:
    confirming.name(confirmed.pk, "宮﨑 悠", **BY_HAND)
    assert "宮﨑" not in str(Event.objects.get(verb="receipt.named").detail)


def test_nobody_is_named_before_confirming(receipt: Receipt) -> None:
    with pytest.raises(NotConfirmed):
        confirming.name(receipt.pk, "宮﨑 悠", **BY_HAND)


def test_a_tick_is_kept_once_and_taken_back(confirmed: Receipt, steps: list[Step]) -> None:
    first = setup.tick(confirmed.pk, steps[0].pk, **BY_HAND)
    assert setup.tick(confirmed.pk, steps[0].pk, **BY_HAND).ticked_at == first.ticked_at
    setup.untick(confirmed.pk, steps[0].pk, **BY_HAND)
    setup.untick(confirmed.pk, steps[0].pk, **BY_HAND)
    assert not confirmed.ticks.exists()
    assert verbs(confirmed) == ["receipt.confirmed", "step.ticked", "step.unticked"]


def test_steps_wait_for_confirming(receipt: Receipt, steps: list[Step]) -> None:
    with pytest.raises(NotConfirmed):
        setup.tick(receipt.pk, steps[0].pk, **BY_HAND)


def test_a_step_of_another_notice_is_no_step_here(confirmed: Receipt, cast: Cast) -> None:
    other = Step.objects.create(notice=cast.draft(), position=1, title="よその手順")
    with pytest.raises(Step.DoesNotExist):
        setup.tick(confirmed.pk, other.pk, **BY_HAND)


def test_a_reference_is_not_ticked(confirmed: Receipt, steps: list[Step]) -> None:
    with pytest.raises(Step.DoesNotExist):
        setup.tick(confirmed.pk, steps[12].pk, **BY_HAND)


def for_windows(notice: Notice) -> Step:
    """A step that only this kind of device has."""
    return Step.objects.create(notice=notice, position=14, group="device", device="windows", title="管理者で入れる")


def test_steps_of_every_device_are_there_before_a_kind_is_chosen(confirmed: Receipt, steps: list[Step]) -> None:
    setup.tick(confirmed.pk, steps[8].pk, **BY_HAND)
    found = work_of(confirmed)
    assert (found.done, found.total, found.asks_device) == (1, 12, False)


def test_the_kind_of_device_is_asked_for_where_a_step_depends_on_it(confirmed: Receipt) -> None:
    only = for_windows(confirmed.release.notice)
    assert work_of(confirmed).asks_device
    with pytest.raises(setup.NoDeviceChosen):
        setup.tick(confirmed.pk, only.pk, **BY_HAND)


def test_ticks_made_before_a_kind_is_chosen_go_to_the_first(confirmed: Receipt, steps: list[Step]) -> None:
    for_windows(confirmed.release.notice)
    setup.tick(confirmed.pk, steps[8].pk, **BY_HAND)
    setup.choose_device(confirmed.pk, Step.Device.WINDOWS, **BY_HAND)
    found = work_of(confirmed)
    assert (found.done, found.total) == (1, 13)


def test_device_steps_keep_their_ticks_by_kind(confirmed: Receipt, steps: list[Step]) -> None:
    setup.choose_device(confirmed.pk, Step.Device.IOS, **BY_HAND)
    setup.tick(confirmed.pk, steps[8].pk, **BY_HAND)
    setup.choose_device(confirmed.pk, Step.Device.ANDROID, **BY_HAND)
    assert work_of(confirmed).done == 0
    setup.choose_device(confirmed.pk, Step.Device.IOS, **BY_HAND)
    assert work_of(confirmed).done == 1
    assert StepTick.objects.get().device == Step.Device.IOS


def test_a_step_for_one_kind_of_device_is_shown_and_ticked_for_that_kind_only(confirmed: Receipt) -> None:
    only = for_windows(confirmed.release.notice)
    setup.choose_device(confirmed.pk, Step.Device.IOS, **BY_HAND)
    with pytest.raises(Step.DoesNotExist):
        setup.tick(confirmed.pk, only.pk, **BY_HAND)
    setup.choose_device(confirmed.pk, Step.Device.WINDOWS, **BY_HAND)
    setup.tick(confirmed.pk, only.pk, **BY_HAND)
    found = work_of(confirmed)
    assert (found.done, found.total) == (1, 13)


def test_the_next_step_is_the_first_without_a_tick(confirmed: Receipt, steps: list[Step]) -> None:
    for step in (steps[0], steps[2]):
        setup.tick(confirmed.pk, step.pk, **BY_HAND)
    found = work_of(confirmed)
    assert (found.done, found.total, found.next.number) == (2, 12, 2)


def test_lists_count_the_steps_as_the_page_does(confirmed: Receipt, steps: list[Step]) -> None:
    setup.choose_device(confirmed.pk, Step.Device.IOS, **BY_HAND)
    for step in (steps[0], steps[8]):
        setup.tick(confirmed.pk, step.pk, **BY_HAND)
    Step.objects.create(notice=confirmed.release.notice, position=14, group="device", device="windows", title="別")
    for device in ("ios", "android"):
        setup.choose_device(confirmed.pk, device, **BY_HAND)
        found = work_of(confirmed)
        [listed] = progress.with_progress(Receipt.objects.filter(pk=confirmed.pk))
        assert (listed.steps_done, listed.steps_total) == (found.done, found.total)


def test_finishing_implies_confirmed_and_sets_no_tick(receipt: Receipt) -> None:
    done = setup.finish(receipt.pk, **BY_HAND)
    assert done.confirmed_at and done.finished_at
    assert not receipt.ticks.exists()
    assert verbs(receipt) == ["receipt.confirmed", "receipt.finished"]


def test_finishing_twice_keeps_the_first_time_and_reopening_keeps_confirmed(confirmed: Receipt) -> None:
    first = setup.finish(confirmed.pk, **BY_HAND).finished_at
    assert setup.finish(confirmed.pk, **BY_HAND).finished_at == first
    reopened = setup.reopen(confirmed.pk, **BY_HAND)
    assert reopened.finished_at is None and reopened.confirmed_at == confirmed.confirmed_at
    assert setup.finish(confirmed.pk, **BY_HAND).finished_at > first


def test_finishing_what_has_no_steps_is_refused(cast: Cast) -> None:
    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    with pytest.raises(setup.NothingToSetUp):
        setup.finish(receipt.pk, **BY_HAND)


def test_not_applicable_keeps_its_reason_implies_confirmed_and_can_be_taken_back(receipt: Receipt) -> None:
    marked = setup.mark_not_applicable(receipt.pk, "訪問を行っていない", **BY_HAND)
    assert marked.confirmed_at and marked.not_applicable_reason == "訪問を行っていない"
    with pytest.raises(setup.MarkedNotApplicable):
        setup.finish(receipt.pk, **BY_HAND)
    back = setup.mark_applicable(receipt.pk, **BY_HAND)
    assert back.confirmed_at and not back.not_applicable_at and back.not_applicable_reason == ""
    assert verbs(receipt) == ["receipt.confirmed", "receipt.not_applicable", "receipt.applicable"]


def test_what_is_finished_is_not_made_not_applicable(confirmed: Receipt) -> None:
    setup.finish(confirmed.pk, **BY_HAND)
    with pytest.raises(setup.MarkedFinished):
        setup.mark_not_applicable(confirmed.pk, "訪問を行っていない", **BY_HAND)


def test_no_secret_is_kept_as_reason_or_name(confirmed: Receipt) -> None:
    with pytest.raises(HoldsSecret):
        setup.mark_not_applicable(confirmed.pk, "パスワードは abcd1234 です", **BY_HAND)
    with pytest.raises(HoldsSecret):
        confirming.name(confirmed.pk, "コード12345", **BY_HAND)
    confirmed.refresh_from_db()
    assert (confirmed.not_applicable_reason, confirmed.confirmed_name) == ("", "")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_confirm_and_tick_once(cast: Cast) -> None:
    release = cast.released(ask=Release.Ask.SET_UP)
    step = Step.objects.create(notice=release.notice, position=1, title="開く")
    receipt = cast.receipt(release, cast.pharmacies[0])
    faults: list[Exception] = []

    def press() -> None:
        try:
            confirming.confirm(receipt.pk, **BY_HAND)
            setup.tick(receipt.pk, step.pk, **BY_HAND)
            setup.finish(receipt.pk, **BY_HAND)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert verbs(receipt) == ["receipt.confirmed", "step.ticked", "receipt.finished"]
