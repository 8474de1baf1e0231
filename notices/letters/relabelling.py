"""別添1 in the texts of a draft: what they cite by its number goes along when the enclosures are numbered anew.

What cites an enclosure that was taken out cites none afterwards (別添●), so that it never names another one unseen;
`unknown` says so until somebody has written it anew.
"""

import re
from collections.abc import Mapping

from notices.models import Notice

# Before の it is what an enclosed letter calls it: 別添1の別添2.
_CITED = re.compile(r"(?<!の)(別添|別紙)([0-9０-９]+|●)")
NONE = "●"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
LETTER = ("body", "items")
COVERING = ("what", "covering_chairs", "covering_pharmacies")


def follow(notice: Notice, labels: Mapping[str, str]) -> None:
    """Rewrite the texts of a held draft; `labels` are the old ones with the new, empty for what was taken out."""
    changed = {old: new for old, new in labels.items() if old != new}
    if not changed or notice.number_fixed:
        return
    for row, fields, changed_at in ((notice, LETTER, ["changed_at"]), (notice.release, COVERING, [])):
        rewritten = {name: _rewritten(getattr(row, name), changed) for name in fields}
        differing = [name for name in fields if rewritten[name] != getattr(row, name)]
        for name in differing:
            setattr(row, name, rewritten[name])
        if differing:
            row.save(update_fields=[*differing, *changed_at])


def _rewritten(text: str, changed: Mapping[str, str]) -> str:
    def new(cited: re.Match[str]) -> str:
        kind, number = cited.groups()
        label = changed.get(kind + number.translate(_NARROW))
        if label is None:
            return cited[0]
        number_now = label.removeprefix(kind) if label else NONE
        return kind + (number_now.translate(_WIDE) if number != number.translate(_NARROW) else number_now)

    return _CITED.sub(new, text)


def unknown(notice: Notice) -> list[str]:
    """What the letter cites as its own enclosure and does not have, in its order, each once."""
    if notice.number_fixed:
        return []
    own = {each.label for each in notice.attachments.all()}
    cited = (kind + number.translate(_NARROW) for kind, number in _CITED.findall(f"{notice.body}\n{notice.items}"))
    return [label for label in dict.fromkeys(cited) if label not in own]
