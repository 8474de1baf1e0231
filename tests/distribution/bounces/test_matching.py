"""Which delivery a bounce is about, and that nobody can make one up."""

import uuid

import pytest
from pytest_django.fixtures import Settings

from members.models import Mailbox, Task
from members.models.organisation import Channel
from notices.distribution.bounces import settling
from notices.distribution.bounces.matching import delivery_of
from notices.distribution.bounces.reading import read
from notices.distribution.bounces.settling import Outcome
from notices.distribution.envelope import sender_for
from notices.models import Delivery, Release
from tests.cast import Cast
from tests.distribution.bounces.written import about, message_id, report
from tests.rows import changed, everything

NO_TOKEN = "notice@shuchi.example"


def test_the_signed_sender_that_it_came_back_to_tells_the_delivery(delivery: Delivery) -> None:
    assert delivery_of(read(report(to=sender_for(delivery), address=delivery.address))) == delivery


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_where_servers_note_the_envelope_it_is_found_too(delivery: Delivery, name: str) -> None:
    content = f"{name}: {sender_for(delivery)}\n".encode() + report(to=NO_TOKEN, address=delivery.address)
    assert delivery_of(read(content)) == delivery


def test_the_returned_headers_hold_it_as_return_path(delivery: Delivery) -> None:
    returned = f"Return-Path: <{sender_for(delivery).upper()}>"
    assert delivery_of(read(report(to=NO_TOKEN, address=delivery.address, returned=returned))) == delivery


def test_the_message_id_in_the_returned_headers_tells_it(delivery: Delivery) -> None:
    assert delivery_of(read(about(delivery, to=NO_TOKEN))) == delivery


@pytest.mark.parametrize("name", ["In-Reply-To", "References"])
def test_so_it_does_where_the_bounce_answers_our_message(delivery: Delivery, name: str) -> None:
    content = f"{name}: {message_id(delivery)}\n".encode() + report(to=NO_TOKEN, address=delivery.address)
    assert delivery_of(read(content)) == delivery


def test_so_it_does_in_the_words_of_a_bounce_without_fields(delivery: Delivery) -> None:
    content = (
        "From: MAILER-DAEMON@mx.example\nTo: notice@shuchi.example\nSubject: failure notice\n\n"
        f"Your mail could not be delivered.\n<{delivery.address}>: 550 unknown user\n"
        f"--- Below this line is a copy of the message.\nMessage-ID: {message_id(delivery)}\n"
    )
    assert delivery_of(read(content.encode())) == delivery


def test_of_a_recipient_that_forwards_the_original_one_counts(delivery: Delivery) -> None:
    forwarded = about(delivery, to=NO_TOKEN, address="owner@private.example", original=delivery.address)
    assert delivery_of(read(forwarded)) == delivery


def test_case_and_quotes_of_an_address_do_not_count(delivery: Delivery) -> None:
    assert delivery_of(read(about(delivery, to=NO_TOKEN, address='"BOX4"@Mail4.example'))) == delivery


def test_a_fax_is_known_by_its_address_at_the_gateway(delivery: Delivery, settings: Settings) -> None:
    settings.FAX_GATEWAY = "{number}@fax.example"
    Delivery.objects.filter(pk=delivery.pk).update(channel=Channel.FAX, address="092-000-0004")
    delivery.refresh_from_db()
    assert delivery_of(read(about(delivery, to=NO_TOKEN, address="0920000004@fax.example"))) == delivery
    assert delivery_of(read(about(delivery, to=NO_TOKEN, address="0920000005@fax.example"))) is None


def test_a_mail_that_says_nothing_is_about_no_delivery(delivery: Delivery) -> None:
    assert delivery_of(read(about(delivery, action="delivered", status="2.0.0"))) is None


def forgeries(delivery: Delivery, other: Delivery) -> dict[str, bytes]:
    """Bounces that somebody makes up who wants the pharmacy to get no mail any more."""
    address = delivery.address
    token, _, domain = sender_for(delivery).rpartition("@")
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    unsigned = f"bounce+{delivery.pk:x}"
    exchanged = f"bounce+{other.pk:x}-{token.rpartition('-')[2]}"
    unknown = f"Message-ID: <{uuid.uuid4().hex}@shuchi.example>"
    elsewhere = f"Message-ID: <{delivery.message_key.hex}@elsewhere.example>"
    both = f"Message-ID: {message_id(delivery)}\nReferences: {message_id(other)}"
    return {
        "only the address": report(to=NO_TOKEN, address=address),
        "a wrong signature": report(to=f"{wrong}@{domain}", address=address),
        "no signature": report(to=f"{unsigned}@{domain}", address=address),
        "another's signature": report(to=f"{exchanged}@{domain}", address=address),
        "an unknown Message-ID": report(to=NO_TOKEN, address=address, returned=unknown),
        "a Message-ID of another host": report(to=NO_TOKEN, address=address, returned=elsewhere),
        "a Message-ID with another's address": about(other, to=NO_TOKEN, address=address),
        "two Message-IDs": report(to=NO_TOKEN, address=address, returned=both),
        "two signed senders": report(to=f"{sender_for(delivery)}, {sender_for(other)}", address=address),
    }


def test_a_forged_bounce_changes_nothing_at_all(cast: Cast, release: Release, delivery: Delivery) -> None:
    other = cast.receipt(release, cast.pharmacies[1]).deliveries.get()
    before = everything()
    for how, content in forgeries(delivery, other).items():
        bounce = read(content)
        assert bounce.addresses == [delivery.address], how
        assert settling.apply(bounce) is Outcome.UNMATCHED, how
    assert changed(before) == set()
    assert not Mailbox.objects.filter(usable=False).exists()
    assert not Task.objects.exists()


def test_a_bounce_of_an_answer_that_quotes_our_message_id_blames_nobody(delivery: Delivery) -> None:
    """A chair forwards our mail to a wrong address, and that bounce reaches us."""
    assert delivery_of(read(about(delivery, to=NO_TOKEN, address="typing-error@district.example"))) is None
