"""Where a subject (件名) ends, and the subject of a heading."""

import re

from notices.intake.lines import Line, joined

_NOTE = r"(?:[(〔【][^()〔〕【】]{1,24}[)〕】])"
_KIND_NOTE = (
    r"(?:[(〔【][^()〔〕【】]{0,12}(?:通知|依頼|周知|照会|回答|連絡|通達|提供|案内|報告|お願い|お知らせ|訂正|送付|改訂|報|版"
    r"|その[0-9一二三四五])[)〕】])"
)
_TAIL = (
    r"(?:について|に関する件|の件|に関して|に関するお知らせ|に関する質疑応答集(?:\([^()]*\))?"
    r"|に関する[^、。]{0,10}お(?:願い|詫び)|お詫び(?:とお願い)?"
    r"|の(?:お知らせ|お願い|ご?案内|御案内|ご?連絡|御連絡|ご?報告|御報告|送付|制定|公布|施行|廃止|実施|訂正|開催|公表))"
)
_ENDS = re.compile(rf"(?:{_TAIL}{_NOTE}*|{_KIND_NOTE}+)$")
_RUN_END = re.compile(rf"について{_NOTE}*|の件{_NOTE}*|{_KIND_NOTE}+")
_OPENING, _CLOSING = "「『(（〔【", "」』)）〕】"
_LABEL = re.compile(r"^(?:件名|題名|標題|表題|[○◯●])[:：]?")
_GREETING = re.compile(
    r"(?:拝啓|謹啓|前略|平素|日頃|日ごろ|時下|標記|標題|さて|今般|この度|このたび|新春|初春|早春|陽春|初夏|盛夏|残暑|初秋|秋冷|晩秋|師走|貴会|本会|当会)"
)
LONGEST = 6
# What stands in the place of the number where a letter has none, and is the kind of such letters.
NOTE = "事務連絡"


def is_prose(text: str) -> bool:
    """Whether a line belongs to running text rather than to a heading."""
    return "。" in text or bool(_GREETING.match(text))


def ends_subject(text: str) -> bool:
    """Whether a subject can end with the line."""
    return bool(_ENDS.search(text)) and not is_prose(text)


def subject_end(line: Line, start: int) -> int | None:
    """Where the subject that begins at `start` of a one-line run ends; None where no end shows.

    The 「…について」 inside brackets is another letter's; the end stands before a space or at the end of the line.
    """
    for match in _RUN_END.finditer(line.text, start):
        inside = line.text[start : match.start()]
        depth = sum(inside.count(char) for char in _OPENING) - sum(inside.count(char) for char in _CLOSING)
        if "。" in inside:
            return None
        if depth > 0:
            continue
        if match.end() == len(line.text) or line.gap(match.end()):
            return match.end()
    return None


def find_subject(lines: list[Line], start: int, stop: int) -> tuple[int, int] | None:
    """The lines (from, to) of the subject at line `start` or soon below; None where none can be told from the text."""
    for end in range(start, min(start + LONGEST, stop)):
        text = lines[end].text
        if lines[end].apart:
            # No blank line stands within a subject: what was above is something else.
            start = end
        if is_prose(text):
            return None
        # The line may break within its last word: につい・て.
        if ends_subject(text) or (end > start and ends_subject(lines[end - 1].text + text)):
            following = lines[end + 1].text if end + 1 < len(lines) else ""
            if re.fullmatch(_NOTE, following) and not re.search("公印", following):
                return start, end + 2
            if re.match("[はもを、]", following):
                return None
            return start, end + 1
    return None


def subject_above(lines: list[Line], stop: int) -> tuple[int, int] | None:
    """The lines of a subject that stands before number and date, as on web pages and in collections of laws."""
    for end in range(stop):
        if not ends_subject(lines[end].text):
            continue
        start = end
        while start and not lines[start].apart and not _LABEL.match(lines[start].text):
            if len(lines[start - 1].text) < 20:
                break
            start -= 1
        return start, end + 1
    return None


def subject_text(lines: list[Line]) -> Line:
    """The subject's lines as one, without its label (件名：, ○)."""
    subject = joined(lines)
    label = _LABEL.match(subject.text)
    return subject.part(label.end()) if label else subject


def subject_kind(subject: str) -> str:
    """The kind that a subject states in brackets at its end: （依頼） → 依頼; empty where it states none."""
    match = re.search(r"[(（](?P<kind>[^()（）]{1,12})[)）]$", subject)
    return match["kind"] if match else ""


def exchange_kind(*noted: str) -> str:
    """照会, 回答 or 依頼 where it is noted; otherwise 通知."""
    return next((kind for kind in ("照会", "回答", "依頼") if kind in noted), "通知")
