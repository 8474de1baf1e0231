"""The bracketed line of collections of laws that says who wrote to whom: (厚生省薬務局長あて愛媛県知事照会)."""

import re
from dataclasses import dataclass

from notices.intake.addressees import read_addressees
from notices.intake.lines import Line
from notices.intake.people import read_issuers
from notices.intake.reading import ReadIssuer

_KIND = "照会|回答|依命通達|依命通知|通知|通達|通牒|依頼|内かん|事務連絡"
# What divides one office from the next.
_AFTER_OFFICE = "(?<=[長官事])、"
_BETWEEN_OFFICES = re.compile("(?<=[長官事])[、・]")
EXCHANGE = re.compile(
    rf"[(〔](?P<to>(?:[^。、あ]|{_AFTER_OFFICE}){{2,120}}?)(?:あて|宛て?)"
    rf"(?P<issuers>(?:[^。、]|{_AFTER_OFFICE}){{2,160}}?)(?P<jointly>連名)?(?P<kind>{_KIND})[)〕]"
)
# 厚生省薬務・医務局長: several offices of one rank that share their last word.
_SHARED_OFFICE = re.compile(r"(?P<ministry>.*?[省庁県府])(?P<first>[^・]+)・(?P<second>[^・]+?)(?P<office>[局部課]長)$")


@dataclass(frozen=True)
class Exchange:
    """Who wrote to whom, and what kind of letter."""

    addressees: list[str]
    issuers: list[ReadIssuer]
    kind: str
    addressee_line: Line
    issuer_line: Line


def read_exchange(line: Line) -> Exchange | None:
    """The exchange that a line states; None for any other line."""
    match = EXCHANGE.fullmatch(line.text)
    if not match:
        return None
    to = line.part(match.start("to"), match.end("to"))
    writer = line.part(match.start("issuers"), match.end("issuers"))
    shared = _SHARED_OFFICE.fullmatch(writer.text) if match["jointly"] else None
    if shared:
        end = shared["office"]
        offices = [part if part.endswith(end) else part + end for part in (shared["first"], shared["second"] + end)]
        issuers = [ReadIssuer(shared["ministry"], office) for office in offices]
    else:
        issuers = read_issuers(_offices(writer))
    addressees, _ = read_addressees([to])
    return Exchange(addressees, issuers, match["kind"], to, writer)


def _offices(writer: Line) -> list[Line]:
    """The offices of a joint letter; one that is named by the word 同 only is left to people."""
    starts = [0, *(match.end() for match in _BETWEEN_OFFICES.finditer(writer.text))]
    parts = [writer.part(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    offices = [part.part(0, len(part.text.rstrip("、・"))) for part in parts]
    return [office for office in offices if not office.text.startswith("同")]
