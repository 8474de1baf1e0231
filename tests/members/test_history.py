"""The history is written once and never changed, whoever tries."""

import pytest
from django.db import DatabaseError, transaction

from members import history
from members.models import Event
from tests.cast import Cast


def test_an_event_names_what_who_and_in_which_capacity(cast: Cast):
    chair = cast.capacities["chair"]
    history.record("receipt.confirmed", cast.shirasagi, actor=history.Actor(chair.account, chair), how="signed_in")
    event = history.of(cast.shirasagi).get()
    assert (event.verb, event.account, event.capacity, event.detail) == (
        "receipt.confirmed",
        chair.account,
        chair,
        {"how": "signed_in"},
    )


def test_a_verb_without_words_cannot_be_recorded(cast: Cast):
    with pytest.raises(KeyError):
        history.record("receipt.vanished", cast.shirasagi)


@pytest.mark.parametrize(
    "meddle", [lambda: Event.objects.update(verb="account.signed_in"), lambda: Event.objects.all().delete()]
)
def test_the_database_refuses_to_change_the_history(cast: Cast, meddle):
    history.record("receipt.confirmed", cast.shirasagi)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        meddle()
    assert Event.objects.get().verb == "receipt.confirmed"
