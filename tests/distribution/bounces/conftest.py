"""A release that everybody was sent, and the delivery to its first pharmacy."""

import pytest
from pytest_django.fixtures import Settings

from notices.models import Delivery, Release
from tests.cast import Cast


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.SITE_URL = "https://shuchi.example"
    settings.DEFAULT_FROM_EMAIL = "notice@shuchi.example"
    settings.BOUNCE_ADDRESS = "bounce@shuchi.example"


@pytest.fixture
def release(cast: Cast) -> Release:
    return cast.released()


@pytest.fixture
def delivery(cast: Cast, release: Release) -> Delivery:
    """Sent to the first pharmacy, at box4@mail4.example."""
    return cast.receipt(release, cast.pharmacies[0]).deliveries.get()
