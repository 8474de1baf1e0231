"""The bracketed line of collections of laws that says who wrote to whom: (厚生省薬務局長あて愛媛県知事照会)."""

import re
from dataclasses import dataclass

from notices.intake.lines import Line
from notices.intake.people import read_issuers
from notices.intake.reading import ReadIssuer

_KIND = "照会|回答|依命通達|依命通知|通知|通達|通牒|依頼|内かん|事務連絡"
EXCHANGE = re.compile(
    rf"[(〔](?P<to>[^。、あ]{{2,60}}?)(?:あて|宛て?)(?P<issuers>[^。、]{{2,60}}?)(?P<jointly>連名)?(?P<kind>{_KIND})[)〕]"
)
# 厚生省薬務・医務局長: several offices of one rank that share their last word.
_SHARED_OFFICE = re.compile(r"(?P<ministry>.*?[省庁県府])(?P<first>[^・]+)・(?P<second>[^・]+?)(?P<office>[局部課]長)$")


@dataclass(frozen=True)
class Exchange:
    """Who wrote to whom, and what kind of letter."""

    addressee: str
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
        issuers = read_issuers([writer])
    return Exchange(to.tidy, issuers, match["kind"], to, writer)
