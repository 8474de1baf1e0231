"""Tests are left out of the run on SQLite by name only."""

from tests.conftest import LONGEST, ONCE, TESTS


def test_every_name_of_what_runs_on_one_database_is_a_file_or_a_folder() -> None:
    assert [name for name in ONCE if not (TESTS / name).exists()] == []


def test_the_longest_files_are_there() -> None:
    assert {path.name for path in TESTS.rglob("test_*.py")} >= set(LONGEST)
