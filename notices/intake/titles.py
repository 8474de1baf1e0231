"""The title of an enclosure and its address on the web, which may stand in one line: 県ホームページ（https://…）."""

import re

from notices.intake.addresses import Address, address_in
from notices.intake.lines import Line

_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9]|$)")
# The title in front of an address, without what leads from it to that, and the one behind it. What goes on with a
# sentence (https://… をご覧ください) is none.
_BEFORE = re.compile(
    r"(?P<title>.*?)(?:(?:^|[(\[<〈《【])(?:(?:掲載)?URL|アドレス|リンク|掲載先|掲載場所)?[:：]?|[:：、,])?(?=https?://)"
)
_SENTENCE = r"を|(?:[にのがはでへと]|から|より|まで).*(?:。|ください|下さい|ます|参照)"
_BEHIND = re.compile(rf"[)\]>〉》】、,]*+(?P<title>(?!{_SENTENCE}).*?)(?=https?://|$)")


def title_and_address(line: Line) -> tuple[str | None, str | None]:
    """What the line names, None where it holds nothing but an address, and the first address in it."""
    before, address = _divided(line)
    if not address:
        return before or None, None
    end = sum(offset < address.span[1] for offset in line.offsets)
    behind = _BEHIND.match(line.text, end)
    title = before + (_tidy(line.part(*behind.span("title"))) if behind else "")
    return title or None, address.url


def address_first(line: Line) -> str | None:
    """The address with which the line begins, as one below a title does; what stands behind it is a remark."""
    before, address = _divided(line)
    return address.url if address and not before else None


def _divided(line: Line) -> tuple[str, Address | None]:
    """What stands in front of the first address, and that."""
    found = _ADDRESS.search(line.text)
    if not found:
        return _tidy(line), None
    before = line.part(*_BEFORE.match(line.text).span("title"))
    return _tidy(before), address_in(line.page, (line.offsets[found.start()], line.span[1]))


def _tidy(line: Line) -> str:
    return line.tidy if line.text else ""
