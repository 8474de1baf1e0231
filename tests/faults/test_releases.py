"""What people do while notices are sent."""

from tests.faults.assertion import Through, assert_unharmed


def test_nobody_gets_the_old_letter_after_its_correction(through: Through) -> None:
    assert_unharmed(through("correction"))


def test_a_scheduled_release_goes_out_once_though_workers_die_at_its_time(through: Through) -> None:
    assert_unharmed(through("schedule"))


def test_a_release_without_room_on_the_disk_is_refused_and_can_be_repeated(through: Through) -> None:
    assert_unharmed(through("full"))


def test_recipients_stay_as_released_when_the_roster_changes(through: Through) -> None:
    assert_unharmed(through("roster"))
