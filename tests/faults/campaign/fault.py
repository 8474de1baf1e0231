"""What a fault is, and how large it is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.faults.campaign.verdict import Outcome
from tests.faults.campaign.world import World


@dataclass
class Scale:
    """How often things go wrong; `chance` says when. `timed` also holds what is measured in seconds to its limits."""

    kills: int
    losses: int
    points: int
    racers: int
    seed: int
    timed: bool
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)


@dataclass(frozen=True)
class Fault:
    """`what` says what is done, in figures of the scale; `only` names the database that it is about, if any."""

    name: str
    what: str
    run: Callable[[World, Scale], Outcome]
    only: str = ""
