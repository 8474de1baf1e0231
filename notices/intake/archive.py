"""What the archive knows of what a packet names: organisations, notices by their number, the same letter once more."""

import datetime as dt
import re
from enum import Enum

from members.models import Officer, Organisation
from members.models.officer import OfficerQuerySet
from members.models.organisation import Kind
from members.names import search_key
from notices import docnumber
from notices.docnumber import Identity
from notices.intake import kept
from notices.intake.kept import Kept, Letter, date_of
from notices.intake.people import CORPORATE, short_name
from notices.models import DocumentNumber, Notice

# So many notices are offered for a number without 年度.
MOST_CANDIDATES = 3
ISSUING_KINDS = (Kind.ASSOCIATION, Kind.ISSUER, Kind.DISTRICT)


# Organisations -------------------------------------------------------------------------------------------------------


def name_key(name: str) -> str:
    """The name folded, and without 公益社団法人 and the like, which letters put or leave out."""
    return search_key(re.sub(rf"^\s*(?:{CORPORATE})", "", name))


def find_organisation(name: str) -> Organisation | None:
    """The organisation that issues under this name: the association before other issuers, those before districts."""
    key = name_key(name)
    found = [one for one in Organisation.objects.filter(kind__in=ISSUING_KINDS) if name_key(one.name) == key]
    return min(found, key=lambda one: ISSUING_KINDS.index(one.kind), default=None)


def issuer_named(name: str) -> Organisation:
    """The organisation of this name, made as an issuer where nobody knows it yet."""
    found = find_organisation(name)
    if found:
        return found
    short = short_name(name)
    return Organisation.objects.create(kind=Kind.ISSUER, name=name, short_name=short[:60] if short != name else "")


def officers_of(name: str) -> OfficerQuerySet:
    """Everybody whom the roster has known in an office of the organisation that issues under this name."""
    return Officer.objects.filter(organisation=find_organisation(name))


# Numbers -------------------------------------------------------------------------------------------------------------


def issuer_of_number(letter: Letter, position: int) -> str:
    """Whose number it is: in a joint letter with as many issuers as numbers the one at its place, else the first."""
    issuers = letter["issuers"]
    return issuers[position if len(issuers) == len(letter["numbers"]) else 0]["organisation"]


def holder_of(number: Identity, issuer: Organisation | None) -> Notice | None:
    """The notice that has this number of this issuer."""
    if issuer is None or not number.complete:
        return None
    rows = DocumentNumber.objects.filter(
        issuer=issuer, series=number.series, fiscal_year=number.fiscal_year, serial=number.serial
    ).exclude(notice=None)
    held = rows.select_related("notice").first()
    return held.notice if held else None


def archived(letter: Letter) -> Notice | None:
    """The notice with one of the letter's numbers; without one, or with a 号外, that of its issuer, date, subject."""
    date = date_of(letter)
    numbers = [docnumber.identity(text, date) for text in letter["numbers"]]
    for position, number in enumerate(numbers):
        issuer = find_organisation(issuer_of_number(letter, position)) if letter["issuers"] else None
        held = holder_of(number, issuer)
        if held:
            return held
    if any(docnumber.EXTRA not in number.series for number in numbers) or date is None or not letter["issuers"]:
        return None
    issuer = find_organisation(letter["issuers"][0]["organisation"])
    dated = Notice.objects.filter(date=date, issuers__organisation=issuer) if issuer else ()
    return next((notice for notice in dated if search_key(notice.subject) == search_key(letter["subject"])), None)


def is_same(notice: Notice, letter: Letter) -> bool:
    """Whether the notice is this very letter, received before, and not another one under its number."""
    return notice.date == date_of(letter) and search_key(notice.subject) == search_key(letter["subject"])


def new_tops(known: Kept) -> list[int]:
    """The top letters of a packet that were not received before."""
    return [top for top in kept.tops(known) if archived(known["letters"][top]) is None]


def may_be_linked(notice: Notice, known: Kept, index: int, new: list[int]) -> bool:
    """Whether the letter `index` of a packet, which has the notice's number, is that notice come once more.

    A top letter only beside `new_tops`, and not where the notice is a draft that began here and may vanish.
    """
    if index in kept.tops(known) and (not new or may_vanish(notice)):
        return False
    return is_same(notice, known["letters"][index])


def may_vanish(notice: Notice) -> bool:
    """Whether it is a draft that began here and may be discarded without a trace."""
    return notice.packet_id is None and notice.state == Notice.State.DRAFT


class Unknown(Enum):
    """Why a number that is cited leads to no notice of the archive."""

    UNREADABLE = "台帳で探せる形の番号ではありません"
    NO_YEAR = "年度が分からず、台帳で探せません"
    NOWHERE = "台帳に当てはまる通知がありません"
    SEVERAL = "同じ番号の通知が台帳にいくつもあります"


def cited(text: str, date: dt.date | None, citing: Letter) -> Notice | Unknown:
    """The notice that a letter cites by number, where number or cited date tell the 年度.

    The number of one of the letter's own issuers, or of the only issuer with such a number.
    """
    number = docnumber.parse_number(text)
    if number is None:
        return Unknown.UNREADABLE
    known = docnumber.identity(text, date or date_of(citing))
    if (date is None and number.year_prefix is None) or not known.complete:
        return Unknown.NO_YEAR
    holders, by_own = _holders(known, citing, fiscal_year=known.fiscal_year)
    chosen = by_own or (holders if len(holders) == 1 else [])
    if chosen:
        return chosen[0].notice
    return Unknown.SEVERAL if holders else Unknown.NOWHERE


def candidates(text: str, citing: Letter) -> list[Notice]:
    """The notices that a letter may cite by a number without 年度, the latest first, its own issuers' first."""
    known = docnumber.identity(text, date_of(citing))
    if known.serial is None:
        return []
    holders, by_own = _holders(known, citing)
    dated = [row.notice for row in by_own or holders if row.notice.date]
    return sorted(dated, key=lambda notice: notice.date, reverse=True)[:MOST_CANDIDATES]


def _holders(known: Identity, citing: Letter, **year: int | None) -> tuple[list[DocumentNumber], list[DocumentNumber]]:
    """The numbers of the archive that say the same, and those among them of the issuers of the letter that cites."""
    rows = DocumentNumber.objects.filter(series=known.series, serial=known.serial, **year).exclude(notice=None)
    holders = list(rows.select_related("notice", "issuer"))
    own = {name_key(issuer["organisation"]) for issuer in citing["issuers"]}
    return holders, [row for row in holders if name_key(row.issuer.name) in own]
