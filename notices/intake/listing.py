"""The list of enclosures that many offices write below 以上: a heading (＜別添＞, 〔添付資料〕), an item a line."""

import re
from dataclasses import dataclass, field

from notices.intake.attachments import BULLET, listed
from notices.intake.lines import Line, joined
from notices.intake.reading import ReadAttachment
from notices.intake.titles import address_first, title_and_address

_OPENING, _CLOSING = r"[【\[(〔<〈《「]", r"[】\])〕>〉》」]"
_KIND = r"別添|別紙|別記|添付|同封|送付|参考|資料"
_HEADING = re.compile(
    rf"(?:{BULLET.pattern})?{_OPENING}?(?P<kind>{_KIND})"
    rf"(?:資料|文書|書類|ファイル|物|書)?(?:一覧表?|目録|リスト)?{_CLOSING}?[:：]?"
)
_COUNTED = re.compile(r"[(（]?(?P<count>[0-9]{1,2}|[①-⑳])(?P<mark>[.．、)）:：]?)")
# What the title of an enclosure speaks of; the headings of a text (1. 目的) speak of none.
_DOCUMENT = re.compile(
    "について|通知|通達|事務連絡|連絡|依頼|文書|資料|手引|手順|マニュアル|ガイド|説明|解説|操作方法|使い方"
    "|様式|一覧|概要|要領|要綱|規程|規約|規則|実施|開催|案内|リーフレット|チラシ|ポスター|パンフレット|Q&A|問答|疑義|質疑"
    "|申込|申請|調査|回答|報告|届|名簿|次第|日程|地図|プログラム|新旧|対照|[書表票図版写紙]$|書面|のご?お?願い|お知らせ|URL|https?://"
)
# What says something: it is the text of an enclosure, and no title.
_SAYS = re.compile(r"。|(?:ます|です|ください|下さい|こと)$")


@dataclass
class Listing:
    """What is listed, and the lines that list it."""

    attachments: list[ReadAttachment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass
class _Item:
    label: str
    title: Line
    lines: list[Line]
    url: str | None = None


def read_listing(lines: list[Line]) -> Listing:
    """The list that begins in the first of the lines, which stand below a letter's closing; an empty one without any.

    The heading of an enclosure that itself begins here, and its text, are no list.
    """
    if not lines:
        return Listing()
    heading = _HEADING.fullmatch(lines[0].text)
    start = 1 if heading else 0
    items = _items(lines, start, heading["kind"] if heading else "")
    length = start + sum(len(item.lines) for item in items)
    if not items or not _is_list(items, bool(heading), lines[length:], lines[length - 1]):
        return Listing()
    return Listing([_attachment(item) for item in items], lines[:length])


def _items(lines: list[Line], start: int, kind: str) -> list[_Item]:
    items: list[_Item] = []
    for index in range(start, len(lines)):
        line = lines[index]
        if index and line.turns_page(lines[index - 1]):
            break
        item = _item(line, kind, len(items))
        if item:
            items.append(item)
        elif items and _belongs_to(items[-1], lines[index - 1], line):
            items[-1].lines.append(line)
        else:
            break
    return items


def _item(line: Line, kind: str, before: int) -> _Item | None:
    """The item that begins in the line: labelled (別添1　…), numbered as the next one, or with a bullet."""
    if (known := listed(line)) and (known[0].title or known[0].url):
        return _Item(known[0].label, known[1], [line], known[0].url)
    if not kind:
        return None
    if bullet := BULLET.match(line.text):
        return _Item(kind, line.part(bullet.end()), [line]) if len(line.text) > bullet.end() else None
    counted = _COUNTED.match(line.text)
    if counted and len(line.text) > counted.end() and (counted["mark"] or _stands_apart(line, counted)):
        count = _number(counted["count"])
        return _Item(f"{kind}{count}", line.part(counted.end()), [line]) if count == before + 1 else None
    if not before and _DOCUMENT.search(line.text) and not _SAYS.search(line.text):
        return _Item(kind, line, [line])
    return None


def _stands_apart(line: Line, counted: re.Match[str]) -> bool:
    """Whether what counts is divided from the title: by its circle, or by a space."""
    return not counted["count"].isascii() or line.gap(counted.end()) > 0


def _number(count: str) -> int:
    return int(count) if count.isdecimal() and count.isascii() else ord(count) - ord("①") + 1


def _belongs_to(item: _Item, above: Line, line: Line) -> bool:
    """Whether a line goes on with the item above it: its address, the rest of its title, a remark in brackets."""
    if line.apart or _HEADING.fullmatch(line.text):
        return False
    if address_first(line):
        return True
    if _SAYS.search(line.text) or _DOCUMENT.match(line.text):
        return False
    opened = "".join(each.text for each in item.lines)
    is_open = sum(map(opened.count, "(（「『")) > sum(map(opened.count, ")）」』"))
    return above.full or line.indented or is_open or bool(re.fullmatch(r"[(（].*[)）]", line.text))


def _is_list(items: list[_Item], has_heading: bool, below: list[Line], last: Line) -> bool:
    """Whether the items are titles, rather than an enclosure that begins behind the letter."""
    titles = ["".join(line.text for line in item.lines) for item in items]
    ends = not below or below[0].apart or below[0].turns_page(last)
    if not ends or any(map(_SAYS.search, titles)) or not any(map(_DOCUMENT.search, titles)):
        return False
    if has_heading and (len(items) > 1 or items[0].label[-1].isdecimal() or BULLET.match(titles[0])):
        return True
    # One title alone may stand on top of the enclosure itself; that of a letter does not, which has a head of its own.
    return len(items) > 1 or not below or "について" in titles[0] or below[0].turns_page(last)


def _attachment(item: _Item) -> ReadAttachment:
    """The item as an attachment: its address may stand in the title, or on a line of its own below that."""
    lines = [item.title, *item.lines[1:]]
    own = next((index for index, line in enumerate(lines) if index and address_first(line)), len(lines))
    title, url = title_and_address(joined(lines[:own]))
    if own < len(lines):
        url = address_first(lines[own])
    span = (item.lines[0].span[0], item.lines[-1].span[1])
    return ReadAttachment(item.label, title, url=url or item.url, span=span)
