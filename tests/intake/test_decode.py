"""Files become text without loss, or are refused with a reason in Japanese."""

import pytest

from notices.intake.decode import BinaryError, EmptyError, UnknownEncodingError, decode

TEXT = "令和6年10月30日\n髙﨑 濵一郎\n①㈱"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_text_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    text = TEXT.replace("濵", "浜") if encoding == "cp932" else TEXT
    assert decode(text.encode(encoding)) == text


def test_line_ends_of_windows_are_line_ends() -> None:
    assert decode("一行\r\n二行\r三行".encode()) == "一行\n二行\n三行"


@pytest.mark.parametrize("data", [b"", b"  \r\n\t ", "　\n".encode(), b"\xff\xfe"])
def test_a_file_without_any_character_is_refused_as_empty(data: bytes) -> None:
    with pytest.raises(EmptyError, match=r"(空です|文字がありません)"):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n1 0 obj", b"PK\x03\x04word/document.xml", b"\x89PNG\r\n\x1a\n", b"abc\x00def", b"abc\x1bdef"]
)
def test_a_file_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BinaryError, match="文字のファイルではありません"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode()[:-1],
        "令和6年".encode() + "令和6年".encode("cp932"),
        "令和6年10月".encode("euc_jp"),
        b"\xff\xff\xff",
        b"\xff\xfe\x00\xd8",
    ],
)
def test_an_unknown_encoding_is_refused_rather_than_garbled(data: bytes) -> None:
    with pytest.raises(UnknownEncodingError, match="文字コードが分かりません"):
        decode(data)
