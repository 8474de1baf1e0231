"""Names of files from outside are cleaned, whatever is in them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.uploads.names import LONGEST, clean_name, ending_of, leads_elsewhere


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/文書.txt", "文書.txt"),
        ("C:\\受信\\文書.txt", "文書.txt"),
        ("文\x00書\r\n.txt", "文書.txt"),
        ("文%0D%0A書.txt", "文 書.txt"),
        ("\u202etxt.文書", "txt.文書"),
        ("請求書\u202efdp.exe", "請求書fdp.exe"),
        ("😀髙﨑𠮷.txt", "😀髙﨑𠮷.txt"),
        ("葛\U000e0100城.txt", "葛\U000e0100城.txt"),
        ("あ" * 300 + ".txt", "あ" * 196 + ".txt"),
        ("あ" * 300, "あ" * 200),
        ("\u200b", "名前のないファイル"),
        ("文書/", "名前のないファイル"),
    ],
)
def test_names_of_files_are_cleaned(name: str, shown: str):
    assert clean_name(name) == shown


@given(st.text(max_size=600))
def test_any_name_becomes_one_that_can_be_shown_kept_and_sent(name: str):
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in clean)
    assert "/" not in clean and "\\" not in clean
    assert clean.encode() and clean_name(clean) == clean


@given(st.text(st.characters(exclude_characters="/\\."), min_size=1, max_size=600))
def test_a_long_name_keeps_its_ending(stem: str):
    assert ending_of(clean_name(f"{stem}.pdf")) in (".pdf", "")
    assert clean_name(f"x{stem}.pdf").endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "leads"),
    [("../../x.pdf", True), ("..\\x.pdf", True), ("a/../x.pdf", True), ("x..pdf", False), ("a/x.pdf", False)],
)
def test_a_name_that_climbs_out_of_its_folder_is_known(name: str, leads: bool):
    assert leads_elsewhere(name) is leads
