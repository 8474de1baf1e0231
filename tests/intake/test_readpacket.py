"""`manage.py readpacket` prints the reading as JSON, or says which file it cannot read and why."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.intake.packets import OWN_PACKET


def readpacket(*paths: Path) -> dict:
    out = StringIO()
    call_command("readpacket", *map(str, paths), stdout=out)
    return json.loads(out.getvalue())


def test_the_reading_is_one_json_object_of_the_agreed_form() -> None:
    read = readpacket(OWN_PACKET)
    assert list(read) == ["letters", "chain", "steps", "warnings"]
    assert read["chain"] == [[2, 1], [1, 0]]
    assert read["letters"][2] == {
        "numbers": [],
        "date": "2024-11-22",
        "issuers": [{"organisation": "厚生労働省医薬局総務課", "title": None, "name": None}],
        "addressees": ["公益社団法人日本医師会", "公益社団法人日本歯科医師会", "公益社団法人日本薬剤師会"],
        "honorific": "御中",
        "subject": "在宅患者における残薬連絡アプリの運用開始について（周知）",
        "kind": "事務連絡",
        "attachments": [
            {
                "label": "参考",
                "title": "在宅残薬連絡システム案内ページURL",
                "letter": None,
                "url": "https://zanyaku.example/guide?id=start",
            }
        ],
        "references": [],
        "urls": ["https://zanyaku.example/guide?id=start"],
        "deadline": None,
        "asks": ["周知"],
        "warnings": [],
    }


def test_several_files_are_the_pages_of_one_packet(tmp_path: Path) -> None:
    text = OWN_PACKET.read_text(encoding="utf-8")
    first, rest = text.split("日 薬 業 発", 1)
    pages = [tmp_path / "1.txt", tmp_path / "2.txt"]
    pages[0].write_text(first, encoding="utf-8")
    pages[1].write_text("日 薬 業 発" + rest, encoding="utf-8")
    assert readpacket(*pages) == readpacket(OWN_PACKET)


def test_a_text_without_a_letter_gives_none_and_says_so(tmp_path: Path) -> None:
    page = tmp_path / "memo.txt"
    page.write_text("棚卸しは金曜日です。\n令和6年10月1日に発注しました。\n", encoding="utf-8")
    read = readpacket(page)
    assert read["letters"] == []
    (warning,) = read["warnings"]
    assert warning["message"].startswith("通知の頭書き（番号・日付・宛先・件名）が見つかりません。")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "空です"), (b"%PDF-1.7", "PDF が壊れている"), (b"\xff\xff\xff", "文字コードが分かりません")],
)
def test_an_unreadable_file_is_named_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(content)
    with pytest.raises(CommandError, match=f"page.txt.*{why}"):
        readpacket(page)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.txt"):
        readpacket(tmp_path / "nowhere.txt")
