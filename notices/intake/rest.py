"""What came with a packet and is no letter (guides, forms): to which attachment it belongs, and what is left to ask."""

import re
from collections.abc import Iterator
from typing import Any

from members.numerals import squeeze
from notices.intake.attachments import is_label
from notices.intake.lines import split_lines
from notices.intake.reading import letters_named

# Above its text a guide may have a label and the name of its office.
TOP_LINES = 4
# How a form names the rest among what an attachment may be.
REST = "rest"
SHORTEST_TITLE = 4
_TOP = re.compile(r"\s*[^\s][^\n\f]*")
OTHERS_FIT = (
    "手引きなど残りの文章を「{taken}」の中身としましたが、「{others}」の中身かもしれません。"
    "「直す」を開き、「中身」で確かめてください。"
)
NOT_FOUND = (
    "「{label}」がこの受領文書のどれなのか、決められませんでした。文書{letters}は、どの別添にもなっていません。"
    "「直す」を開き、「中身」で選んでください。ここにないときは「なし」のままで構いません。"
)


def rest_of(kept: dict[str, Any], text: str) -> str:
    """The parts of the packet's text that belong to no letter (guides, forms), without the labels stamped on top."""
    return "\n\n".join(part for start, end in kept["remainder"] if (part := _without_label(text[start:end])))


def _without_label(part: str) -> str:
    while (top := _TOP.match(part)) and all(map(is_label, split_lines(top[0]))):
        part = part[top.end() :].lstrip()
    return part.strip("\n")


def give(kept: dict[str, Any], text: str, order: list[int]) -> None:
    """Make the rest of the text the content of the attachment whose title stands above it.

    Else of the first that is neither a letter nor an address, by the `order` of their letters; where more of its letter
    are left, that letter gets a doubt.
    """
    rest = rest_of(kept, text)
    without = [(index, attachment) for index in order for attachment in _without_content(kept["letters"][index])]
    if not rest or not without:
        return
    named = next((found for found in without if _is_title_of(found[1]["title"], kept["remainder"], text)), None)
    index, attachment = named or without[0]
    attachment["text"] = rest
    others = [other["label"] for other in _without_content(kept["letters"][index]) if not _is_reference(other)]
    if not named and others:
        told = OTHERS_FIT.format(taken=attachment["label"], others="」「".join(others))
        _doubt(kept["letters"][index], attachment["title"], told)


def ask(kept: dict[str, Any], top: int) -> None:
    """Doubt each attachment without content that may be a letter of the packet which nothing encloses."""
    enclosed = {inner for inner, _ in kept["chain"]}
    for index, letter in enumerate(kept["letters"]):
        free = [other for other in range(index + 1, len(kept["letters"])) if other not in enclosed and other != top]
        for attachment in _without_content(letter):
            if free and not _is_reference(attachment):
                told = NOT_FOUND.format(label=attachment["label"], letters=letters_named(free))
                _doubt(letter, attachment["title"], told)


def _without_content(letter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for attachment in letter["attachments"]:
        if attachment["letter"] is None and not attachment["url"] and not attachment["text"]:
            yield attachment


def _is_reference(attachment: dict[str, Any]) -> bool:
    return attachment["label"].startswith("参考")


def _is_title_of(title: str, remainder: list[list[int]], text: str) -> bool:
    """Whether the title is that on top of a part of the rest, what either has in brackets left out."""
    wanted = _core(title)
    for start, end in remainder:
        top = [line for line in text[start:end].splitlines() if line.strip()][:TOP_LINES]
        if any(_alike(wanted, _core(line)) for line in top) or _alike(wanted, _core("".join(top[:2]))):
            return True
    return False


def _alike(title: str, line: str) -> bool:
    return min(len(title), len(line)) >= SHORTEST_TITLE and (title in line or line in title)


def _core(title: str) -> str:
    return re.sub(r"\([^()]*\)|[「」『』]", "", squeeze(title))


def _doubt(letter: dict[str, Any], raw: str, message: str) -> None:
    letter["warnings"].append({"field": "attachments", "raw": raw, "message": message, "settled": False})
