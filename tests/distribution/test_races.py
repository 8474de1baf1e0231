"""Two who change the same release at once."""

import random
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from members.models import Mailbox, Organisation
from notices.distribution import outbox, reach, settling
from notices.models import Delivery, Receipt, Release
from notices.procedures import repeat
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, State, let_time_pass

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work: Callable[[], None], faults: list[Exception]) -> Thread:
    """Does the work in a thread with a connection of its own."""

    def run() -> None:
        try:
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_a_release_is_not_closed_over_a_message_that_staff_are_just_sending_again(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    sink.refuse("550 5.4.1 access denied", ADDRESS)
    release = issue()
    outbox.send_due()
    Release.objects.filter(pk=release.pk).update(state=Release.State.SENDING)  # as before it was closed
    Mailbox.objects.update(usable=True)
    faults: list[Exception] = []
    with transaction.atomic():
        assert repeat.send_again_to_failed(release.pk, acting(cast)) == 1
        closing = beside(settling.close_finished, faults)
        closing.join(timeout=0.5)
    closing.join()
    assert faults == []
    sink.accept()
    let_time_pass()
    outbox.send_due()
    assert Delivery.objects.get(purpose="repeat").state == State.SENT


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets in one writer at a time")
def test_stopping_and_telling_receipts_do_not_wait_for_each_other(cast: Cast, issue: Issue) -> None:
    release = issue()
    pharmacies = Organisation.objects.bulk_create(
        Organisation(kind="pharmacy", name=f"薬局{number}", parent=cast.districts[0]) for number in range(600)
    )
    receipts = Receipt.objects.bulk_create(
        Receipt(release=release, organisation=each, district=cast.districts[0], audience="pharmacy", reach="waiting")
        for each in pharmacies
    )
    Delivery.objects.bulk_create(
        Delivery(receipt=each, release=release, channel="email", address="box@mail.example") for each in receipts
    )
    chance = random.Random(1)
    keys = [receipt.pk for receipt in receipts]
    for key in chance.sample(keys, 200):  # their rows lie in another order than their keys from now on
        Receipt.objects.filter(pk=key).update(reach="failed")
    faults: list[Exception] = []
    samples = [chance.sample(keys, 200) for _ in range(30)]
    telling = beside(lambda: [reach.settle(sample) for sample in samples], faults)
    while telling.is_alive():
        reach.renew_all(Receipt.objects.filter(release=release))
    telling.join()
    assert faults == []
