"""Files that were chosen together with one that was refused: they wait until that one is chosen again.

They lie in a folder for HOURS, in their order; the page carries a signed list of them, which only the account that sent
them can use. Nothing of a packet is made before all of it is taken in. The scan of a decision on paper waits likewise
while something else in its form is mended.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing

from members.models import Account
from members.uploads.names import clean_name
from notices.intake import folders
from notices.intake.arriving import Incoming, LeftOut

HOURS = 24
_SALT = "waiting files"


@dataclass(frozen=True)
class Slot:
    """The place of one of the files that were chosen; without a `path` it is to be chosen again.

    `why` it was refused, in words for the screen.
    """

    name: str
    path: Path | None = None
    why: str = ""

    @property
    def waits(self) -> bool:
        return self.path is not None

    @property
    def left_out(self) -> LeftOut:
        """The file that is missing here, should nobody choose it again."""
        return LeftOut(self.name, self.why)


@dataclass(frozen=True)
class Waiting:
    """The files in the order in which they were chosen, and the `sign` by which the page gives them back."""

    slots: tuple[Slot, ...] = ()
    sign: str = ""

    def __bool__(self) -> bool:
        return bool(self.slots)

    @property
    def gaps(self) -> list[Slot]:
        """Those that are to be chosen again."""
        return [slot for slot in self.slots if not slot.waits]

    @property
    def size(self) -> int:
        """Bytes of those that wait."""
        return sum(slot.path.stat().st_size for slot in self.slots if slot.path)

    def placed(self, chosen: Sequence[Incoming]) -> list[Incoming | Slot]:
        """The files in their order, those that were chosen now in the places of the refused ones, the rest behind them.

        A file takes the place of the one of its name, else the next that is free; a place that stays free is a Slot.
        """
        left = list(chosen)
        named = {slot: file for slot in self.gaps for file in left if clean_name(file.name) == slot.name}
        left = [file for file in left if file not in named.values()]
        files: list[Incoming | Slot] = []
        for slot in self.slots:
            if slot.path:
                files.append(Incoming(slot.name, slot.path.read_bytes()))
            else:
                files.append(named.get(slot) or (left.pop(0) if left else slot))
        return [*files, *left]


def keep(files: Sequence[Incoming | Slot], refused: Mapping[Incoming, str], account: Account) -> Waiting:
    """Let the files wait but for the refused ones, of which is said why, where any are left.

    A Slot goes on being a free place.
    """
    told: list[tuple[str, str, str]] = []
    faults = {file.content: why for file, why in refused.items()}
    for file in files:
        why = file.why if isinstance(file, Slot) else faults.get(file.content)
        digest = hashlib.sha256(file.content).hexdigest() if why is None else ""
        if digest:
            folders.write(_path(account, digest), file.content)
        told.append((clean_name(file.name), digest, why or ""))
    if not any(digest for _, digest, _ in told):
        return Waiting()
    return _waiting(told, account, signing.dumps([account.pk, told], salt=_SALT, compress=True))


def given(sign: str, account: Account) -> Waiting:
    """What waits by this sign; nothing where it is another's or no more there."""
    try:
        owner, told = signing.loads(sign, salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return Waiting()
    found = _waiting(told, account, sign)
    there = owner == account.pk and all(slot.path.exists() for slot in found.slots if slot.path)
    return found if there else Waiting()


def drop(waiting: Waiting) -> None:
    """Remove the files: they were taken in."""
    for slot in waiting.slots:
        if slot.path:
            slot.path.unlink(missing_ok=True)


def clear() -> None:
    """Remove what has waited for HOURS."""
    folders.clear(settings.WAITING_FILES, seconds=HOURS * 3600)


def _waiting(told: Sequence[Sequence[str]], account: Account, sign: str) -> Waiting:
    slots = (Slot(name, _path(account, digest) if digest else None, *why) for name, digest, *why in told)
    return Waiting(tuple(slots), sign)


def _path(account: Account, digest: str) -> Path:
    return settings.WAITING_FILES / f"{account.pk}-{digest}"
