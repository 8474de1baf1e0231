"""Celery only rings: what is lost on the way is found by the sweep."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, transaction

from config.celery import app
from notices import tasks
from notices.distribution import claims, outbox
from notices.models import Delivery, Release
from tests.cast import Cast
from tests.distribution.conftest import FailingSink
from tests.servers.processes import free_port, start, wait_until
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


@pytest.mark.django_db(transaction=True)
def test_a_worker_finds_due_work_while_the_broker_is_away(cast: Cast, issue: Issue, tmp_path: Path) -> None:
    issue()
    server, _, _ = os.environ.get("DATABASE_URL", "").rpartition("/")
    address = f"{server or 'sqlite://'}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    environment |= {"SHUCHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", "1"]
    worker = start(command, tmp_path / "worker.log", environment)
    try:
        wait_until(lambda: not Delivery.objects.unfinished().exists(), "the worker's own sweep")
    finally:
        worker.terminate()
        worker.wait()
    assert "Cannot connect to redis" in (tmp_path / "worker.log").read_text()


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
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
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
