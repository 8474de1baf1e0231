"""Workers, Redis and the database fail while a notice is sent."""

from tests.faults.assertion import Through, assert_unharmed


def test_killed_workers_lose_nothing(through: Through) -> None:
    assert_unharmed(through("kills"))


def test_a_worker_that_slept_past_its_lease_settles_nothing_twice(through: Through) -> None:
    assert_unharmed(through("sleeping"))


def test_a_task_that_comes_fifty_times_at_once_sends_nothing_more(through: Through) -> None:
    assert_unharmed(through("duplicates"))


def test_a_message_over_which_workers_die_is_set_aside_and_the_rest_goes_out(through: Through) -> None:
    assert_unharmed(through("poisoned"))


def test_without_redis_the_sweep_finds_the_work(through: Through) -> None:
    assert_unharmed(through("broker"))


def test_a_release_is_whole_or_absent_when_postgresql_goes_away(through: Through) -> None:
    assert_unharmed(through("database"))


def test_a_locked_sqlite_only_holds_things_up(through: Through) -> None:
    assert_unharmed(through("locked"))


def test_a_clock_that_jumps_sends_nothing_twice(through: Through) -> None:
    assert_unharmed(through("clock"))
