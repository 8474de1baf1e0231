"""Web addresses in a text: http and https only, broken lines rejoined, trailing signs cut off."""

import re
from dataclasses import dataclass

from members.numerals import WIDE_ASCII
from notices.intake.reading import Span

_SIGN = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
# As a rule in one piece, else with a space between all its characters.
_ADDRESS = re.compile(rf"https?://{_SIGN}*|h t t p (?:s )?: / /(?: {_SIGN})+(?!{_SIGN})", re.IGNORECASE)
_REST = re.compile(r" ?[\n\f][ \t\u3000]*(?!https?:)(?P<rest>[A-Za-z0-9\-._~/?#@&+=%]+)[ \t\u3000]*(?=\n|$)")

# Full-width brackets and marks stand around an address, never in it, though one may be typed in full-width letters.
_NARROW = {wide: plain for wide, plain in WIDE_ASCII.items() if chr(wide) not in "（）［］｛｝，；！＇＂＊"}
_LONGEST = 300


@dataclass(frozen=True)
class Address:
    """One web address and where it stands."""

    url: str
    span: Span


def find_addresses(text: str, within: Span | None = None) -> list[Address]:
    """The addresses of the text, or of the part `within` it, each once, in their order."""
    offset, stop = within or (0, len(text))
    plain = text[offset:stop].translate(_NARROW)
    found: dict[str, Address] = {}
    for match in _ADDRESS.finditer(plain):
        url, end = match[0].replace(" ", ""), match.end()
        while rest := _continued(plain, url, end):
            url, end = url + rest["rest"], rest.end("rest")
        written, url = url, _trimmed(url)
        if end - match.start() == len(written):
            end -= len(written) - len(url)
        if not url.endswith("//"):
            found.setdefault(url, Address(url, (offset + match.start(), offset + end)))
    return list(found.values())


def address_in(text: str, span: Span) -> Address | None:
    """The first address that begins in this part of the text; its rest may stand on the lines below."""
    start, end = span
    found = find_addresses(text, (start, end + _LONGEST))
    return found[0] if found and found[0].span[0] < end else None


def _continued(text: str, url: str, end: int) -> re.Match[str] | None:
    """The next line, where it can only be the rest of an address that ends its own."""
    rest = _REST.match(text, end)
    if not rest:
        return None
    broken = url[-1] in "/-_?&=.%" or re.search(r"[/?=&%]|\.(?:html?|pdf|php|aspx?)$", rest["rest"])
    return rest if broken else None


def _trimmed(url: str) -> str:
    url = url.rstrip(".,;:!'*([")
    while url.endswith((")", "]")) and url.count("(") + url.count("[") < url.count(")") + url.count("]"):
        url = url[:-1].rstrip(".,;:!'([")
    return url
