"""設定手順 as they are numbered for one kind of device: the same on a pharmacy's page and in the 操作方法."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from notices.models import Notice, Step


@dataclass(frozen=True)
class Line:
    """One step to tick, with its number from 1, counted over PC and device."""

    number: int
    step: Step


@dataclass
class Checklist:
    """The steps in their order, the PC's before the device's. `asks_device`: some are for devices, of whatever kind."""

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
    found = Checklist(asks_device=any(step.group == Step.Group.DEVICE for step in everything))
    mine = [step for step in everything if step.device in ("", device)]
    found.references = [step for step in mine if not step.ticked]
    number = 0
    for group, place in ((Step.Group.PC, found.pc), (Step.Group.DEVICE, found.device)):
        for step in (step for step in mine if step.group == group):
            number += 1
            place.append(Line(number, step))
    return found
