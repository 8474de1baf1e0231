"""The attachments that a letter lists (別添, 別紙, 参考 …), or names in its text where it lists none."""

import re

from notices.intake.lines import Line, joined
from notices.intake.reading import ReadAttachment
from notices.intake.titles import address_first, title_and_address

_LABEL = r"別添(?:資料|ファイル)?|別紙|別記|参考(?:資料)?|添付(?:資料|書類|ファイル)?|資料"
_COUNT = r"[0-9]{1,2}(?:[-－][0-9]{1,2})?"
BULLET = re.compile(r"[-・○●◯◎*※•‣▪■□◆◇➢]+")
_BRACKETED = re.compile(
    rf"[【\[(〔<](?P<label>{_LABEL})(?P<count>{_COUNT})?(?:[:：](?P<inside>[^】\]]+))?[】\])〕>](?P<title>.*)"
)
_ALONE = re.compile(rf"[【\[(〔<]?(?:{_LABEL})(?:{_COUNT})?[】\])〕>]?")
# The number of an item of 記 that is an attachment: １　別添１　…
_NUMBERED = re.compile(rf"(?:[0-9]{{1,2}}[.、)]?|[(][0-9]{{1,2}}[)]|[①-⑳])(?=(?:{_LABEL}){_COUNT})")
# A title in brackets that the line breaks.
_BROKEN = re.compile(rf"(?:{BULLET.pattern})?[【\[(〔<](?:{_LABEL})(?:{_COUNT})?[:：][^】\])〕>]*")
_OPEN = re.compile(rf"(?P<label>{_LABEL})(?P<count>{_COUNT})?(?P<mark>[:：.、,_)]?)(?P<title>.*)")
_MENTIONED = re.compile(
    rf"(?P<about>[^、。\s]{{2,40}}?を)?(?<![のノ号第「『書各])(?P<label>別添|別紙)"
    rf"(?P<counts>{_COUNT}(?:(?:から|[、及びと~〜～・-]+)(?:別添|別紙)?{_COUNT})*)?(?!様式)"
)
# 「質疑応答集を別添のとおりまとめた」 says what the attachment is; 「規程を別添のとおり改正した」 does not.
_MADE = re.compile("の(?:とおり|通り)(?:取り|とり)?(?:まとめ|纏め|作成|策定|定め)")
_CONJUNCTION = re.compile(r"^(?:また|なお|さらに|つきましては|ついては|今般|このたび|この度)[、,]?")


def is_listed(line: Line) -> bool:
    """Whether a line begins the listing of an attachment, or is the heading of such a list."""
    return listed(line) is not None


def is_label(line: Line) -> bool:
    """Whether the label of an attachment stands alone in the line, as on top of the attachment itself."""
    return _ALONE.fullmatch(line.text) is not None


def read_list(lines: list[Line]) -> tuple[list[ReadAttachment], set[int]]:
    """The attachments listed in the lines, and the indexes of the lines that list them.

    A label with its title is one attachment (【別添1】…); a label alone heads a list whose bullets are titles. An
    address beside or under a title is its `url`; a line in brackets under a title continues it.
    """
    attachments: list[ReadAttachment] = []
    used: set[int] = set()
    heading: str | None = None
    for index, line in enumerate(lines):
        if index in used:
            continue
        if line.full and _BROKEN.fullmatch(line.text) and index + 1 < len(lines):
            line = joined(lines[index : index + 2])
            used.add(index + 1)
        found = listed(line)
        if found:
            attachments.append(found[0])
            heading = found[0].label if not (found[0].title or found[0].url) else None
        elif used and index - 1 in used:
            if not _continue(attachments, line, heading, _goes_on(lines[index - 1], line)):
                heading = None
                continue
        else:
            continue
        used.add(index)
    return attachments, used


def mentioned(paragraph: Line) -> list[ReadAttachment]:
    """The attachments that running text names as the letter's own (「別添のとおり」), with what they are said to be."""
    found = []
    for match in _MENTIONED.finditer(paragraph.text):
        made = _MADE.match(paragraph.text, match.end())
        title = _CONJUNCTION.sub("", (match["about"] or "").removesuffix("を")) if made else ""
        span = paragraph.part(match.start("label"), match.end()).span
        for count in _counts(match["counts"] or ""):
            found.append(ReadAttachment(match["label"] + count, title or None, span=span))
    return found


def listed(line: Line) -> tuple[ReadAttachment, Line] | None:
    """The attachment that a line lists by its label, and the part of the line that is its title."""
    bullet = BULLET.match(line.text) or _NUMBERED.match(line.text)
    start = bullet.end() if bullet else 0
    if match := _BRACKETED.fullmatch(line.text, start):
        behind = line.part(*match.span("title"))
        if not match["inside"]:
            return _attachment(line, match, behind), behind
        inside = line.part(*match.span("inside"))
        attachment = _attachment(line, match, inside)
        attachment.url = attachment.url or title_and_address(behind)[1]
        return attachment, inside
    match = _OPEN.fullmatch(line.text, start)
    if not match or not _is_listing(line, match):
        return None
    title = line.part(*match.span("title"))
    return _attachment(line, match, title), title


def _is_listing(line: Line, match: re.Match[str]) -> bool:
    """A label without brackets lists only where a mark, a space or nothing follows it, and never in a sentence."""
    title = match["title"]
    if re.search("。|^[のをにはがもとでへや]", title) or (not title and match["label"] in ("資料", "添付")):
        return False
    return not title or bool(match["mark"]) or line.gap(match.start("title")) > 0


def _attachment(line: Line, match: re.Match[str], titled: Line) -> ReadAttachment:
    label = re.sub("(?<=別添|添付)(?:資料|書類|ファイル)$", "", match["label"]) + (match["count"] or "")
    title, url = title_and_address(titled)
    return ReadAttachment(label, title, url=url, span=line.span)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a title that fills its line goes on in the next one."""
    return above.full and not line.apart and not BULLET.match(line.text) and not re.search("。|^記$", line.text)


def _continue(attachments: list[ReadAttachment], line: Line, heading: str | None, goes_on: bool) -> bool:
    """Take a line under an attachment for what it is to it; False where it is none of its."""
    last = attachments[-1]
    bullet = BULLET.match(line.text)
    words = line.part(bullet.end() if bullet else 0)
    title, url = title_and_address(words)
    if last.title and not last.url and (first := address_first(words)):
        last.url = first
    elif url and not title and not (bullet and last.url):
        last.url = url
    elif last.url and line.text in last.url:
        pass  # the rest of the address above
    elif goes_on and last.title and not last.url:
        last.title, last.url = last.title + (title or ""), url
    elif not heading or (line.text.endswith("。") and not bullet):
        return False
    elif not (last.title or last.url):
        last.title, last.url = title, url
    elif bullet:
        attachments.append(ReadAttachment(heading, title, url=url, span=line.span))
        return True
    elif last.title and line.text.startswith("(") and (line.text.endswith(")") or line.full):
        last.title = f"{last.title}{line.tidy}"
    else:
        return False
    last.span = (last.span[0], line.span[1])
    return True


def _counts(text: str) -> list[str]:
    """The numbers of 別添1～3, 別添1及び2; one empty number for a plain 別添."""
    numbers = re.findall(_COUNT, text)
    ends = re.fullmatch(r"([0-9]+)(?:[~〜～]|から)(?:別添|別紙)?([0-9]+)", text)
    if ends:
        return [str(number) for number in range(int(ends[1]), int(ends[2]) + 1)]
    return numbers or [""]
