"""The database restarts, or is locked, during release and sending."""

import time

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import PATIENTLY, Refused, World
from tests.servers.postgresql import FAST, IMMEDIATE

# So long a writer waits for another one on SQLite (settings.DATABASES).
PATIENCE_SECONDS = 20


def restarts(world: World, scale: Scale) -> Outcome:
    """PostgreSQL is stopped (fast) and crashed (immediate) in turn, half of the times during a release."""
    outcome = Outcome()
    with world.workers(2):
        world.sink.order(PATIENTLY)
        notice = world.draft()
        for number in range(scale.losses // 2):
            world.sink.forget()
            world.staff.ask("release", notice)
            time.sleep(scale.chance.uniform(0, 1.5))
            world.postgresql.restart(IMMEDIATE if number % 2 else FAST)
            try:
                world.staff.answer()
            except Refused:
                time.sleep(0.1)  # the connection broke: what became of the release is seen below
            release = released(world, notice, outcome)
            if release:
                world.wait_sent(release)
                outcome += judge(world, release, most_extra=2)
                notice = world.draft()
        release = world.release()
        messages = world.messages(release)
        crashes = scale.losses - scale.losses // 2
        for number in range(crashes):
            world.wait_taken(messages * (number + 1) // (crashes + 1))
            world.postgresql.restart(FAST if number % 2 else IMMEDIATE)
        world.wait_sent(release)
    # What was being offered when the database went away has an outcome that could not be recorded.
    outcome += judge(world, release, most_extra=4 * crashes)
    return outcome


def released(world: World, notice: int, outcome: Outcome) -> int | None:
    """The notice's release when it is out; complains when it is neither out as a whole nor absent as a whole."""
    [plan] = world.database.rows("SELECT id, state FROM notices_release WHERE notice_id = :notice", notice=notice)
    counted = {
        "receipts": world.database.value("SELECT count(*) FROM notices_receipt WHERE release_id = :id", id=plan["id"]),
        "numbers": world.database.value("SELECT count(*) FROM notices_documentnumber WHERE notice_id = :id", id=notice),
        "events": world.database.value(
            "SELECT count(*) FROM members_event WHERE verb = 'notice.released' AND subject_id = :id", id=notice
        ),
    }
    out = plan["state"] != "prepared"
    # The number is the letter's since its approval.
    whole = {"numbers": 1} | ({"receipts": world.recipients, "events": 1} if out else {"receipts": 0, "events": 0})
    outcome.expect(counted == whole, f"a release in state {plan['state']} has {counted}")
    return plan["id"] if out else None


def locked(world: World, scale: Scale) -> Outcome:
    """Another program holds SQLite's lock: during sending, and then for longer than a release waits."""
    outcome = Outcome()
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        world.wait_taken(world.messages(release) // 4)
        with world.database.locked():
            time.sleep(3)
        world.wait_sent(release)
        # A message whose outcome could not be recorded may go out again.
        outcome += judge(world, release, most_extra=4)
        if scale.timed:
            notice = world.draft()
            with world.database.locked():
                outcome.expect(_refused(world, notice), "a release in a locked database was not refused")
            outcome.expect(released(world, notice, outcome) is None, "a refused release is out")
    return outcome


def _refused(world: World, notice: int) -> bool:
    try:
        world.staff.act("release", notice)
    except Refused as refusal:
        return "locked" in str(refusal)
    return False
