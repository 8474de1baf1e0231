"""All faults, run one after the other; the table of what became of them."""

import os
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.faults.campaign import brokers, clocks, databases, disks, pages, processes, releases, servers
from tests.faults.campaign.fault import Fault, Scale
from tests.faults.campaign.verdict import Outcome
from tests.faults.campaign.world import World

FAULTS = [
    Fault("kills", "{kills} random kill -9 of workers and their children", processes.kills),
    Fault("sleeping", "one of two workers stopped past its lease", processes.sleeping),
    Fault("duplicates", "the same task 50 times at once, five times over", processes.duplicates),
    Fault("poisoned", "one message cannot be written, one kills its worker", processes.poisoned),
    Fault("broker", "released without Redis; {losses} times flushed, stopped, killed", brokers.losses),
    Fault("database", "PostgreSQL {losses} times stopped or crashed", databases.restarts, only="postgresql"),
    Fault("locked", "SQLite locked by another program", databases.locked, only="sqlite"),
    Fault("greylisting", "451 twice for 30 % of the addresses", servers.greylisting),
    Fault("unknown", "550 5.1.1 for three addresses", servers.unknown_address),
    Fault("policies", "530, 535, 550 5.7.1, 554 5.7.1 to everybody, in turn", servers.policies),
    Fault("five", "the same 550 5.1.1 to everybody", servers.same_refusal),
    Fault("refused", "no mail server there for a while", servers.connection_refused),
    Fault("busy", "421 between messages and as greeting", servers.busy),
    Fault("hanging", "no answer to connection, RCPT, DATA", servers.hanging),
    Fault("dot", "no answer to the last dot of nine messages", servers.after_the_dot),
    Fault("double", "one notice released by 8 programs at once", releases.double_release),
    Fault("pressed", "the button of one notice pressed {racers} times at once", pages.pressed),
    Fault("correction", "corrected at {points} random points of the sending", releases.correction),
    Fault("clock", "a worker's clock jumps an hour ahead and back", clocks.jump, only="postgresql"),
    Fault("schedule", "workers killed at the time of a scheduled release", clocks.scheduled),
    Fault("slow", "30 s for an answer; the pages' p95", pages.slow_server),
    Fault("full", "released without room on the disk", disks.full),
    Fault("roster", "addresses and districts changed while sending", releases.roster_changes),
]


@dataclass(frozen=True)
class Line:
    """One fault on one database, and how it ended."""

    fault: Fault
    scale: Scale
    outcome: Outcome
    seconds: float

    def __str__(self) -> str:
        done = self.fault.what.format(**vars(self.scale))
        verdict = "ok" if self.outcome.good else "NOT OK"
        numbers = f"{self.outcome.recipients:>10}{self.outcome.missed:>8}{self.outcome.extra:>7}"
        complaints = "".join(f"\n    {each}" for each in _shortened(self.outcome.wrong))
        return f"{self.fault.name:<12} {done:<62}{numbers}{self.seconds:>8.1f}  {verdict}{complaints}"


HEAD = f"{'fault':<12} {'what was done':<62}{'recipients':>10}{'missed':>8}{'extra':>7}{'seconds':>8}  verdict"


def _shortened(complaints: list[str]) -> list[str]:
    more = len(complaints) - 8
    return complaints if more <= 0 else [*complaints[:8], f"… and {more} more"]


def chosen(names: Iterable[str], database: str) -> list[Fault]:
    """The faults of these names (none: all) that make sense on the database."""
    wanted = set(names)
    if unknown := wanted - {fault.name for fault in FAULTS}:
        raise LookupError(", ".join(sorted(unknown)))
    return [fault for fault in FAULTS if fault.only in ("", database) and (not wanted or fault.name in wanted)]


def run(world: World, fault: Fault, scale: Scale) -> Line:
    """One fault; whatever is left of it is cleared away for the next one."""
    world.note_blamed()
    began = time.monotonic()
    try:
        outcome = fault.run(world, scale)
    except Exception as error:
        outcome = Outcome(wrong=[f"{type(error).__name__}: {error}", *traceback.format_exc().splitlines()[-6:]])
    finally:
        world.settle_down()
    return Line(fault, scale, outcome, time.monotonic() - began)


def campaign(world: World, faults: Iterable[Fault], scale: Scale) -> Iterator[Line]:
    for fault in faults:
        yield run(world, fault, scale)


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
