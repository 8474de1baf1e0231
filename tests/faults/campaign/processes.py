"""Workers that are killed, sleep past their lease, or are rung for more often than there is work."""

import signal
import time

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.reading import Row
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.workers import Worker
from tests.faults.campaign.world import LEASE_SECONDS, PATIENTLY, World
from tests.servers.sink import Rule


def kills(world: World, scale: Scale) -> Outcome:
    """kill -9 of random processes of three workers, main or child, spread over the sending."""
    with world.workers(3):
        world.sink.order(PATIENTLY)
        release = world.release()
        messages = world.messages(release)
        for number in range(scale.kills):
            world.wait_taken(messages * (number + 1) // (scale.kills + 2))
            time.sleep(scale.chance.uniform(0, 0.2))
            world.crew.keep()
            world.crew.kill_one(scale.chance)
        world.wait_sent(release, 300)
    return judge(world, release, most_extra=scale.kills)


def sleeping(world: World, scale: Scale) -> Outcome:
    """SIGSTOP of one of two workers until its lease is over, then it goes on."""
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        world.wait_taken(world.messages(release) // 5)
        sleeper = world.crew.workers[0]
        _stop(world, sleeper)
        try:
            time.sleep(LEASE_SECONDS + 1)
            world.wait(lambda: world.unfinished(release) == 0, "the other worker to take over")
        finally:
            sleeper.signal(signal.SIGCONT)
        world.wait_sent(release)
        time.sleep(1)  # the sleeper finds that it is not wanted
    # What it was offering in its task and in its sweep may have been taken, unknown to anybody.
    return judge(world, release, most_extra=2)


def _stop(world: World, worker: Worker) -> None:
    """SIGSTOP at a moment at which it does not hold SQLite's one lock, for which everybody would wait with it."""
    worker.signal(signal.SIGSTOP)
    while not world.database.writable():
        worker.signal(signal.SIGCONT)
        time.sleep(0.05)
        worker.signal(signal.SIGSTOP)


def duplicates(world: World, scale: Scale) -> Outcome:
    """The same task 50 times at once, again and again while it works; not one copy may be too many."""
    with world.unhurried_workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        messages = world.messages(release)
        for number in range(4):
            world.wait_taken(messages * number // 5)
            world.staff.act("ring", 50)
        world.wait_sent(release)
        world.staff.act("ring", 50)
        time.sleep(2)
    return judge(world, release)


def poisoned(world: World, scale: Scale) -> Outcome:
    """One message that cannot be written, and one over which the process dies, whoever tries it."""
    unwritable, deadly = world.addresses(2)
    broken = f"{unwritable}\nBcc: everybody@evil.example"
    rename = "UPDATE members_mailbox SET address = :new WHERE address = :old"
    world.database.change(rename, new=broken, old=unwritable)
    try:
        with world.workers(1):
            world.sink.order(Rule("rcpt", seconds=30, to=[deadly]))
            before = len(world.sink.applied("rcpt"))
            release = world.release()
            tries = _die_over(world, release, deadly, before)
            world.wait_sent(release)
    finally:
        world.database.change(rename, new=unwritable, old=broken)
    # With the one over which they die, another message may have been under way at each time.
    outcome = judge(world, release, failed=[broken, deadly], most_extra=tries)
    crashes = _message(world, release, deadly)["crashes"]
    outcome.expect(crashes == 3, f"the deadly message was set aside after {crashes} workers had died over it")
    return outcome


def _die_over(world: World, release: int, deadly: str, before: int) -> int:
    """Kills whoever tries the message, until it is set aside; gives how often that was.

    On a busy machine a kill may come after the time-out: the message is put off then, and tried once more. `before` is
    how often the mail server had heard of a deadly address before.
    """
    tries = 0

    def tried_or_set_aside() -> bool:
        return len(world.sink.applied("rcpt")) > before + tries or _is_set_aside(world, release, deadly)

    while True:
        world.wait(tried_or_set_aside, f"try {tries + 1}")
        if _is_set_aside(world, release, deadly):
            return tries
        tries = len(world.sink.applied("rcpt")) - before
        for worker in world.crew.workers:
            worker.signal(signal.SIGKILL)


def _is_set_aside(world: World, release: int, address: str) -> bool:
    return _message(world, release, address)["state"] == "failed"


def _message(world: World, release: int, address: str) -> Row:
    [row] = [row for row in world.deliveries(release) if row["address"] == address]
    return row
