"""The mould of a wording: its message made once by Django, with gaps that are filled for each recipient.

Texts are encoded as base64 (RFC 2045 section 6.8), in whose lines no boundary between parts can occur.
"""

import re
import secrets
from binascii import b2a_base64
from collections.abc import Callable, Hashable, Mapping
from email.message import Message

from django.template.loader import render_to_string

LINE = 76  # letters of base64 a line
LINE_ENDS = re.compile(r"\r\n|\r|\n")


class Sheet:
    """A rendered text with gaps for what is personal, ready as bytes of UTF-8."""

    def __init__(self, template: str, context: Mapping[str, object], gaps: Mapping[str, Hashable]) -> None:
        """`gaps`: what stands in the rendered text → the name of what is filled in."""
        text = crlf(render_to_string(template, dict(context)))
        self._pieces: list = re.split(f"({'|'.join(gaps)})", text)
        self.names = [gaps[gap] for gap in self._pieces[1::2]]
        self._pieces[0::2] = [piece.encode() for piece in self._pieces[0::2]]

    def filled(self, values: Mapping[Hashable, str], written: Callable[[str], str] = str) -> bytes:
        """The text for one recipient, each value `written` as the text wants it.

        What is filled in is never looked at again, whatever it looks like.
        """
        pieces = self._pieces.copy()
        pieces[1::2] = [crlf(written(values[name])).encode() for name in self.names]
        return b"".join(pieces)


class Mould:
    """A message whose texts and first headers are still to come."""

    def __init__(self, message: Message) -> None:
        """`message` is spent by this; its headers To, Date and Message-ID are left out."""
        for name in ("To", "Date", "Message-ID"):
            del message[name]
        self._gaps: dict[bytes, str] = {}
        for part in message.walk():
            if part.get_content_maintype() == "text":
                gap = secrets.token_hex(16)
                part.replace_header("Content-Transfer-Encoding", "base64")
                part.set_payload(gap)
                self._gaps[gap.encode()] = part.get_content_subtype()
        ready = message.as_bytes(linesep="\r\n")
        self._pieces = re.split(b"(%s)" % b"|".join(self._gaps), ready)

    def filled(self, headers: Mapping[str, str], texts: Mapping[str, bytes]) -> bytes:
        """The message with these headers (ASCII) and texts, by the subtype of their part ("plain", "html").

        Raises ValueError for a header that would end in more lines than one.
        """
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
            raise ValueError("A header of several lines")
        pieces = self._pieces.copy()
        pieces[1::2] = [base64_lines(texts[self._gaps[gap]]) for gap in pieces[1::2]]
        return lines.encode("ascii") + b"".join(pieces)


def base64_lines(content: bytes) -> bytes:
    """The content as base64, in lines that end in CRLF, except the last."""
    encoded = b2a_base64(content, newline=False)
    return b"\r\n".join([encoded[at : at + LINE] for at in range(0, len(encoded), LINE)])


def crlf(text: str) -> str:
    """The text with the line ends of mail."""
    # Names and addresses have none: looking first costs a fraction of replacing.
    return LINE_ENDS.sub("\r\n", text) if "\n" in text or "\r" in text else text
