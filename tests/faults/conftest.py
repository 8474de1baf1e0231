"""A site with real workers, servers and a database of its own, to which faults happen one after the other."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import DATABASE_URL
from tests.faults.campaign import table
from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome
from tests.faults.campaign.world import World

DATABASE = "postgresql" if DATABASE_URL else "sqlite"
SMALL = Scale(kills=4, losses=2, points=2, racers=6, seed=1, timed=False)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """In the run on PostgreSQL with a cluster of its own, otherwise with the embedded database."""
    made = World(districts=4, pharmacies=100, with_postgresql=DATABASE == "postgresql")
    yield made
    made.close()


@pytest.fixture
def through(world: World) -> Callable[[str], Outcome]:
    """How one release comes through the fault of that name."""

    def run(name: str) -> Outcome:
        [fault] = [fault for fault in table.FAULTS if fault.name == name]
        if fault.only not in ("", DATABASE):
            pytest.skip(f"about {fault.only} only")
        return table.run(world, fault, SMALL).outcome

    return run
