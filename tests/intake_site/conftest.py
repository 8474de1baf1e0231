"""A browser of the association's staff."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")
