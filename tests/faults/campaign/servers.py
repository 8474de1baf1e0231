"""What a mail server may answer, or not answer."""

import time

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import PATIENTLY, TIMEOUT_SECONDS, World
from tests.servers.sink import Rule

UNKNOWN = "550 5.1.1 user unknown"
# Where they are given, and what they say about us.
POLICIES = [
    ("mail", "530 5.7.0 authentication required"),
    ("mail", "535 5.7.8 authentication credentials invalid"),
    ("rcpt", "550 5.7.1 your host is not allowed here"),
    ("final", "554 5.7.1 looks like spam"),
]


def greylisting(world: World, scale: Scale) -> Outcome:
    """451 4.7.1 for 30 % of the addresses, twice each."""
    with world.workers(2):
        world.sink.order(Rule("rcpt", "451 4.7.1 greylisted, try again later", share=0.3, tries=2))
        release = world.release()
        world.wait_sent(release)
    return judge(world, release)


def unknown_address(world: World, scale: Scale) -> Outcome:
    """550 5.1.1 for three addresses, named to staff in plain words."""
    refused = world.addresses(3)
    with world.workers(2):
        world.sink.order(Rule("rcpt", UNKNOWN, to=refused), PATIENTLY)
        release = world.release()
        world.wait_sent(release)
    outcome = judge(world, release, failed=refused)
    said = {row["outcome"] for row in world.deliveries(release) if row["state"] == "failed"}
    outcome.expect(said == {"宛先のメールアドレスが存在しません"}, f"the reasons are {said}")
    return outcome


def policies(world: World, scale: Scale) -> Outcome:
    """Four refusals of us (530, 535, 5.7.1 at RCPT and after the message): each pauses the release, staff resume it."""
    outcome = Outcome()
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        messages = world.messages(release)
        for number, (stage, answer) in enumerate(POLICIES):
            world.wait_taken(messages * number // 5)
            world.sink.order(Rule(stage, answer), PATIENTLY)
            _paused_then_resumed(world, release, outcome)
        world.wait_sent(release)
    outcome += judge(world, release)
    return outcome


def _paused_then_resumed(world: World, release: int, outcome: Outcome) -> None:
    """The release pauses itself with a reason and without a failed message; the server is mended, staff resume."""
    world.wait_paused(release)
    time.sleep(1)  # the others give back what they hold
    reason = world.database.value("SELECT paused_reason FROM notices_release WHERE id = :id", id=release)
    outcome.expect(bool(reason), "the release paused without saying why")
    failed = [row["address"] for row in world.deliveries(release) if row["state"] == "failed"]
    outcome.expect(not failed, f"{len(failed)} messages failed while the fault is ours")
    world.sink.order(PATIENTLY)
    world.staff.act("resume", release)


def same_refusal(world: World, scale: Scale) -> Outcome:
    """The same 550 5.1.1 for whoever comes: the release pauses, nobody stays marked bad."""
    outcome = Outcome()
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        world.wait_taken(world.messages(release) // 3)
        world.sink.order(Rule("rcpt", UNKNOWN), PATIENTLY)
        _paused_then_resumed(world, release, outcome)
        world.wait_sent(release)
    outcome += judge(world, release)
    return outcome


def connection_refused(world: World, scale: Scale) -> Outcome:
    """The mail server is not there: the release pauses; it comes back, staff resume."""
    outcome = Outcome()
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        world.wait_taken(world.messages(release) // 3)
        world.sink.stop()
        world.wait_paused(release)
        world.sink.start()
        _paused_then_resumed(world, release, outcome)
        world.wait_sent(release)
    # What was being offered when the server died may have been taken.
    outcome += judge(world, release, most_extra=4)
    return outcome


def busy(world: World, scale: Scale) -> Outcome:
    """421 as greeting and between messages: nobody is to blame, it goes on by itself."""
    with world.workers(2):
        world.sink.order(Rule("mail", "421 4.3.2 shutting down", times=5), Rule("connect", "421 4.3.2 busy", times=3))
        release = world.release()
        world.wait_sent(release)
    return judge(world, release)


def hanging(world: World, scale: Scale) -> Outcome:
    """The server hangs past the time-out: after the connection, at RCPT and before it takes DATA."""
    with world.workers(2):
        too_long = TIMEOUT_SECONDS * 1.5
        hangs = [Rule(stage, seconds=too_long, drops=True, times=2) for stage in ("connect", "rcpt", "data")]
        world.sink.order(*hangs)
        release = world.release()
        world.wait_sent(release)
    return judge(world, release)


def after_the_dot(world: World, scale: Scale) -> Outcome:
    """Nine messages whose last dot is not answered: three hang, three are taken and cut off, three are only cut off."""
    hung, taken, lost = (world.addresses(9)[part : part + 3] for part in (0, 3, 6))
    with world.workers(2):
        world.sink.order(
            Rule("final", seconds=TIMEOUT_SECONDS * 1.5, drops=True, takes=True, to=hung, tries=1),
            Rule("final", drops=True, takes=True, to=taken, tries=1),
            Rule("final", drops=True, to=lost, tries=1),
        )
        release = world.release()
        world.wait_sent(release)
    outcome = judge(world, release, most_extra=6)
    outcome.expect(outcome.extra == 6, f"{outcome.extra} messages were sent again, six had an unknown outcome")
    return outcome
