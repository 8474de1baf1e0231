"""Whom a letter is addressed to: the lines before and around 殿 or 御中 → addressees."""

import re

from members.numerals import narrow
from notices.intake.lines import Line
from notices.intake.people import CORPORATE, OFFICE, ORGANISATION_END

# Kinds of public bodies that share one office behind a brace: 都道府県・保健所設置市・特別区 衛生主管部(局)長.
_BODY = (
    r"(?:都道府県|道府県|政令指定都市|指定都市|政令市|中核市|特別区|保健所設置市|保健所を設置する市|保健所政令市"
    r"|児童相談所設置市|市区町村|市町村)"
)
_BODIES = re.compile(rf"(?P<bodies>(?:各?{_BODY}[、・]?)+)(?P<office>.*)")
# One with its head (特別区長), which is not the 長 of 長崎県 behind it.
_BESIDE = rf"各?{_BODY}(?:長(?![崎野岡浜久]))?[、・]?"
TRAILING_BODIES = re.compile(rf"(?:{_BESIDE})+")
# 殿 stands at the end of a line, before the bodies that a brace left behind it (御中中核市), or before (別記).
_ADDRESSED = re.compile(
    rf"(?P<honorific>殿|御中|各位|様|あて|宛て?)(?:[)]|\((?:別記|別紙|別添)[^()]{{0,12}}\))?(?P<behind>(?:{_BESIDE})*)$"
)
_LABEL = re.compile(r"(?:宛先|あて先|宛名|送付先|送信先)[:：]")
# What is labelled otherwise names nobody whom the letter is for: 出席者：, 日時：.
OTHER_LABEL = re.compile(rf"(?!{_LABEL.pattern})[^()「」:：]{{1,8}}[:：]")
# What joins the line before: an office or a unit without an organisation.
_ONLY_OFFICE = re.compile(
    r"(?:\(局\))?長|(?:事務局|代表者?|担当者|担当役員|担当課|担当部|会長|理事長|所長|院長|事務局長|担当課長|担当部長|支部長|管理者|開設者)(?:各位)?"
)
# A post that the body in the line above has, and a division of the department there.
_POST = re.compile(
    r"(?:(?:社会保険|[^各会県、。])*担当(?:役員|理事|者|委員)|管理薬剤師|薬局長|薬剤部長|[^各会県]+委員会委員長|会員)(?:各位)?"
)
_POST_OF_ONE = re.compile(rf"同?(?P<post>(?![(長]){_ONLY_OFFICE.pattern}|{_POST.pattern})")
_HOLDER = re.compile(rf"(?P<body>.*?(?:会|連盟|機構|組合|薬局|病院|施設))(?:{_ONLY_OFFICE.pattern}|{_POST.pattern})")
_BODY_WITH_POSTS = re.compile("(?:会|連盟|機構|組合|薬局|病院|施設)$")
_DIVISION = re.compile(rf"(?!各|{_BODY})[^、。]{{2,20}}(?:主管|担当)課(?:\([部室]\))?長?")
_DEPARTMENT = re.compile(r"(?:主管|担当)[部局](?:\([部局]\))?$")
# What a brace gives to all its bodies, on a line of its own.
_SHARED = re.compile(rf"(?!各|{_BODY})[^、。]{{1,20}}(?:主管|担当)[部局課](?:\([部局]\))?長?")
# Where the list of addressees stands below the letter: (別記) 殿, and the heading of that list.
LIST = re.compile(r"[(〔【]?別記[0-9]?[)〕】]?")
_ITEM = re.compile(r"[-・○●]|[0-9]{1,2}[.、)]?(?=[^0-9])|\([0-9]{1,2}\)")
_PEER = re.compile(r"(?:会|協会|連盟|機構|組合|学会|財団|センター|長|知事|各位|機関|団体)$")


def is_addressed(line: Line) -> bool:
    """Whether a line of a heading says whom the letter is for, with 殿, 御中, 各位, 様 or あて."""
    return bool(_ADDRESSED.search(line.text)) and not re.search(rf"[。、]$|^{OTHER_LABEL.pattern}", line.text)


def without_honorific(line: Line) -> tuple[list[Line], str]:
    """The parts of the line before and behind its honorific, and the honorific; 各位 belongs to the name."""
    match = _ADDRESSED.search(line.text)
    if not match:
        return [line], ""
    honorific = match["honorific"]
    label = _LABEL.match(line.text)
    name = line.part(label.end() if label else 0, match.end("honorific") if honorific == "各位" else match.start())
    return [part for part in (name, line.part(match.start("behind"))) if part.text], honorific


def read_addressees(lines: list[Line]) -> tuple[list[str], str]:
    """The addressees that the lines name, in their order, and the first honorific."""
    names: list[str] = []
    honorific, behind = "", False
    addressed = False
    for line in lines:
        parts, found = without_honorific(line)
        # A name behind the honorific, on its line or below, was beside it within a brace.
        behind = behind or bool(honorific) or len(parts) > 1
        honorific = honorific or found
        for name in (name for part in parts for name in _names(part)):
            if addressed and (post := _POST_OF_ONE.fullmatch(name)):
                # Each post of one body has an honorific of its own: 会長様, 担当役員様.
                holder = _HOLDER.fullmatch(names[-1])
                names.append(holder["body"] + post["post"] if holder else name)
            elif names and _belongs_to(names[-1], name):
                names[-1] += name
            else:
                names.append(name)
        addressed = bool(found)
    names = _shared_written_out([name for name in names if name != "各" and (name != "各位" or names == ["各位"])])
    return _brace_opened(names, behind), honorific


def _belongs_to(above: str, name: str) -> bool:
    """Whether a line names a post or a division of what the line above names, or the rest of its name."""
    return bool(
        _ONLY_OFFICE.fullmatch(name)
        or _is_holder(name)
        or re.fullmatch(CORPORATE, above)
        or (_BODY_WITH_POSTS.search(above) and _POST.fullmatch(name))
        or (_DEPARTMENT.search(narrow(above)) and _DIVISION.fullmatch(narrow(name)))
    )


def _is_holder(name: str) -> bool:
    """Whether it is an office with the name of who holds it, and the organisation stands elsewhere."""
    match = OFFICE.fullmatch(name)
    return bool(match and match["name"] and not match["organisation"])


def _names(line: Line) -> list[str]:
    """The names of one line: those between /, 、 or ・各, and those that spaces divide if each is a body of its own."""
    cuts = [match.span() for match in re.finditer(r"(?:[/、]|(?<=[長事])・(?=各))(?![^(]*\))", line.text)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(line.text)]
    parts = [line.part(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    return [name for part in parts for name in _spaced_names(part)]


def _spaced_names(part: Line) -> list[str]:
    words: list[str] = []
    for word in _opened(part.words()):
        belongs = words and (
            word.text[0] in "(・)"
            or word.text == "各位"
            or _ONLY_OFFICE.fullmatch(word.text)
            or (_POST.fullmatch(word.text) and _BODY_WITH_POSTS.search(words[-1]))
            or words[-1][-1] in "(・"
            or re.fullmatch(rf"各|{CORPORATE}", words[-1])
        )
        if belongs:
            words[-1] += word.tidy
        else:
            words.append(word.tidy)
    return words if len(words) > 1 and all(_PEER.search(word) for word in words) else [part.tidy]


def _opened(words: list[Line]) -> list[Line]:
    """The words with a 各 cut off that belongs to the next one: it is letter-spaced with the word before."""
    cuts = [len(word.text) - (len(word.text) > 1 and word.text.endswith("各")) for word in words]
    halves = [half for word, cut in zip(words, cuts, strict=True) for half in (word.part(0, cut), word.part(cut))]
    return [half for half in halves if half.text]


def _brace_opened(names: list[str], behind: bool) -> list[str]:
    """The names with an office that a brace gave to several bodies written out for each.

    Extraction leaves the office beside one of the bodies. It is that body's own where it is the only or the first one,
    unless bodies stand `behind` the honorific.
    """
    matches = [match for name in names if (match := _BODIES.fullmatch(name))]
    if not names or len(matches) < len(names):
        return names
    bodies = [re.findall(_BODY, match["bodies"]) for match in matches]
    offices = [match["office"] for match in matches]
    own = offices[0] and len(bodies[0]) == 1 and not behind
    if len(list(filter(None, offices))) == 1 and sum(map(len, bodies)) > 1 and not own:
        return [body + "".join(offices) for group in bodies for body in group]
    return names


def _shared_written_out(names: list[str]) -> list[str]:
    """The names with the one office that stands on a line of its own written out for each of the bodies around it."""
    shared = [name for name in names if _SHARED.fullmatch(narrow(name))]
    bodies = [name for name in names if re.fullmatch(rf"各?{_BODY}", name)]
    if len(shared) == 1 and len(bodies) > 1 and len(names) == len(bodies) + 1:
        return [body + shared[0] for body in bodies]
    return names


def is_addressee_line(text: str, addressed: list[Line]) -> bool:
    """Whether a line right after the honorific goes on naming addressees as the lines `addressed` did."""
    if TRAILING_BODIES.match(text):
        return True
    starts = {match[0] for line in addressed if (match := re.match(rf"各|{CORPORATE}", line.text))}
    return any(text.startswith(start) for start in starts) and bool(ORGANISATION_END.search(text) or _PEER.search(text))


def read_list_below(lines: list[Line]) -> list[Line]:
    """The lines of the list to which 別記 points, its heading first; empty where none stands below."""
    start = next((index for index, line in enumerate(lines) if LIST.fullmatch(line.text)), len(lines))
    stop = start + 1
    while stop < len(lines) and not (lines[stop].apart and stop > start + 1) and _listed_name(lines[stop]):
        stop += 1
    return lines[start:stop] if stop > start + 1 else []


def listed_names(listed: list[Line]) -> list[str]:
    """The addressees that such a list names."""
    return [name for line in listed[1:] if (name := _listed_name(line))]


def _listed_name(line: Line) -> str:
    item = _ITEM.match(line.text)
    parts, _ = without_honorific(line.part(item.end() if item else 0))
    name = parts[0] if parts else line
    return name.tidy if ORGANISATION_END.search(name.text) or _PEER.search(name.text) else ""
