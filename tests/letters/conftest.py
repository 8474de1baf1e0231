"""A draft and a browser of the association's staff."""

import pytest
from django.test import Client

from members.history import NOBODY
from notices.letters import composing
from notices.models import Notice


@pytest.fixture
def draft(cast) -> Notice:
    return composing.draft_own("在宅患者の残薬調整について", NOBODY)


@pytest.fixture
def approved(cast, draft: Notice) -> Notice:
    """The draft, approved as it stands for today."""
    return cast.approved(draft)


@pytest.fixture
def desk(cast) -> Client:
    return cast.client("staff")
