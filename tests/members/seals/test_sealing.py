"""Each night everything that no seal covers is sealed, once, whatever else goes on."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from config.celery import Sweep, app
from members import history, tasks
from members.models import Event, Seal
from members.seals import digests, sealing
from members.seals.verifying import verify
from tests.cast import Cast
from tests.conftest import DATABASE_URL
from tests.members.seals.conftest import DAY, FIRST, happens
from tests.rows import changed, everything
from tests.servers.processes import wait_until

several_writers = pytest.mark.skipif(not DATABASE_URL, reason="SQLite has one writer at a time")


def test_a_seal_covers_what_no_seal_covered(cast: Cast):
    first = happens(cast)
    assert (sealing.seal(FIRST).count, sealing.seal(FIRST + DAY).count) == (3, 0)
    second = happens(cast, times=2)
    third = sealing.seal(FIRST + 2 * DAY)
    assert (third.number, third.count, third.first_id, third.last_id) == (3, 2, first[-1] + 1, second[-1])


def test_a_night_is_sealed_once(days: list[list[int]], cast: Cast):
    happens(cast)
    assert sealing.seal(FIRST + 2 * DAY) is None
    assert Seal.objects.count() == 3


def test_nights_that_were_missed_are_made_up_for_by_the_next_seal(days: list[list[int]], cast: Cast):
    with history.dated(dt.datetime(2026, 11, 4, tzinfo=dt.UTC)):
        happens(cast)
    happens(cast)
    late = sealing.seal(FIRST + 9 * DAY)
    assert (late.number, late.count) == (4, 6)
    assert not verify().faults


def test_what_is_dated_back_is_sealed_with_the_day_on_which_it_was_written(days: list[list[int]], cast: Cast):
    with history.dated(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)):
        happens(cast)
    assert not verify().faults
    assert sealing.seal(FIRST + 3 * DAY).count == 3


def test_the_day_that_ended_is_sealed_by_the_clock_and_by_every_worker(cast: Cast):
    name = tasks.seal_history.name
    assert name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert name in Sweep.tasks
    happens(cast)
    app.tasks[name]()
    app.tasks[name]()
    seal = Seal.objects.get()
    assert (seal.count, seal.day) == (3, timezone.localdate(seal.sealed_at) - DAY)


def test_pages_do_not_show_in_a_seal(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    happens(cast, times=6)
    monkeypatch.setattr(digests, "PAGE", 4)
    seal = sealing.seal(FIRST)
    monkeypatch.undo()
    assert seal.count == 6
    assert digests.sum_of(seal, "").digest == seal.digest


def test_every_column_of_an_event_is_sealed():
    assert set(digests.COLUMNS) == {field.attname for field in Event._meta.concrete_fields}


def test_an_event_is_hashed_alike_on_every_database_and_in_every_time_zone(cast: Cast):
    tokyo = dt.timezone(dt.timedelta(hours=9))
    with history.dated(dt.datetime(2026, 11, 1, 14, 5, tzinfo=tokyo)):
        event = history.record("notice.discarded", title="髙﨑", number="", also={"b": [1, None], "a": True})
    [row] = Event.objects.filter(pk=event.pk).values_list(*digests.COLUMNS)
    assert digests.line(row).decode() == (
        '{"account_id":null,"at":"2026-11-01T05:05:00.000000+00:00","capacity_id":null,'
        '"detail":{"also":{"a":true,"b":[1,null]},"number":"","title":"髙﨑"},'
        f'"id":{event.pk},"organisation_id":null,"subject_id":null,"subject_kind":"","verb":"notice.discarded"}}'
    )


# Others who write at the same time -----------------------------------------------------------------------------------


@contextmanager
def elsewhere(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """Work in another thread, with a connection of its own; it is over at the end."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield thread
    thread.join()


@several_writers
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_later_under_a_lower_id_is_waited_for(cast: Cast):
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            history.record("account.signed_in", cast.pharmacies[0])
            written.set()
            go_on.wait()

    with elsewhere(slow):
        written.wait()
        [later] = happens(cast, times=1)
        with elsewhere(lambda: sealing.seal(FIRST)):
            wait_until(waits_for_a_lock, "the sealing to wait")
            go_on.set()
    seal = Seal.objects.get()
    assert (seal.count, seal.last_id) == (2, later)
    assert not verify().faults


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareLock'")
        return cursor.fetchone()[0] > 0


@several_writers
@pytest.mark.django_db(transaction=True)
def test_who_writes_for_too_long_puts_the_seal_off(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "LOCK_SECONDS", 0.1)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            history.record("account.signed_in", cast.pharmacies[0])
            written.set()
            go_on.wait()

    with elsewhere(slow):
        written.wait()
        with pytest.raises(OperationalError):
            sealing.seal(FIRST)
        go_on.set()
    assert sealing.seal(FIRST).count == 1


@pytest.mark.django_db(transaction=True)
def test_workers_who_seal_at_the_same_time_make_one_seal(cast: Cast):
    happens(cast)
    together = threading.Barrier(3)

    def work() -> None:
        together.wait()
        sealing.seal(FIRST)

    with elsewhere(work), elsewhere(work), elsewhere(work):
        pass
    assert Seal.objects.get().count == 3


# What the database refuses -------------------------------------------------------------------------------------------


MEDDLING = {
    "change": "UPDATE {0} SET {1} = {1}",
    "delete": "DELETE FROM {0}",
    "empty": "TRUNCATE {0} CASCADE" if DATABASE_URL else "INSERT OR REPLACE INTO {0} SELECT * FROM {0} LIMIT 1",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Event, Seal])
@pytest.mark.parametrize("meddling", MEDDLING)
def test_the_database_refuses_to_change_what_is_written_and_sealed(
    days: list[list[int]], model: type[Model], meddling: str
):
    before = everything()
    statement = MEDDLING[meddling].format(model._meta.db_table, model._meta.pk.column)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert changed(before) == set()
