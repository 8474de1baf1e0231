"""設定手順 as they are numbered for one kind of device: the same on a pharmacy's page, in the 操作方法 and by FAX."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notices.models import Notice, Step

# The groups of steps to tick, in the order in which they are numbered.
ORDER = (Step.Group.PC, Step.Group.OTHER, Step.Group.DEVICE)


@dataclass(frozen=True)
class Line:
    """One step to tick, with its number from 1, counted over all groups."""

    number: int
    step: Step


@dataclass(frozen=True)
class Chapter:
    """Steps under one heading: 「PC の設定」, 「その他の手順」, 「端末の設定（Android）」."""

    heading: str
    lines: list[Line]


@dataclass
class Checklist:
    """The steps in their order, the PC's first, the device's last: only their number depends on the kind of device.

    `asks_device`: some are for one kind of device only.
    """

    pc: list[Line] = field(default_factory=list)
    other: list[Line] = field(default_factory=list)
    device: list[Line] = field(default_factory=list)
    references: list[Step] = field(default_factory=list)
    asks_device: bool = False


def has_steps(notice: Notice) -> bool:
    """Whether the notice has a step that somebody ticks; references are none."""
    return any(step.ticked for step in notice.steps.all())


def checklist(steps: Iterable[Step], device: str) -> Checklist:
    """The steps for every device and for that kind; before a kind is chosen ("") only the former."""
    everything = list(steps)
    found = Checklist(asks_device=any(step.device for step in everything))
    mine = [step for step in everything if step.device in ("", device)]
    found.references = [step for step in mine if not step.ticked]
    number = 0
    for group, place in zip(ORDER, (found.pc, found.other, found.device), strict=True):
        for step in (step for step in mine if step.group == group):
            number += 1
            place.append(Line(number, step))
    return found


def chapters(steps: Iterable[Step]) -> Iterator[Chapter]:
    """The PC's steps, those without a device, then the devices': kinds with the same steps share a chapter."""
    listed = checklist(steps, "")
    for heading, lines in (("PC の設定", listed.pc), ("その他の手順", listed.other)):
        if lines:
            yield Chapter(heading, lines)
    kinds: dict[tuple[int, ...], list[Step.Device]] = {}
    lists = {device: checklist(steps, device).device for device in Step.Device}
    for device, lines in lists.items():
        kinds.setdefault(tuple(line.step.pk for line in lines), []).append(device)
    for devices in kinds.values():
        if lines := lists[devices[0]]:
            named = "・".join(device.label for device in devices)
            yield Chapter("端末の設定" if len(kinds) == 1 else f"端末の設定（{named}）", lines)
