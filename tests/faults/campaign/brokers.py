"""Redis loses everything, goes away and comes back."""

import time
from itertools import pairwise

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import PATIENTLY, World

LONGEST_PAUSE_SECONDS = 120


def losses(world: World, scale: Scale) -> Outcome:
    """A release while Redis is away; then it is flushed, stopped for a while or killed, in turn."""
    with world.workers(2):
        world.sink.order(PATIENTLY)
        world.redis.stop()
        release = world.release()
        world.wait_taken(1)
        world.redis.start()
        messages = world.messages(release)
        for number in range(scale.losses):
            world.wait_taken(messages * (number + 1) // (scale.losses + 1))
            if number % 3 == 0:
                world.redis.client.flushall()
            else:
                if number % 3 == 2:
                    world.redis.process.kill()
                world.redis.stop()
                time.sleep(scale.chance.uniform(0, 2))
                world.redis.start()
        world.wait_sent(release)
    outcome = judge(world, release)
    if scale.timed:
        times = [one.taken for one in world.sink.taken()]
        pause = max(later - earlier for earlier, later in pairwise(times))
        outcome.expect(pause <= LONGEST_PAUSE_SECONDS, f"nothing went out for {pause:.0f} s")
    return outcome
