"""Whom a letter is addressed to: the lines before and around 殿 or 御中 → addressees."""

import re

from notices.intake.lines import Line
from notices.intake.marks import HONORIFIC
from notices.intake.people import CORPORATE, ORGANISATION_END

# Kinds of public bodies that share one office behind a brace: 都道府県・保健所設置市・特別区 衛生主管部(局)長.
_BODY = (
    r"(?:都道府県|道府県|政令指定都市|指定都市|政令市|中核市|特別区|保健所設置市|保健所を設置する市|保健所政令市"
    r"|児童相談所設置市|市区町村|市町村)"
)
_BODIES = re.compile(rf"(?P<bodies>(?:各?{_BODY}[、・]?)+)(?P<office>.*)")
TRAILING_BODIES = re.compile(rf"(?:各?{_BODY}[、・]?)+")
# What joins the line before: an office or a unit without an organisation.
_ONLY_OFFICE = re.compile(
    r"(?:\(局\))?長|(?:事務局|代表者?|担当者|担当役員|担当課|担当部|会長|理事長|所長|院長|事務局長|担当課長|担当部長|管理者|開設者)(?:各位)?"
)
_PEER = re.compile(r"(?:会|協会|連盟|機構|組合|学会|財団|センター|長|知事|各位|機関|団体)$")


def without_honorific(line: Line) -> tuple[list[Line], str]:
    """The line without its honorific, as the parts before and after it, and the honorific; 各位 belongs to the name."""
    matches = list(HONORIFIC.finditer(line.text))
    if not matches:
        return [line], ""
    last = matches[-1]
    parts = [line.part(0, last.end() if last[0] == "各位" else last.start()), line.part(last.end())]
    return [part for part in parts if part.text], last[0]


def read_addressees(lines: list[Line]) -> list[str]:
    """The addressees that the lines (without honorific) name, in their order."""
    names: list[str] = []
    for line in lines:
        for name in _names(line):
            if names and _ONLY_OFFICE.fullmatch(name):
                names[-1] += name
            else:
                names.append(name)
    return _brace_opened([name for name in names if name != "各"])


def _names(line: Line) -> list[str]:
    """The names of one line: those between / or 、, and those that spaces divide where each is a body of its own."""
    cuts = [match.span() for match in re.finditer(r"[/、](?![^(]*\))", line.text)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(line.text)]
    parts = [line.part(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    return [name for part in parts for name in _spaced_names(part)]


def _spaced_names(part: Line) -> list[str]:
    words: list[str] = []
    for word in part.words():
        belongs = words and (
            word.text[0] in "(・)"
            or _ONLY_OFFICE.fullmatch(word.text)
            or words[-1][-1] in "(・"
            or re.fullmatch(rf"各|{CORPORATE}", words[-1])
        )
        if belongs:
            words[-1] += word.tidy
        else:
            words.append(word.tidy)
    return words if len(words) > 1 and all(_PEER.search(word) for word in words) else [part.tidy]


def _brace_opened(names: list[str]) -> list[str]:
    """The names with an office that a brace gave to several bodies written out for each.

    Extraction leaves the office beside one of the bodies. Beside the first, or with only one body, it is that
    body's own.
    """
    matches = [_BODIES.fullmatch(name) for name in names]
    if not all(matches):
        return names
    bodies = [re.findall(_BODY, match["bodies"]) for match in matches]
    offices = [index for index, match in enumerate(matches) if match["office"]]
    if len(offices) != 1 or sum(map(len, bodies)) < 2 or (offices[0] == 0 and len(bodies[0]) == 1):
        return names
    return [body + matches[offices[0]]["office"] for group in bodies for body in group]


def is_addressee_line(text: str, addressed: list[Line]) -> bool:
    """Whether a line right after the honorific goes on naming addressees as the lines `addressed` did."""
    if TRAILING_BODIES.match(text):
        return True
    starts = {match[0] for line in addressed if (match := re.match(rf"各|{CORPORATE}", line.text))}
    return any(text.startswith(start) for start in starts) and bool(
        ORGANISATION_END.search(text) or _PEER.search(text)
    )
