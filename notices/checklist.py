"""設定手順 as they are numbered for one kind of device: the same on a pharmacy's page, in the 操作方法 and by FAX."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notices.models import Notice, Step


@dataclass(frozen=True)
class Line:
    """One step to tick, with its number from 1, counted over PC and device."""

    number: int
    step: Step


@dataclass(frozen=True)
class Chapter:
    """Steps under one heading: 「PC の設定」, 「端末の設定（Android）」."""

    heading: str
    lines: list[Line]


@dataclass
class Checklist:
    """The steps in their order, the PC's before the device's. `asks_device`: some are for one kind of device only."""

    pc: list[Line] = field(default_factory=list)
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
    for group, place in ((Step.Group.PC, found.pc), (Step.Group.DEVICE, found.device)):
        for step in (step for step in mine if step.group == group):
            number += 1
            place.append(Line(number, step))
    return found


def chapters(steps: Iterable[Step]) -> Iterator[Chapter]:
    """The PC's steps, then the devices': kinds of device with the same steps share a chapter."""
    if pc := checklist(steps, "").pc:
        yield Chapter("PC の設定", pc)
    kinds: dict[tuple[int, ...], list[Step.Device]] = {}
    lists = {device: checklist(steps, device).device for device in Step.Device}
    for device, lines in lists.items():
        kinds.setdefault(tuple(line.step.pk for line in lines), []).append(device)
    for devices in kinds.values():
        if lines := lists[devices[0]]:
            named = "・".join(device.label for device in devices)
            yield Chapter("端末の設定" if len(kinds) == 1 else f"端末の設定（{named}）", lines)
