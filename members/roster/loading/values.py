"""How one value of the roster is written in a cell, and what it means."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from members import codes, contacts, wareki
from members.models import Officer, Organisation, Tag
from members.models.organisation import Channel
from members.names import is_blank, search_key
from members.roster.loading.sheets import Cell, text

NOTHING = {"", "-", "ー", "―", "－", "なし", "無", "無し", "ナシ", "n/a"}
BETWEEN = re.compile(r"[\s;；、,，/／]+")
BETWEEN_TAGS = re.compile(r"[\n;；、,，/／]+")
CHANNELS = {
    **dict.fromkeys(("メール", "eメール", "e-mail", "mail", "email"), Channel.EMAIL),
    **dict.fromkeys(("fax", "ファックス", "ファクス", "ファクシミリ"), Channel.FAX),
    **dict.fromkeys(("郵送", "郵便", "post"), Channel.POST),
}
CHANNEL_OF = {search_key(word): channel for word, channel in CHANNELS.items()}
# A number that lost its leading zero in Excel: nine digits of a landline, ten of a mobile or IP telephone.
LOST_ZERO = re.compile(r"[1-9]\d{8}|[5789]0\d{8}", re.ASCII)


# Characters that only their owner's fonts show (Unicode, private use areas): 外字.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


# How many characters the roster takes.
LONGEST = {name: Organisation._meta.get_field(name).max_length for name in ("name", "kana", "address")} | {
    "manager": Officer._meta.get_field("name").max_length,
    "district": Organisation._meta.get_field("name").max_length,
    "tags": Tag._meta.get_field("name").max_length,
}


class Unusable(ValueError):
    """The cell's value cannot be taken; the message says why in plain Japanese."""


@dataclass
class Remarks:
    """What is taken, but should be looked at."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.lines.append(line)


def code(cell: Cell, prefecture: str, remarks: Remarks) -> str:
    """保険薬局コード, ten digits; seven (40,1047,8) get the prefecture's and the tariff's before. Raises Unusable.

    Empty where the cell is.
    """
    written = text(cell).strip()
    if not written:
        return ""
    try:
        read = codes.read(written, prefecture)
    except codes.NotACode as error:
        raise Unusable(f"薬局コード「{written}」：{error}") from error
    if not codes.check_digit_fits(read):
        remarks.add(f"薬局コード {read} は検証番号が合いません。打ち間違いがないか、確かめてください")
    return read


def name(cell: Cell, remarks: Remarks) -> str:
    """A name, to the byte, save spaces around it and line breaks in it. Raises Unusable where nothing can be seen."""
    written = _one_line(text(cell))
    if is_blank(written):
        raise Unusable("薬局名がありません")
    return _checked(written, "薬局名", "name", remarks)


def line(cell: Cell, field: str, what: str, remarks: Remarks) -> str:
    """Any text on one line, to the byte; `field` is the roster's, `what` the column's name. Raises Unusable."""
    return _checked(_one_line(text(cell)), what, field, remarks)


def kana(cell: Cell, what: str, remarks: Remarks) -> str:
    """A reading, in the width that people expect. Raises Unusable."""
    return unicodedata.normalize("NFKC", line(cell, "kana", what, remarks))


def _checked(written: str, what: str, field: str, remarks: Remarks) -> str:
    if len(written) > LONGEST[field]:
        raise Unusable(f"{what}が長すぎます（{len(written)}字）。{LONGEST[field]}字までにしてください")
    if PRIVATE.search(written):
        remarks.add(f"「{written}」に外字があります。そのまま登録しますが、ほかの画面や紙では出ないことがあります")
    return written


def address(cells: list[Cell], remarks: Remarks) -> str:
    """An address, which several columns may add up to. Raises Unusable."""
    written = "　".join(filter(None, (_one_line(text(cell)) for cell in cells)))
    return _checked(written, "住所", "address", remarks)


def telephone(cell: Cell, what: str, remarks: Remarks) -> str:
    """A number of telephone or FAX; a leading zero is given back only where it is sure to be lost. Raises Unusable."""
    written = _one_line(text(cell))
    if written.lower() in NOTHING:
        return ""
    try:
        return contacts.telephone(written)
    except contacts.NotAnAddress as error:
        narrow = contacts.HYPHENS.sub("-", contacts.narrowed(written))
        if LOST_ZERO.fullmatch(contacts.BETWEEN_DIGITS.sub("", narrow)):
            remarks.add(f"{what}「{written}」の先頭に 0 を補いました")
            return f"0{narrow}"
        raise Unusable(f"{what}「{written}」は、{error}") from error


def postal_code(cell: Cell, remarks: Remarks) -> str:
    """A 郵便番号; a number of six digits lost its zero. Raises Unusable."""
    written = _one_line(text(cell))
    if written in NOTHING:
        return ""
    if not isinstance(cell, str) and len(written) == 6:
        written = f"0{written}"
        remarks.add(f"郵便番号「{written[1:]}」の先頭に 0 を補いました")
    try:
        return contacts.postal_code(written)
    except contacts.NotAnAddress as error:
        raise Unusable(f"郵便番号「{written}」：{error}") from error


def mails(cells: list[Cell], remarks: Remarks) -> tuple[str, ...]:
    """E-mail addresses of one cell or several, each once. Raises Unusable."""
    found: dict[str, str] = {}
    for written in (part for cell in cells for part in BETWEEN.split(text(cell)) if part.lower() not in NOTHING):
        address = contacts.narrowed(written)
        try:
            contacts.check_mail_address(address)
        except contacts.NotAnAddress as error:
            raise Unusable(f"メールアドレス「{written}」：{error}") from error
        if address != written:
            remarks.add(f"メールアドレス「{written}」を、半角の「{address}」にしました")
        if contacts.may_fail(address):
            remarks.add(f"メールアドレス {address} は、「.」が続くか端にあり、届かないことがあります")
        if meant := contacts.meant_domain(address):
            remarks.add(f"メールアドレス {address} は、「@{meant}」の打ち間違いではありませんか")
        found.setdefault(address.lower(), address)
    return tuple(found.values())


def tags(cells: list[Cell]) -> tuple[str, ...]:
    """Names of tags, each once, in the order of their characters. Raises Unusable."""
    written = {part.strip() for cell in cells for part in BETWEEN_TAGS.split(text(cell))}
    found = tuple(sorted(one for one in written if one.lower() not in NOTHING))
    if long := next((one for one in found if len(one) > LONGEST["tags"]), None):
        raise Unusable(f"区分「{long[:20]}…」が長すぎます。{LONGEST['tags']}字までにしてください")
    return found


def channel(cell: Cell) -> str:
    """How the pharmacy wants its notices. Raises Unusable."""
    written = text(cell).strip()
    if written in NOTHING:
        return ""
    if found := CHANNEL_OF.get(search_key(written)):
        return str(found.value)
    raise Unusable(f"届け方「{written}」は、メール・FAX・郵送のどれかにしてください")


def day(cell: Cell, what: str) -> dt.date | None:
    """A day by the cell's type, or written in any era. Raises Unusable."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    written = text(cell).strip()
    if written.lower() in NOTHING:
        return None
    if found := wareki.parse_date(written):
        return found
    raise Unusable(f"{what}「{written}」：{wareki.explain(written)}")


def _one_line(written: str) -> str:
    if "\n" not in written and "\r" not in written:
        return written.strip()
    return " ".join(part.strip() for part in written.splitlines()).strip()
