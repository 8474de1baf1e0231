"""What every test of a fault asserts."""

from collections.abc import Callable

from tests.faults.campaign.verdict import Outcome

Through = Callable[[str], Outcome]


def assert_unharmed(outcome: Outcome) -> None:
    """Nobody was missed; copies, blame, totals and history are as they may be after this fault."""
    assert (outcome.missed, outcome.wrong) == (0, [])
    assert outcome.recipients
