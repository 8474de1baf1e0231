"""Celery only rings: what is lost on the way is found by the sweep."""

import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection, transaction

from config.celery import app
from notices import tasks
from notices.distribution import claims, outbox
from notices.models import Delivery, Release
from tests.cast import Cast
from tests.distribution.conftest import FailingSink
from tests.servers.redis import RedisServer

Issue = Callable[..., Release]
QUEUE = "shuchi"


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_the_transaction_is_committed(redis_server: RedisServer) -> None:
    redis_server.client.delete(QUEUE)
    with transaction.atomic():
        outbox.ring()
        assert redis_server.client.llen(QUEUE) == 0
    assert redis_server.client.llen(QUEUE) == 1


@pytest.mark.django_db(transaction=True)
def test_a_release_succeeds_while_the_broker_is_away(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.stop()
    try:
        outbox.ring()
    finally:
        redis_server.start()
    assert "Nobody heard the doorbell" in caplog.text


def test_the_sweep_and_the_bell_call_the_same_task() -> None:
    assert tasks.send_due_deliveries.name == outbox.TASK
    assert outbox.TASK in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_repeated_task_sends_nothing_twice(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    issue()
    for _ in range(5):
        tasks.send_due_deliveries()
    assert len(sink.mails) == 8


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_claim_the_same_row(cast: Cast, issue: Issue) -> None:
    issue()
    issue(serial=338)
    claimed: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        while batch := claims.claim(2):
            claimed.extend(row.pk for row in batch)
        close_old_connections()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claimed) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert set(Delivery.objects.values_list("attempt", flat=True)) == {1}
