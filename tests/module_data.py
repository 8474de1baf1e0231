"""What the tests of a module start from: made once, and gone with the module."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker


def items_of(request: pytest.FixtureRequest) -> list[pytest.Item]:
    """The tests of the module for which a fixture is made."""
    return [item for item in request.session.items if item.path == request.path]


@contextmanager
def rolled_back_with_the_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Whatever is made within stands until the end; what a test changes (it asks for `db`) is taken back after it.

    No test of the module may commit. The end of a test would close the connection, and all with it.
    """
    with blocker.unblock(), patch.object(connection, "close"), transaction.atomic():
        yield
        transaction.set_rollback(True)
