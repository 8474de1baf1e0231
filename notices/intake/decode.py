"""Bytes of a text file → text, or a clear refusal. Nothing is ever replaced or dropped."""

import codecs
import re

SIGNATURES = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
JAPANESE = re.compile("[ぁ-ヿ\u4e00-\u9fff]")
# Bytes that no CP932 file holds, as Python's codec passes them through (80, A0, FD, FE, FF).
NO_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
UNKNOWN = "文字コードが分かりません。UTF-8 か Shift_JIS（CP932）で保存し直してください。"


class UnreadableError(ValueError):
    """The bytes are not a text that can be read; the message says why, in Japanese, for the screen."""


class EmptyError(UnreadableError):
    """Nothing stands in the file."""


class BinaryError(UnreadableError):
    """The file is not a text."""


class UnknownEncodingError(UnreadableError):
    """The characters are written in an encoding that is not known here."""


def decode(data: bytes) -> str:
    """The text of a UTF-8, CP932 or (with byte order mark) UTF-16 file. Raises UnreadableError."""
    if not data.strip():
        raise EmptyError("ファイルが空です。文書の文字が入ったファイルを選んでください。")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _readable(_from_utf16(data))
    if data.startswith(SIGNATURES) or b"\x00" in data:
        raise BinaryError(
            "文字のファイルではありません。画像や Word などは PDF にして選ぶか、文字を写し取って貼り付けてください。"
        )
    return _readable(_from_utf8_or_cp932(data))


def _from_utf8_or_cp932(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # CP932 gives characters to almost any bytes: a damaged UTF-8 file must not come out of it garbled.
        if JAPANESE.search(data[: error.start].decode("utf-8-sig")):
            raise UnknownEncodingError(UNKNOWN) from error
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        raise UnknownEncodingError(UNKNOWN) from error
    if NO_CP932.search(text):
        raise UnknownEncodingError(UNKNOWN)
    return text


def _from_utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnknownEncodingError(UNKNOWN) from error


def _readable(text: str) -> str:
    """The text with \\n line ends. Control characters in it mean that it was no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(ord(char) < 32 and char not in "\n\t\f\v" for char in text):
        raise BinaryError("文字のファイルではありません（画面に出ない制御文字が含まれています）。")
    if not text.strip():
        raise EmptyError("ファイルに文字がありません。文書の文字が入ったファイルを選んでください。")
    return text
