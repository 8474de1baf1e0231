"""Delivery status notifications (RFC 3464; in UTF-8 RFC 6533): what stands in their fields, recipient by recipient."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from notices.distribution.bounces import parts
from notices.distribution.bounces.failure import ADDRESS, Failure, Kind, failing_class, once, statuses

STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status", "text/delivery-status"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # of a letter beyond ASCII, RFC 6533 section 3
_TYPE = re.compile(r"\A\s*(?:smtp|x-[\w-]{1,60}|unix|dns|x\d{1,9})\s*;\s*", re.IGNORECASE)
_RECIPIENT = ("final-recipient", "original-recipient")

Fields = dict[str, str]


def reported(message: Message) -> list[Failure | None] | None:
    """What the mail's own status parts report, one entry a recipient: a failure, or None for a message that went on.

    None where the mail holds no such report, or none that names what became of anybody.
    """
    found = [
        fields
        for part in parts.own_parts(message)
        if part.get_content_type() in STATUS_PARTS
        for fields in recipients(parts.decoded(parts.source(part)))
    ]
    return [_failure(fields) for fields in found] or None


def in_text(text: str) -> list[Failure | None]:
    """The same from the fields in a text, as a mail has them that lost its parts on the way."""
    if "-recipient:" not in text.lower():
        return []
    return [_failure(fields) for fields in recipients(text)]


def recipients(text: str) -> Iterator[Fields]:
    """The groups of fields that tell about one recipient each.

    A blank line ends a group; so does, where servers forget that line, a field that the group already has.
    """
    group: Fields = {}
    last = ""
    for line in [*text.splitlines(), ""]:
        if line[:1] in (" ", "\t") and last and line.strip():
            group[last] += " " + line.strip()
            continue
        found = _FIELD.match(line)
        name = found[1].lower() if found else ""
        if not line.strip() or (name in _RECIPIENT and name in group):
            if _tells(group):
                yield group
            group, last = {}, ""
        if found and name not in group:
            group[name] = found[2].strip()
            last = name


def _tells(group: Fields) -> bool:
    names = {"action", "status", "diagnostic-code"}
    return bool(names & group.keys()) and ("action" in group or any(name in group for name in _RECIPIENT))


def _failure(fields: Fields) -> Failure | None:
    reply = _TYPE.sub("", parts.unfolded(fields.get("diagnostic-code", "")))
    status = _status(fields, reply)
    kind, over = _verdict(fields.get("action", "").lower(), status, reply)
    if kind is Kind.NONE:
        return None
    addresses = once(_address(fields.get(name, "")) for name in ("original-recipient", "final-recipient"))
    failure = Failure("", kind, over, status, reply)
    return replace(failure, address=addresses[0], others=addresses[1:]) if addresses else failure


def _verdict(action: str, status: str, reply: str) -> tuple[Kind, bool]:
    """The kind, and whether it is over. Some servers comment on the action, call it an error, or leave it out."""
    if action.startswith(("deliver", "relay", "expand")):
        return Kind.NONE, False
    if action.startswith("delay"):
        return Kind.TEMPORARY, False
    if action.startswith("expire"):
        return Kind.TEMPORARY, True
    degree = int(status[0]) if status else failing_class(reply)
    if action.startswith(("fail", "error", "undeliver")):
        # Given up after days of trying: the address may be as good as any.
        return (Kind.TEMPORARY, True) if degree == 4 else (Kind.PERMANENT, True)
    return {5: (Kind.PERMANENT, True), 4: (Kind.TEMPORARY, False)}.get(degree, (Kind.NONE, False))


def _status(fields: Fields, reply: str) -> str:
    """The status field; what the last server said where that field is missing or says nothing (x.0.0)."""
    given = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", fields.get("status", ""))
    said = statuses(reply)
    if given and not given[1].endswith(".0.0") and given[1][0] != "2":
        return given[1]
    if said and not (given and given[1][0] in "45" and said[0][0] != given[1][0]):
        return said[0]
    return given[1] if given and given[1][0] in "45" else ""


def _address(value: str) -> str:
    """The address in `rfc822;user@host`, `utf-8; …`, `<user@host>`; empty where there is none (X.400, say)."""
    value = _ESCAPED.sub(_letter, parts.unfolded(value))
    value = (value.partition(";")[2] or value).strip()
    if found := ADDRESS.search(value):
        return found[0]
    bare = re.match(r"<?([^\s<>()@]{1,128}@[^\s<>()@]{1,255}?)>?\.?(?:\s|$)", value)
    return bare[1] if bare else ""


def _letter(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF and number > 0x20 else ""
