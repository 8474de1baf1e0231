"""The real packet and the labelled notices, where they lie beside the project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from notices.intake.reader import read_text
from tests.intake.packets import REAL_PACKET, ROOT, SHARED, beside_shared

pytestmark = beside_shared


def score(labels: Path) -> dict[str, dict[str, float]]:
    """What the scorer beside the project makes of the command's output, for each field."""
    reader = [sys.executable, str(ROOT / "manage.py"), "readpacket"]
    done = subprocess.run(
        [sys.executable, str(SHARED / "intake" / "score.py"), "--labels", str(labels), "--", *reader],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["broken"] == 0
    return result["fields"]


def test_the_real_packet_is_read_completely() -> None:
    fields = score(REAL_PACKET.parent)
    assert [(name, field["right"], field["wrong"]) for name, field in fields.items()] == [
        (name, 1.0, 0.0) for name in fields
    ]


def test_the_real_packets_letters_come_from_the_ministry_to_the_prefecture() -> None:
    reading = read_text(REAL_PACKET.read_text(encoding="utf-8"))
    assert [letter.issuers[0].organisation for letter in reading.letters] == [
        "公益社団法人福岡県薬剤師会",
        "日本薬剤師会",
        "厚生労働省保険局医療介護連携政策課",
    ]
    assert [letter.issuers[0].name for letter in reading.letters] == ["濱 寛", "森 昌平", None]
    assert reading.chain == [(2, 1), (1, 0)]
    assert reading.letters[0].references[0].follows_up
    assert (
        reading.letters[0]
        .body.split("\n")[1]
        .startswith(
            "訪問診療等におけるマイナ資格確認アプリの利用開始については、6福薬業発第303号にてお知らせしたところですが、"
        )
    )


def test_notices_of_every_kind_are_read_without_a_wrong_number_date_or_subject() -> None:
    fields = score(SHARED / "intake" / "visible")
    for name in ("letters", "number", "date", "subject", "references", "attachments"):
        assert (name, fields[name]["wrong"]) == (name, 0.0)
        assert (1 - fields[name]["right"]) * fields[name]["labelled"] == pytest.approx(0, abs=1.01)
    for name in ("issuer", "addressees"):
        assert fields[name]["right"] >= 0.85
        assert fields[name]["wrong"] <= 0.05
