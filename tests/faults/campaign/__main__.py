"""bin/faults: the full campaign, or some of it."""

import argparse
import sys
from random import SystemRandom

from tests.faults.campaign import table
from tests.faults.campaign.fault import Scale
from tests.faults.campaign.world import World

DISTRICTS = 24


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/faults", description="Faults of delivery, with real processes.")
    parser.add_argument("--recipients", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--losses", type=int, default=20, help="of Redis, and of PostgreSQL")
    parser.add_argument("--points", type=int, default=100, help="corrections at random points")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these faults")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], action="append", help="default: both")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    asked = parser.parse_args()
    good = True
    for database in asked.database or ["postgresql", "sqlite"]:
        try:
            faults = table.chosen(asked.only, database)
        except LookupError as error:
            parser.error(f"no such fault: {error}; there are {', '.join(fault.name for fault in table.FAULTS)}")
        scale = Scale(asked.kills, asked.losses, asked.points, racers=50, seed=asked.seed, timed=True)
        say(f"\n== {database}, {asked.recipients} recipients, --seed {asked.seed}, {table.load()}\n{table.HEAD}")
        world = World(DISTRICTS, asked.recipients - DISTRICTS, database == "postgresql")
        try:
            for line in table.campaign(world, faults, scale):
                say(str(line))
                good = good and line.outcome.good
        finally:
            world.close()
    say("\nNobody was missed." if good else "\nNot everything went as it should: see above.")
    return 0 if good else 1


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
