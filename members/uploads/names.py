"""Names of files from outside."""

import re
import unicodedata
from pathlib import PurePath

LONGEST = 200
LONGEST_ENDING = 20
NAMELESS = "名前のないファイル"
# No letters: control, direction and joining marks, halves of characters, ends of lines.
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Browsers send line breaks in a name as %0D%0A (HTML Standard, multipart/form-data encoding).
ESCAPED = re.compile("(?:%[01][0-9A-Fa-f])+")


def clean_name(name: str) -> str:
    """The name as it is shown and kept: no folders, nothing unseen, of bounded length, with its ending."""
    name = ESCAPED.sub(" ", re.split(r"[/\\]", name)[-1])
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN).strip()
    if len(name) <= LONGEST:
        return name or NAMELESS
    ending = ending_of(name)
    return name[: LONGEST - len(ending)] + ending


def ending_of(name: str) -> str:
    """The last ending in small letters, with its dot; empty where the name has none."""
    ending = PurePath(name).suffix.lower()
    return ending if len(ending) <= LONGEST_ENDING else ""


def leads_elsewhere(name: str) -> bool:
    """Whether the name climbs out of its folder (`../../x.pdf`)."""
    return ".." in re.split(r"[/\\]", name)
