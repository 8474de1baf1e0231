"""One-line runs: a whole heading in one line, as some extractions give it, taken apart into the lines it had."""

import re
from collections.abc import Iterator

from notices.intake.addressees import TRAILING_BODIES
from notices.intake.exchange import EXCHANGE
from notices.intake.lines import GOES_ON, Line, joined
from notices.intake.marks import HONORIFIC, SEAL, Mark, marks_from, marks_of, own_marks, starts_of_marks
from notices.intake.people import MINISTRY, OFFICE, ORGANISATION_END, TOP, without_hiragana
from notices.intake.subject import subject_end

MOST_PIECES = 7
_BEGINS_MARK = re.compile("[0-9]{0,2}[一-龠]{1,11}[発第]|(?:令和|平成|昭和)[0-9元年月]*")
_MARK = re.compile(
    "[0-9]{0,2}[一-龠]{1,11}発?(?:[0-9]{4})?第[0-9]+号|(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年[0-9]{1,2}月[0-9]{1,2}日"
)
LONGEST_LINE = 60
LONGEST_ADDRESS = 300
LONGEST_ISSUERS = 300


def rejoined(lines: list[Line]) -> Iterator[Line]:
    """The lines with runs in one piece again that the width of a page has broken, and marks that their boxes have."""
    position = 0
    while position < len(lines):
        end = _mark_end(lines, position)
        if _begins_run(lines[position]):
            while end < len(lines) and lines[end - 1].full and not lines[end].apart:
                end += 1
        yield joined(lines[position:end])
        position = end


def _mark_end(lines: list[Line], position: int) -> int:
    """Where a number or date ends that stands in pieces on several lines: 医政発, 0329, 第3号."""
    pieces = [line.text for line in lines[position : position + MOST_PIECES]]
    if _BEGINS_MARK.fullmatch(pieces[0]):
        for count in range(2, len(pieces) + 1):
            if _MARK.fullmatch("".join(pieces[:count])):
                return position + count
    return position + 1


def _begins_run(line: Line) -> bool:
    """Whether a line that goes on has number and date at its beginning, and something else behind them."""
    goes_on = line.page.startswith(GOES_ON, line.span[1])
    marks = marks_from(line.text) if goes_on else []
    return bool(marks) and _begins_heading(marks, first=False) and not marks_of(line)


def unroll(line: Line) -> list[Line]:
    """The lines of a run; a line of ordinary length, and one without a heading, comes back as it is."""
    if len(line.text) <= LONGEST_LINE:
        return [line]
    if _page_number_in_front(line):
        return [line.part(0, 1), *unroll(line.part(1))]
    cuts, position = {0}, 0
    while heading := _next_heading(line, position):
        cuts |= set(heading)
        position = heading[-1]
    if not position:
        cuts |= set(_titled(line))
    cuts |= _closing_cuts(line) if len(cuts) > 1 else set()
    ordered = sorted(cut for cut in cuts if cut < len(line.text))
    return [line.part(start, end) for start, end in zip(ordered, [*ordered[1:], None], strict=True)]


def _next_heading(line: Line, position: int) -> list[int] | None:
    """Where the parts of the next heading begin, and where it ends."""
    for start in starts_of_marks(line.text):
        if start < position or (start and not line.gap(start) and line.text[start - 1] not in "0123456789(。)"):
            continue
        marks = marks_from(line.text, start)
        if not _begins_heading(marks, first=position == 0):
            continue
        addressed = _address_end(line, marks[-1].end)
        if addressed:
            cuts = [start, *(mark.start for mark in marks), marks[-1].end, addressed]
            return _issuer_and_subject(line, cuts)
    return None


def _page_number_in_front(line: Line) -> bool:
    """Whether the 1 of a first page stands before a number that has a space of its own neither before nor within."""
    numbered = line.text[0] == "1" and bool(line.gap(1)) and (line.text[1].isdecimal() or not line.gap(2))
    return numbered and any(mark.kind == "number" and not mark.start for mark in marks_from(line.text))


def _titled(line: Line) -> list[int]:
    """Where the parts end of a heading without addressee: the subject, the date below it and who wrote."""
    subject = subject_end(line, 0)
    marks = marks_from(line.text, subject) if subject else []
    if not any(mark.kind == "date" for mark in marks):
        return []
    ends = _issuer_ends(line, marks[-1].end)
    return [subject, marks[-1].end, *ends] if ends else []


def _begins_heading(marks: list[Mark], first: bool) -> bool:
    """Further down in a run, a heading needs both number (or 事務連絡) and date: prose cites either."""
    kinds = {mark.kind for mark in own_marks(marks)}
    return bool(kinds) if first else "date" in kinds and len(kinds) > 1


def _address_end(line: Line, start: int) -> int | None:
    exchange = EXCHANGE.match(line.text, start)
    if exchange:
        return exchange.end()
    honorific = HONORIFIC.search(line.text, start, start + LONGEST_ADDRESS)
    if not honorific or re.search("。|について|^[はがをにもで、付]", line.text[start : honorific.start()]):
        return None
    bodies = TRAILING_BODIES.match(line.text, honorific.end())
    return bodies.end() if bodies else honorific.end()


def _issuer_and_subject(line: Line, cuts: list[int]) -> list[int]:
    start = cuts[-1]
    ends = _issuer_ends(line, start)
    cuts += ends
    subject = subject_end(line, ends[-1] if ends else start)
    return cuts if subject is None else [*cuts, subject]


def _issuer_ends(line: Line, start: int) -> list[int]:
    """Where each issuer ends; the last end stands behind the left-out seal, where there is one."""
    ends: list[int] = []
    position, issuer_start = start, start
    for word in line.part(start, start + LONGEST_ISSUERS).words() if start < len(line.text) else []:
        if position == start and not without_hiragana(word.text):
            return _glued_issuer_end(line, start)
        seal = SEAL.match(line.text, position)
        if seal and ends:
            return [*ends, seal.end(), *_issuers_behind(line, seal.end())]
        if not without_hiragana(word.text) or re.match("[「『0-9○]", word.text):
            break
        if ends and TOP.match(word.text):
            issuer_start = position
        position += len(word.text)
        issuer = line.text[issuer_start:position]
        if OFFICE.fullmatch(issuer) or ORGANISATION_END.search(issuer):
            ends = [end for end in ends if end <= issuer_start] + [position]
    return ends


def _issuers_behind(line: Line, start: int) -> list[int]:
    """The ends of the issuers that a joint letter names behind the left-out seal of the one before."""
    ends = _issuer_ends(line, start) if MINISTRY.match(line.text, start) else []
    return ends if ends and without_hiragana(line.text[start : ends[-1]]) else []


def _glued_issuer_end(line: Line, start: int) -> list[int]:
    """The end of an office that the subject follows without a space."""
    match = OFFICE.match(line.text, start)
    return [match.end("title")] if match and TOP.match(line.text, start) else []


def _closing_cuts(line: Line) -> set[int]:
    """Where 記 and 以上 stand between spaces, as they stood on a line of their own."""
    cuts = set()
    for match in re.finditer("記|以上", line.text):
        apart = line.gap(match.start()) and (match.end() == len(line.text) or line.gap(match.end()))
        if apart:
            cuts |= {match.start(), match.end()}
    return cuts
