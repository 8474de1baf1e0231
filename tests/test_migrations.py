"""The migrations say what the models say, and may be taken back."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from notices.models import Release
from tests.cast import Cast


@pytest.fixture
def migrated_again(transactional_db: None) -> Iterator[None]:
    """Whatever the test takes back, the next one finds everything there."""
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True)


def test_an_empty_installation_can_be_taken_back_and_made_again(migrated_again: None) -> None:
    before = tables()
    call_command("migrate", "notices", "zero", verbosity=0)
    assert not {name for name in tables() if name.startswith("notices_")}
    call_command("migrate", verbosity=0)
    assert tables() == before


def tables() -> set[str]:
    return set(connection.introspection.table_names())


def test_what_corrects_is_known_as_a_correction_since_before_it_was_noted(migrated_again: None, cast: Cast) -> None:
    old, new = cast.released(), cast.released()
    cast.supersede(old, new)
    call_command("migrate", "notices", "0003", verbosity=0)
    call_command("migrate", verbosity=0)
    assert list(Release.objects.filter(is_correction=True)) == [new]
