"""What stands under the heading: running paragraphs, the items under 記, closing, contact, requests, deadline."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import groupby

from members import wareki
from notices.intake.attachments import BULLET, is_listed, mentioned, read_list
from notices.intake.fold import tidy
from notices.intake.heading import CONTACT
from notices.intake.letters import CLOSING, closings_of
from notices.intake.lines import GOES_ON, Line, joined
from notices.intake.listing import Listing, read_listing
from notices.intake.reading import ReadAttachment, Span, Warning

RECORD = re.compile(r"記")
_BEGINS = re.compile(r"[0-9]{1,2}[.、)]|[(][0-9]{1,2}[)]|[①-⑳]|第[0-9]{1,2}|[ⅠⅡⅢⅣⅤ]\.?|【|〔|■|□|[◆◇●○]")
# What begins an item, or is the rest of a number that the line breaks: 日薬業発・第301号.
_MAY_GO_ON = re.compile("第[0-9]")
_DONE_TO = "を|し|され|いただ|頂|くださ|下さ|願|方|の(?:ほど|程)"
_ASKS = ("周知", "提出", "回答", "報告", "確認", "協力", "情報提供", "登録", "申請", "配慮", "活用", "指導")
_REQUEST = re.compile("お願い|願い|願う|願います|されたい|ください|下さい|依頼|いただきた|いただけ")
_DUE = re.compile(
    r"(?:\([月火水木金土日](?:曜日?)?\))?(?:[0-9]{1,2}[:時][0-9]{0,2}分?)?(?:\(必着\))?までに?、?(?P<what>[^。]{0,60})"
)
# What says in front of a day, or behind it, that it is the last: 提出期限：, 必着.
_DUE_HEADING = re.compile(
    r"(?:提出|回答|報告|届出|申請|申し?込み?|返送|返信|登録|送付|応募|受付)(?:の?(?:期限|期日|締め?切り?|〆切)日?)[:：はを]?$"
)
_MUST_ARRIVE = re.compile(
    r"(?:\([月火水木金土日](?:曜日?)?\))?(?:[0-9]{1,2}[:時][0-9]{0,2}分?)?(?:\(?必着|締め?切|〆切)"
)
_DUE_ACTS = re.compile(
    "提出|回答|報告|届|申請|申し?込|連絡|返送|返信|登録|送付|対応|願い|ください|下さい|されたい|すること$|終え|済ませ|完了"
    "|(?:する|行う|おく|いただく|頂く)(?:必要|こと(?:が必要|と(?:し|さ|な)))"
)


_NUMBER = re.compile(r"[0-9]{1,2}[.、)]?(?![0-9年月日])|[(][0-9]{1,2}[)]|[①-⑳]|第[0-9]{1,2}|[ⅠⅡⅢⅣⅤ]")
_CONTACT_ITEM = re.compile(
    rf"(?:{_NUMBER.pattern}|{BULLET.pattern})(?:本件|本通知)?(?:に関する|に係る|についての|の)?"
    "(?:お?問い?合わ?せ(?:先|窓口)?|照会先|連絡先|担当(?:者|課|部署|窓口))(?P<mark>[:：]?)"
)
# Wide spaces as in a table, behind a number too.
_COLUMNS = re.compile(r"(?:(?<=\S\S)|(?<=^[0-9０-９①-⑳]))(?:\u3000| {2,})\s*(?=\S\S)")
_COLUMN = "\x1f"
# Where the cells of a table may stand close together: a space between full-width words.
_CLOSE = re.compile(r"(?<=[^\s!-~]{2})[ \u3000]+(?=[^\s!-~]{2})")
_LEAST_CELLS = 3
_NUMBER_APART = re.compile(r"^([0-9０-９]{1,2})[ \u3000](?=[^\s0-9０-９年月日]\S)")
_CUT_NUMBER = re.compile("[0-9][-‐－]$")
# A line of fewer characters ends where it was meant to.
SHORTEST_WRAPPED = 25
_DAY = re.compile(rf"{wareki.DATE.pattern}|(?P<yearless>(?:(?P<same>同年)|(?<![年0-9]))[0-9]{{1,2}}月[0-9]{{1,2}}日)")
NO_YEAR = "期限に年が書かれていません。年を確かめて入力してください。"
NO_SUCH_DAY = "期限の日付が暦にありません。原文を確かめて入力してください。"


@dataclass
class Body:
    """What was read under the heading; `paragraphs` are all the running text there is, items too."""

    text: str = ""
    items: list[str] = field(default_factory=list)
    attachments: list[ReadAttachment] = field(default_factory=list)
    closing: str = ""
    contact: str = ""
    asks: list[str] = field(default_factory=list)
    deadline: datetime.date | None = None
    paragraphs: list[Line] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)


def read_body(lines: list[Line]) -> Body:
    """The parts of a letter under its heading."""
    body = Body()
    lines, below = _without_list_below(lines)
    asking = _contact_items(lines)
    lines = _without_closing(lines, body)
    lines = _without_contact(lines, body, asking)
    body.attachments, listed = read_list(lines)
    record = next((index for index, line in enumerate(lines) if RECORD.fullmatch(line.text)), len(lines))
    first_listed = min((index for index in listed if index < record), default=record)
    running = _paragraphs([line for index, line in enumerate(lines[:first_listed]) if index not in listed])
    under = [line for index, line in enumerate(lines) if index > record and index not in listed]
    between = [line for index, line in enumerate(lines[:record]) if index > first_listed and index not in listed]
    body.text = "\n".join(paragraph.tidy for paragraph in running)
    body.items = _unwrapped(under)
    body.spans = {"body": [line.span for line in running], "items": [line.span for line in under]}
    body.paragraphs = [*running, *_paragraphs(between), *_paragraphs(under)]
    listed_lines = [*(lines[index] for index in sorted(listed)), *below.lines]
    body.attachments = _merged(body.attachments, below.attachments)
    body.attachments = body.attachments or _first_of_each_label(body.paragraphs)
    body.asks = _asks(running)
    _read_deadline(body)
    body.paragraphs += _paragraphs(listed_lines)
    return body


def _without_list_below(lines: list[Line]) -> tuple[list[Line], Listing]:
    """The lines without the list of enclosures that stands below the closing, and that list."""
    closings = closings_of(lines)
    for start in range(closings[-1] + 1 if closings else len(lines), len(lines)):
        if (found := read_listing(lines[start:])).attachments:
            return [*lines[:start], *lines[start + len(found.lines) :]], found
    return lines, Listing()


def _merged(above: list[ReadAttachment], below: list[ReadAttachment]) -> list[ReadAttachment]:
    """What is listed at either place, each label once where both have it: with the title of the first that has one."""
    labels = {attachment.label: attachment for attachment in above}
    for attachment in below:
        if known := labels.get(attachment.label):
            known.title = known.title or attachment.title
    return [*above, *(attachment for attachment in below if attachment.label not in labels)]


def _without_closing(lines: list[Line], body: Body) -> list[Line]:
    closings = closings_of(lines)
    body.closing = lines[closings[-1]].text if closings else ""
    return [line for index, line in enumerate(lines) if index not in closings]


def _without_contact(lines: list[Line], body: Body, asking: list[Line]) -> list[Line]:
    """The contact goes from its heading to the letter's end, the next blank line or list.

    The items of 記 that say whom to ask (`asking`) stay where they stand, with their numbers.
    """
    headings = (i for i, line in enumerate(lines) if CONTACT.match(line.text) and "。" not in line.text)
    start = next((index for index in headings if lines[index] not in asking), None)
    if start is None:
        return lines
    stop = start + 1
    while stop < len(lines) and not (lines[stop].apart and stop > start + 1) and not is_listed(lines[stop]):
        stop += 1
    body.contact = "\n".join(_unwrapped(lines[start:stop]))
    return [*lines[:start], *lines[stop:]]


def _contact_items(lines: list[Line]) -> list[Line]:
    """The lines of items of 記 such as 「３　問い合わせ先」."""
    record = next((index for index, line in enumerate(lines) if RECORD.fullmatch(line.text)), len(lines))
    starts = (index for index in range(record + 1, len(lines)) if _is_contact_item(lines[index]))
    return [line for start in starts for line in lines[start : _end_of_item(lines, start)]]


def _is_contact_item(line: Line) -> bool:
    match = _CONTACT_ITEM.match(line.text)
    return bool(match) and bool(match["mark"] or match.end() == len(line.text) or line.gap(match.end()))


def _end_of_item(lines: list[Line], start: int) -> int:
    """Where the item of 記 that begins at `start` ends: at the next one, the closing, or a list of enclosures."""
    behind = (index for index in range(start + 1, len(lines)) if _ends_item(lines[index]))
    return next(behind, len(lines))


def _ends_item(line: Line) -> bool:
    return _is_numbered(line) or is_listed(line) or CLOSING.fullmatch(line.text) is not None


def _is_numbered(line: Line) -> bool:
    """Whether the line begins with the number of an item, rather than with one of its words: 3階."""
    match = _NUMBER.match(line.text)
    if not match or not match[0][-1].isdecimal():
        return bool(match)
    return match.end() < len(line.text) and line.gap(match.end()) > 0


def _unwrapped(lines: list[Line]) -> list[str]:
    """The tidied lines, in one piece what the width of the page has broken.

    The wide spaces are kept that divide a number or a heading (of an item, 照会先) from its text, or cells of a table.
    """
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _wraps(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [text for cells, rows in groupby(groups, key=_cells) for text in _rows(list(rows), cells)]


def _cells(lines: list[Line]) -> int:
    """How many cells a line would have as the row of a table."""
    return len(_CLOSE.split(lines[0].raw)) if len(lines) == 1 else 0


def _rows(groups: list[list[Line]], cells: int) -> list[str]:
    """Lines of as many cells one below the other are a table, where wide spaces divide any of them."""
    is_table = cells >= _LEAST_CELLS and len(groups) > 1 and any(_COLUMNS.search(row.raw) for (row,) in groups)
    if not is_table:
        return list(map(_in_columns, groups))
    return ["　".join(map(tidy, _CLOSE.split(row.raw))) for (row,) in groups]


def _wraps(above: Line, line: Line) -> bool:
    """Whether the page has merely broken the line; a text that says so by spaces at lines' ends is believed."""
    if line.apart or above.text.endswith("。") or _BEGINS.match(line.text) or BULLET.match(line.text):
        return False
    if _CUT_NUMBER.search(above.text) and line.text[0].isdecimal():
        return True
    if GOES_ON in line.page:
        return line.page.startswith(GOES_ON, above.span[1])
    return above.full and len(above.text) >= SHORTEST_WRAPPED


def _in_columns(lines: list[Line]) -> str:
    columns = "\n".join(_COLUMNS.sub(_COLUMN, _NUMBER_APART.sub(rf"\1{_COLUMN}", line.raw)) for line in lines)
    return "　".join(tidy(column) for column in columns.split(_COLUMN))


def _paragraphs(lines: list[Line]) -> list[Line]:
    """Lines put together to paragraphs: a new one begins after a blank line, a full stop, or with an item's sign.

    So do the attachments of a list, each with its label.
    """
    groups: list[list[Line]] = []
    for line in lines:
        begins = line.apart or line.indented or _BEGINS.match(line.text) or BULLET.match(line.text) or is_listed(line)
        if groups and groups[-1][-1].full and _MAY_GO_ON.match(line.text):
            begins = line.apart
        if not groups or begins or groups[-1][-1].text.endswith("。"):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [joined(group) for group in groups]


def _first_of_each_label(paragraphs: list[Line]) -> list[ReadAttachment]:
    found: dict[str, ReadAttachment] = {}
    for paragraph in paragraphs:
        for attachment in mentioned(paragraph):
            known = found.setdefault(attachment.label, attachment)
            known.title = known.title or attachment.title
    # 「別添のとおり」 of a letter that names 別添1 and 別添2 means these.
    counted = {label.rstrip("0123456789-－") for label in found if label[-1].isdecimal()}
    return [attachment for label, attachment in found.items() if label not in counted]


def _asks(paragraphs: list[Line]) -> list[str]:
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.text.split("。")]
    requests = "".join(sentence for sentence in sentences if _REQUEST.search(sentence))
    return [ask for ask in _ASKS if re.search(f"{ask}(?:{_DONE_TO})", requests)]


def _read_deadline(body: Body) -> None:
    """The first day until which something is to be done; the end of a period (から…まで) is none."""
    for paragraph in body.paragraphs:
        for match in _DAY.finditer(paragraph.text):
            before = paragraph.text[: match.start()]
            due = _DUE.match(paragraph.text, match.end())
            period = re.search(r"から[^。、]{0,4}$", before)
            asked = due and not period and _DUE_ACTS.search(due["what"])
            if not (asked or _DUE_HEADING.search(before) or _MUST_ARRIVE.match(paragraph.text, match.end())):
                continue
            part = paragraph.part(*match.span())
            body.deadline = _in_same_year(match[0], before) if match["same"] else wareki.parse_date(match[0])
            body.spans["deadline"] = [part.span]
            if body.deadline is None:
                body.warnings.append(Warning("deadline", part.raw, NO_YEAR if match["yearless"] else NO_SUCH_DAY))
            return


def _in_same_year(text: str, before: str) -> datetime.date | None:
    """同年12月25日: of the year of the last date before it; None where there is none, and where no such day is."""
    named = [date for found in wareki.DATE.finditer(before) if (date := wareki.parse_date(found[0]))]
    month, day = map(int, re.findall("[0-9]+", text))
    try:
        return named[-1].replace(month=month, day=day) if named else None
    except ValueError:
        return None
