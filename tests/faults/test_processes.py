"""Workers and Redis fail while a notice is sent."""

from tests.faults.assertion import Through, assert_unharmed


def test_a_worker_that_slept_past_its_lease_settles_nothing_twice(through: Through) -> None:
    assert_unharmed(through("sleeping"))


def test_a_message_over_which_workers_die_is_set_aside_and_the_rest_goes_out(through: Through) -> None:
    assert_unharmed(through("poisoned"))


def test_without_redis_the_sweep_finds_the_work(through: Through) -> None:
    assert_unharmed(through("broker"))


def test_a_clock_that_jumps_sends_nothing_twice(through: Through) -> None:
    assert_unharmed(through("clock"))
