"""Many write at once, or are killed while they write: what each database has to get right by itself."""

from tests.faults.assertion import Through, assert_unharmed


def test_killed_workers_lose_nothing(through: Through) -> None:
    assert_unharmed(through("kills"))


def test_a_task_that_comes_fifty_times_at_once_sends_nothing_more(through: Through) -> None:
    assert_unharmed(through("duplicates"))


def test_a_notice_released_by_many_at_once_goes_out_once(through: Through) -> None:
    assert_unharmed(through("double"))


def test_a_release_is_whole_or_absent_when_postgresql_goes_away(through: Through) -> None:
    assert_unharmed(through("database"))


def test_a_locked_sqlite_only_holds_things_up(through: Through) -> None:
    assert_unharmed(through("locked"))
