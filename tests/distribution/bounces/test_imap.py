"""Bounces are read from an IMAP mailbox: each is recorded, then marked, and nothing is deleted."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from notices.distribution.bounces import parts
from notices.distribution.bounces.sources import read_imap
from notices.models import Delivery
from tests.distribution.bounces.written import about
from tests.rows import changed, everything
from tests.servers.imap import ImapServer

SEEN = {"\\Seen"}


@pytest.fixture
def server() -> Iterator[ImapServer]:
    server = ImapServer()
    yield server
    server.stop()


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_an_unseen_bounce_is_recorded_and_marked_as_seen(server: ImapServer, delivery: Delivery) -> None:
    uid = server.add(about(delivery))
    assert read_imap(server.url) == 1
    assert state(delivery) == "failed"
    assert server.flags(uid) == SEEN


def test_the_next_run_reads_only_what_has_come_since(server: ImapServer, delivery: Delivery) -> None:
    server.add(about(delivery))
    read_imap(server.url)
    fresh = server.add(b"Subject: hello\n\nno bounce\n")
    assert read_imap(server.url) == 1
    assert server.flags(fresh) == SEEN


def test_a_run_that_ends_before_the_mark_is_repeated_without_harm(server: ImapServer, delivery: Delivery) -> None:
    uid = server.add(about(delivery))
    server.ends_before = "UID STORE"
    assert read_imap(server.url) == 0
    assert state(delivery) == "failed"
    assert server.flags(uid) == set()
    before = everything()
    assert read_imap(server.url) == 1
    assert changed(before) == set()
    assert server.flags(uid) == SEEN


def test_a_run_that_ends_before_the_mail_came_loses_nothing(server: ImapServer, delivery: Delivery) -> None:
    server.add(about(delivery))
    server.ends_before = "UID FETCH"
    assert read_imap(server.url) == 0
    assert state(delivery) == "sent"
    read_imap(server.url)
    assert state(delivery) == "failed"


def test_of_a_huge_mail_only_the_beginning_is_fetched(server: ImapServer, delivery: Delivery) -> None:
    server.add(about(delivery) + b"x" * parts.MOST * 2)
    read_imap(server.url)
    assert state(delivery) == "failed"
    assert any(f"BODY.PEEK[]<0.{parts.MOST}>" in command for command in server.commands)


def test_a_folder_of_any_name_is_opened(delivery: Delivery) -> None:
    server = ImapServer(folder="Bounced mail")
    server.add(about(delivery))
    read_imap(server.url)
    server.stop()
    assert state(delivery) == "failed"


def test_a_server_that_is_away_or_refuses_us_is_told_and_changes_nothing(
    server: ImapServer, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    server.add(about(delivery))
    before = everything()
    assert read_imap(server.url.replace(quote(server.password, safe=""), "wrong")) == 0
    assert read_imap(server.url.replace("INBOX", "Nowhere")) == 0
    server.stop()
    assert read_imap(server.url) == 0
    server.start()
    assert changed(before) == set()
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    assert "wrong@" not in caplog.text
    assert server.password not in caplog.text
