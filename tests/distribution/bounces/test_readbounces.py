"""`manage.py readbounces` prints what it makes of mails, and records it unless told otherwise."""

import json
import os
import subprocess
import sys
from io import StringIO
from mailbox import Maildir
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from notices.models import Delivery
from tests.distribution.bounces.samples import FOLDER, SAMPLES
from tests.distribution.bounces.written import about
from tests.rows import changed, everything
from tests.servers.site import ROOT

COMMAND = (sys.executable, "manage.py", "readbounces", "--dry-run", "--json")


def readbounces(*arguments: object) -> str:
    out = StringIO()
    call_command("readbounces", *map(str, arguments), stdout=out)
    return out.getvalue()


def dry(*files: object) -> list[dict]:
    return json.loads(readbounces("--dry-run", "--json", *files))


def test_one_object_a_mail_in_the_order_given(tmp_path: Path, delivery: Delivery) -> None:
    mine = tmp_path / "mine.eml"
    mine.write_bytes(about(delivery))
    files = [str(FOLDER / "dsn-delayed.eml"), str(mine), str(FOLDER / "empty.eml")]
    before = everything()
    assert dry(*files) == [
        {"file": files[0], "kind": "temporary", "addresses": ["sumire@pharmacy.example"], "delivery": None},
        {"file": files[1], "kind": "permanent", "addresses": [delivery.address], "delivery": delivery.pk},
        {"file": files[2], "kind": "none", "addresses": [], "delivery": None},
    ]
    assert changed(before) == set()


def test_without_dry_run_it_is_recorded_and_said_in_a_line_each(tmp_path: Path, delivery: Delivery) -> None:
    mine = tmp_path / "mine.eml"
    mine.write_bytes(about(delivery))
    said = readbounces(mine, FOLDER / "out-of-office-japanese.eml").splitlines()
    assert said == [
        f"{mine}：届かない　{delivery.address}　配信 {delivery.pk}　→ 不達にしました",
        f"{FOLDER / 'out-of-office-japanese.eml'}：配信の結果ではない　→ 配信の結果ではありません",
    ]
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_printed(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, FOLDER / "qmail.eml", "nowhere.eml", FOLDER / "challenge.eml"],
        cwd=ROOT,
        env=os.environ | {"SHUCHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "nowhere.eml: 読めません" in done.stderr
    assert [line["kind"] for line in json.loads(done.stdout)] == ["permanent", "none"]


def test_of_an_mbox_each_mail_is_told(tmp_path: Path) -> None:
    mbox = tmp_path / "mbox"
    mails = [(FOLDER / f"{name}.eml").read_bytes() for name in ("qmail", "exim-warning", "answer-of-a-person")]
    mbox.write_bytes(b"".join(b"From MAILER-DAEMON Wed Oct 30 10:06:11 2024\n" + mail + b"\n" for mail in mails))
    assert [(line["file"], line["kind"]) for line in dry(mbox)] == [
        (str(mbox), "permanent"),
        (str(mbox), "temporary"),
        (str(mbox), "none"),
    ]


def test_a_sentence_that_begins_with_from_divides_no_mail(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes((FOLDER / "qmail.eml").read_bytes() + b"\nFrom here on nothing is ours.\n")
    assert len(dry(mail)) == 1


def test_a_maildir_is_read_whole_and_left_as_it_is(tmp_path: Path) -> None:
    Maildir(tmp_path / "Maildir", create=True)
    (tmp_path / "Maildir/new/1.mx").write_bytes((FOLDER / "qmail.eml").read_bytes())
    (tmp_path / "Maildir/cur/2.mx:2,S").write_bytes((FOLDER / "challenge.eml").read_bytes())
    assert [line["kind"] for line in dry(tmp_path / "Maildir")] == ["none", "permanent"]
    assert (tmp_path / "Maildir/new/1.mx").exists()


def test_a_dash_reads_the_standard_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "-"],
        cwd=ROOT,
        env=os.environ | {"SHUCHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        input=(FOLDER / "qmail.eml").read_bytes(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == [
        {"file": "-", "kind": "permanent", "addresses": ["sumire@pharmacy.example"], "delivery": None}
    ]


def test_foreign_bounces_are_told_without_asking_the_database() -> None:
    files = [
        FOLDER / f"{name}.eml" for name in SAMPLES if b"@shuchi.example>" not in (FOLDER / f"{name}.eml").read_bytes()
    ]
    assert [line["kind"] for line in dry(*files)] == [SAMPLES[file.stem].kind for file in files]


def test_without_files_the_sources_are_read_and_nothing_can_be_dry() -> None:
    assert readbounces() == "戻ったメールを 0 通読みました。\n"
    with pytest.raises(CommandError, match="読むファイルを指定"):
        readbounces("--dry-run")
