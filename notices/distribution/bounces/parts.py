"""A mail in its parts: parsed from any bytes, its headers and texts decoded, the returned message kept apart.

Nothing here trusts the mail: charsets may be wrong or unknown, encodings broken, parts cut off in the middle.
"""

import codecs
import email
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from html.parser import HTMLParser

# What is read of one mail, in bytes, and what of that is taken apart: the report stands in front, and what is returned
# behind it may be long.
MOST = 1024 * 1024
MOST_TAKEN_APART = 256 * 1024
# What is looked at of one part, in bytes; and of one line, in characters.
MOST_OF_PART = 64 * 1024
MOST_OF_LINE = 2000

_RETURNED = {"message/rfc822", "message/global", "message/partial", "message/external-body"}
_RETURNED_HEADERS = {"text/rfc822-headers", "message/global-headers", "message/rfc822-headers"}
# Codecs that Python knows and no mail is written in.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
# What Japanese mail programs write under a standard's name.
_WIDER = {"shift_jis": "cp932", "iso2022_jp": "iso2022_jp_ext", "gb2312": "gb18030"}
# Of which the parser would make a part each.
_MANY_BLANK_LINES = re.compile(rb"(?:\r?\n){4,}")


class _Raw(Compat32):
    """Headers as they came, bytes beyond ASCII as surrogates, so that their charset can be found out."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def parsed(content: bytes) -> Message:
    """The mail's tree of parts. What is malformed stays text; line ends may be anybody's."""
    content = content[:MOST_TAKEN_APART]
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return email.message_from_bytes(_MANY_BLANK_LINES.sub(b"\n\n\n", content), policy=_Raw())


def header(message: Message, name: str) -> str:
    """The header's decoded value on one line; empty where there is none."""
    return " ".join(unfolded(message.get(name, "")).split())


def headers(message: Message, *names: str) -> list[str]:
    """All values of these headers, decoded."""
    return [unfolded(value) for name in names for value in message.get_all(name, [])]


def unfolded(value: str) -> str:
    """A header's text: encoded words (RFC 2047) and raw bytes decoded."""
    raw = _as_bytes(value)
    if b"=?" not in raw:
        return decoded(raw)
    try:
        found = decode_header(decoded(raw))
    except (ValueError, email.errors.MessageError):
        return decoded(raw)
    return "".join(piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in found)


def own_parts(message: Message) -> Iterator[Message]:
    """The leaves of the mail itself; a message within it is one leaf, whatever it holds."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() != "message":
            waiting.extend(reversed(part.get_payload()))
        else:
            yield part


def is_returned(part: Message) -> bool:
    """Whether the part is the message, or its headers, that the mail tells about."""
    return part.get_content_type() in _RETURNED | _RETURNED_HEADERS


def returned(message: Message) -> list[Message]:
    """The messages that came back with the mail, as far as their headers go."""
    found = []
    for part in own_parts(message):
        if part.get_content_type() in _RETURNED and part.is_multipart():
            found.append(part.get_payload(0))
        elif is_returned(part):
            found.append(email.message_from_bytes(source(part), policy=_Raw()))
    return found


def text(message: Message) -> str:
    """What the mail says to people, lines cut at a length: its plain text, or its HTML where there is no other."""
    plain, html = [], []
    for part in own_parts(message):
        if is_returned(part) or part.get_content_maintype() not in ("text", "multipart"):
            continue
        (html if part.get_content_type() == "text/html" else plain).append(part)
    said = "\n".join(_text_of(part) for part in plain)
    if not said.strip():
        said = "\n".join(_without_tags(_text_of(part)) for part in html)
    return "\n".join(line[:MOST_OF_LINE].rstrip() for line in said.splitlines())


def source(part: Message) -> bytes:
    """What stands in the part below its headers, decoded from its transfer encoding also where that is not allowed."""
    if not part.is_multipart():
        return _content(part)[:MOST_OF_PART]
    inner = Message()
    inner["Content-Transfer-Encoding"] = str(part.get("Content-Transfer-Encoding", "7bit"))
    inner.set_payload(b"\n\n".join(map(_as_written, part.get_payload())).decode("ascii", "surrogateescape"))
    return _content(inner)[:MOST_OF_PART]


def decoded(raw: bytes, charset: str = "") -> str:
    """The text in the charset it claims, or in the first of Japan's charsets that fits; a few broken letters are borne.

    A text that is cut off in the middle of a letter is read all the same.
    """
    for name in filter(None, [_codec(charset), "iso2022_jp_ext" if b"\x1b" in raw else "utf_8", "cp932", "euc_jp"]):
        found = raw.decode(name, "replace")
        if found.count("\ufffd") * 20 <= len(found):
            return found.replace("\0", "")
    return raw.decode("latin-1").replace("\0", "")


def _codec(charset: str) -> str:
    """Python's name of the charset; empty for an unknown one and for ASCII, which is claimed too often."""
    try:
        name = codecs.lookup(charset).name if charset else "ascii"
        b"".decode(name)
    except (LookupError, ValueError):
        return ""
    return "" if name == "ascii" or name in _NO_CHARSETS else _WIDER.get(name, name)


def _content(part: Message) -> bytes:
    """A leaf's decoded bytes; empty where the library fails over what it claims to be."""
    try:
        return part.get_payload(decode=True) or b""
    except (LookupError, ValueError):
        return b""


def _text_of(part: Message) -> str:
    try:
        charset = part.get_content_charset("")
    except (LookupError, ValueError):  # a parameter in a charset that is none (RFC 2231)
        charset = ""
    return decoded(_content(part)[:MOST_OF_PART], charset)


def _as_written(message: Message) -> bytes:
    """The message's source, put together again from its headers and its text."""
    head = b"\n".join(name.encode("ascii", "replace") + b": " + _as_bytes(value) for name, value in message.items())
    inner = map(_as_written, message.get_payload()) if message.is_multipart() else [_content(message)]
    return b"\n\n".join(filter(None, [head, *inner]))


def _as_bytes(value: str) -> bytes:
    return str(value).encode("utf-8", "surrogateescape")


class _Words(HTMLParser):
    """The words of a page, a line for each block."""

    BREAKS = frozenset(["br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "pre", "blockquote", "hr"])
    SILENT = frozenset(["script", "style", "title"])

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent = tag
        elif tag in self.BREAKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag in self.BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))


def _without_tags(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    parser.close()
    return re.sub(r"\n\s*\n", "\n\n", "".join(parser.words))
