"""A draft of the staff's, and the people between whom it goes for its approval."""

import pytest
from django.test import Client
from django.utils import timezone

from members.history import Actor
from members.models import Account, Capacity
from notices.models import Approval, Notice
from notices.procedures import approve
from tests.cast import Cast
from tests.letters.approval.reading import GIST, today


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return cast.actor("staff")


@pytest.fixture
def administrator(cast: Cast) -> Actor:
    return cast.actor("administrator")


@pytest.fixture
def boss(cast: Cast) -> Client:
    """A browser of somebody who approves."""
    return cast.client("administrator")


@pytest.fixture
def colleague(cast: Cast) -> Client:
    """Somebody else who approves."""
    account = Account.objects.create_account("chief@shuchi.example", "局長 花子")
    account.verified_at = timezone.now()
    account.save()
    role = cast.capacities["staff"].role
    capacity = Capacity.objects.create(account=account, organisation=cast.association, role=role, approves=True)
    cast.capacities["chief"] = capacity
    return cast.client("chief")


@pytest.fixture
def draft(cast: Cast, staff: Actor) -> Notice:
    draft = cast.draft()
    Notice.objects.filter(pk=draft.pk).update(drafted_by=staff.account)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def asked(draft: Notice, staff: Actor) -> Approval:
    return approve.ask(draft.pk, today(), staff, GIST)
