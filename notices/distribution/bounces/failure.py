"""What a bounce says of one recipient, in the terms of the standards."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a mail says of a message: it will never arrive, it has not for now, or nothing."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    NONE = "none"


@dataclass(frozen=True)
class Failure:
    """One recipient that a message did not reach.

    `address` is the one it was sent to, as far as the report knows; `others` are those it became on its way. `status`
    is an enhanced status code (RFC 3463) or empty, `reply` what the last server said. `over`: nobody tries any more,
    also where the kind is temporary (the server was away until the sender gave up, say).
    """

    address: str
    kind: Kind
    over: bool
    status: str = ""
    reply: str = ""
    others: tuple[str, ...] = ()


# Bounded, so that a line of a million letters costs no more than its length.
ADDRESS = re.compile(
    r"""(?:"[^"\s@]{1,64}"|[A-Za-z0-9!#$%&*+/=?^_`{|}~.-][A-Za-z0-9!#$%&*+/=?^_`{|}~.'-]{0,127})"""
    r"""@(?:[A-Za-z0-9_-]{1,63}\.){1,10}[A-Za-z][A-Za-z0-9-]{1,62}"""
)
_ENHANCED = re.compile(r"(?<![\d.])([245])[.](\d{1,3})[.](\d{1,3})(?![\d]|\.\d)")
# Replies (RFC 5321, 4954, 7504 and what is seen); other numbers of three digits are other things.
_REPLY = re.compile(
    r"(?<![\w.#:/-])(4(?:21|22|31|32|50|51|52|54|55)|5(?:0[0-4]|1[0-9]|2[123]|3[0458]|41|5[0-9]|7[0-9]))(?=[\s:;,\-–)<\"']|$)"
)


def statuses(text: str) -> list[str]:
    """The enhanced status codes of failures in a text, in their order."""
    return [found[0] for found in _ENHANCED.finditer(text) if found[1] != "2"]


def failing_class(text: str) -> int:
    """5 or 4 by the first code of a server in the text, an enhanced one before a plain reply; 0 without any."""
    if found := statuses(text):
        return int(found[0][0])
    found = _REPLY.search(text)
    return int(found[0][0]) if found else 0


def once(values: Iterable[str]) -> tuple[str, ...]:
    """The values without the empty and the repeated, case not counting."""
    found: dict[str, str] = {}
    for value in filter(None, values):
        found.setdefault(value.casefold(), value)
    return tuple(found.values())
