"""Sender addresses of single deliveries, by which bounces find back."""

import pytest

from notices.distribution.envelope import LONGEST_LOCAL_PART, delivery_id_of, sender_for
from notices.models import Delivery

LARGEST_ID = 2**59


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "notice@shuchi.example"
    settings.BOUNCE_ADDRESS = "bounce@shuchi.example"


@pytest.mark.parametrize("number", [1, 1264, LARGEST_ID])
def test_a_bounce_comes_back_to_an_address_that_names_the_delivery(number: int) -> None:
    address = sender_for(Delivery(pk=number))
    local, _, domain = address.partition("@")
    assert local.startswith("bounce+")
    assert domain == "shuchi.example"
    assert len(local) <= LONGEST_LOCAL_PART
    assert delivery_id_of(address) == number


def test_servers_may_fold_its_case_bracket_it_and_name_another_domain() -> None:
    local, _, _ = sender_for(Delivery(pk=1264)).partition("@")
    assert delivery_id_of(f" <{local.upper()}@MX.SHUCHI.EXAMPLE> ") == 1264


def test_nobody_makes_up_an_address() -> None:
    address = sender_for(Delivery(pk=0x4F2))
    mac = address.partition("-")[2]
    for made_up in (
        "bounce@shuchi.example",
        "bounce+4f2@shuchi.example",
        "bounce+4f2-@shuchi.example",
        f"bounce+4f3-{mac}",
        f"bounce+04f2-{mac}",
        f"bounce+-{mac}",
        f"bounce+{'f' * 40}-{mac}",
        f"bounce+４f2-{mac}",
        address.replace("@", "\udc81@"),
        address.replace("-", "-a", 1),
        address.replace("@", "a@"),
        "",
        "<>",
    ):
        assert delivery_id_of(made_up) is None


def test_another_key_takes_back_what_was_given_out(settings) -> None:
    address = sender_for(Delivery(pk=1264))
    settings.SECRET_KEY = "another key"
    assert delivery_id_of(address) is None


def test_without_a_mailbox_for_bounces_they_go_to_the_sender_that_people_see(settings) -> None:
    settings.BOUNCE_ADDRESS = ""
    assert sender_for(Delivery(pk=1264)) == "notice@shuchi.example"


def test_a_sender_that_servers_would_not_take_is_refused(settings) -> None:
    settings.BOUNCE_ADDRESS = f"{'b' * 40}@shuchi.example"
    with pytest.raises(ValueError, match="Too long"):
        sender_for(Delivery(pk=1264))
