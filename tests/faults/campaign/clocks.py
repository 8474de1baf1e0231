"""Machines whose clock jumps (Debian's faketime), and releases that wait for their time."""

import signal
import time
from pathlib import Path

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.workers import Worker
from tests.faults.campaign.world import PATIENTLY, World

LATEST_SECONDS = 60


def _hire_with_clock(world: World, offset: str) -> tuple[Worker, Path]:
    """A worker whose clock is off by the offset (faketime(1)), and the file by which that is changed."""
    [library] = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    clock = world.folder / "clock"
    clock.write_text(offset)
    [worker] = world.crew.hire(
        1,
        LD_PRELOAD=str(library),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    world.crew.wait_ready()
    return worker, clock


def jump(world: World, scale: Scale) -> Outcome:
    """One of two workers has its clock jump an hour ahead, then back, while both send."""
    with world.workers(1):
        jumpy, clock = _hire_with_clock(world, "+0")
        world.sink.order(PATIENTLY)
        release = world.release()
        messages = world.messages(release)
        for part, offset in enumerate(["+1h", "-1h", "+0"], start=1):
            world.wait_taken(messages * part // 5)
            clock.write_text(offset)
        world.wait_sent(release)
        world.crew.dismiss([jumpy])
    return judge(world, release)


def scheduled(world: World, scale: Scale) -> Outcome:
    """All workers are killed at the time of a scheduled release; on PostgreSQL one more has its clock an hour ahead."""
    with world.workers(2):
        workers = list(world.crew.workers)
        if world.postgresql:
            _hire_with_clock(world, "+1h")
        notice = world.draft()
        world.sink.forget()
        planned = world.staff.act("schedule", notice, 6)["at"]
        time.sleep(max(0, planned - time.time() - 0.2))
        early = len(world.sink.taken())
        for worker in workers:
            worker.signal(signal.SIGKILL)
        [plan] = world.database.rows("SELECT id FROM notices_release WHERE notice_id = :notice", notice=notice)
        world.wait_sent(plan["id"])
        world.crew.dismiss(world.crew.workers[2:])
    outcome = judge(world, plan["id"])
    outcome.expect(not early, "it went out before its time")
    if scale.timed:
        late = world.sink.taken()[0].begun - planned
        outcome.expect(late <= LATEST_SECONDS, f"it went out {late:.0f} s late")
    return outcome
