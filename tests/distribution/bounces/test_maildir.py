"""Bounces are read from a Maildir: each is recorded, then moved to the read ones, and nothing is deleted."""

import os
import signal
import subprocess
import sys
from mailbox import Maildir
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from notices import tasks
from notices.distribution.bounces import parts, sources
from notices.distribution.bounces.sources import read_maildir
from notices.models import Delivery
from tests.distribution.bounces.written import about
from tests.rows import changed, everything


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Maildir(tmp_path / "Maildir", create=True)
    return tmp_path / "Maildir"


def arrive(folder: Path, content: bytes, name: str = "1730250000.1.mx") -> Path:
    """A mail that the mail server has just put down."""
    file = folder / "new" / name
    file.write_bytes(content)
    return file


def names(folder: Path, part: str) -> list[str]:
    return sorted(file.name for file in (folder / part).iterdir())


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_a_new_bounce_is_recorded_and_lies_among_the_read_ones(folder: Path, delivery: Delivery) -> None:
    content = about(delivery)
    arrive(folder, content)
    assert read_maildir(folder) == 1
    assert state(delivery) == "failed"
    assert names(folder, "new") == []
    assert names(folder, "cur") == ["1730250000.1.mx:2,S"]
    assert (folder / "cur" / "1730250000.1.mx:2,S").read_bytes() == content


def test_one_that_a_mail_program_moved_unread_is_read_too_and_keeps_its_flags(folder: Path, delivery: Delivery) -> None:
    arrive(folder, about(delivery)).rename(folder / "cur" / "1730250000.1.mx:2,F")
    read_maildir(folder)
    assert state(delivery) == "failed"
    assert names(folder, "cur") == ["1730250000.1.mx:2,FS"]


def test_read_ones_are_not_read_again(folder: Path, delivery: Delivery) -> None:
    arrive(folder, about(delivery)).rename(folder / "cur" / "1730250000.1.mx:2,S")
    assert read_maildir(folder) == 0
    assert state(delivery) == "sent"


def test_what_is_no_bounce_or_matches_nothing_is_kept_as_read(folder: Path, delivery: Delivery) -> None:
    arrive(folder, b"Subject: hello\n\nhello\n")
    arrive(folder, b"", "1730250001.2.mx")
    before = everything()
    assert read_maildir(folder) == 2
    assert changed(before) == set()
    assert len(names(folder, "cur")) == 2


@pytest.mark.django_db(transaction=True)
def test_a_reader_process_killed_in_the_middle_leaves_every_mail_to_the_next(folder: Path, delivery: Delivery) -> None:
    """The reader is killed as it begins its first move: the record is committed, the mail still lies among the new."""
    arrive(folder, about(delivery))
    arrive(folder, about(delivery, action="delayed"), "1730250001.2.mx")
    script = (
        "import django, os, pathlib, signal, sys; django.setup();"
        "from notices.distribution.bounces import sources;"
        "sys.addaudithook(lambda event, _: event == 'os.rename' and os.kill(os.getpid(), signal.SIGKILL));"
        f"sources.read_maildir(pathlib.Path({str(folder)!r}))"
    )
    settings = connection.settings_dict
    url = os.environ.get("DATABASE_URL", "")
    url = f"{url.rpartition('/')[0]}/{settings['NAME']}" if url else f"sqlite:///{settings['NAME']}"
    surroundings = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": "https://shuchi.example",
        "BOUNCE_ADDRESS": "bounce@shuchi.example",
    }
    ended = subprocess.run([sys.executable, "-c", script], env=surroundings, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert state(delivery) == "failed"
    assert len(names(folder, "new")) == 2
    before = everything()
    assert read_maildir(folder) == 2
    assert changed(before) == set()
    assert (len(names(folder, "new")), len(names(folder, "cur"))) == (0, 2)


def test_of_a_huge_mail_the_beginning_is_read_and_all_of_it_kept(folder: Path, delivery: Delivery) -> None:
    content = about(delivery) + b"x" * parts.MOST * 2
    arrive(folder, content)
    read_maildir(folder)
    assert state(delivery) == "failed"
    [kept] = (folder / "cur").iterdir()
    assert kept.stat().st_size == len(content)


def test_a_mail_that_cannot_be_opened_is_set_aside_and_the_others_are_read(
    folder: Path, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "new" / "1730250000.0.mx").symlink_to("1730250000.0.mx")  # a ring, which nobody can open
    arrive(folder, about(delivery))
    assert read_maildir(folder) == 1
    assert state(delivery) == "failed"
    assert names(folder, ".unreadable/new") == ["1730250000.0.mx"]
    assert "1730250000.0.mx cannot be opened" in caplog.text


def test_while_the_database_is_away_the_mail_waits(folder: Path, delivery: Delivery) -> None:
    arrive(folder, about(delivery))

    def away(*args: object) -> None:
        raise OperationalError("the database is away")

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        read_maildir(folder)
    assert names(folder, "new") == ["1730250000.1.mx"]
    read_maildir(folder)
    assert state(delivery) == "failed"


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read_maildir(tmp_path / "nowhere") == 0
    assert "cannot be opened" in caplog.text


def test_the_clock_reads_what_the_settings_name(folder: Path, delivery: Delivery, settings: Settings) -> None:
    arrive(folder, about(delivery))
    tasks.read_bounces()
    assert state(delivery) == "sent"
    settings.BOUNCE_MAILDIR = str(folder)
    tasks.read_bounces()
    assert state(delivery) == "failed"
    assert sources.read_all() == 0
