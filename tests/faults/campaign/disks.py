"""The disk is full."""

from tests.faults.campaign.databases import released
from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import Refused, Staff, World

# No file may grow beyond this: neither the letter nor, where it is a file, the database.
FULL = ["prlimit", "--fsize=4096", "--"]


def full(world: World, scale: Scale) -> Outcome:
    """A release by a process that can write no file is refused; with room again it goes out."""
    outcome = Outcome()
    with world.workers(1):
        notice = world.draft()
        cramped = Staff(world.site, before=FULL)
        try:
            said = cramped.act("release", notice)
            outcome.wrong.append(f"released without room for the letter: {said}")
        except Refused as refusal:
            telling = any(word in str(refusal) for word in ("large", "full", "I/O", "space"))
            outcome.expect(telling, f"the refusal does not tell why: {refusal}")
        finally:
            cramped.end()
        outcome.expect(released(world, notice, outcome) is None, "a refused release is out")
        world.sink.forget()
        release = world.staff.act("release", notice)["release"]
        world.wait_sent(release)
    outcome += judge(world, release)
    return outcome
