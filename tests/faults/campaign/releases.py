"""What staff do at the same time: release twice, correct what is being sent, change the roster."""

import time

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import PATIENTLY, World

# As many as two web servers of four threads each; each makes its PDF, which takes a processor a second.
PROGRAMS = 8


def double_release(world: World, scale: Scale) -> Outcome:
    """The same notice released by several at the same moment: one does, the others see its result."""
    with world.workers(2):
        notice = world.draft()
        world.sink.forget()
        results = world.staff.act("race", notice, PROGRAMS)["results"]
        release = world.database.value("SELECT id FROM notices_release WHERE notice_id = :notice", notice=notice)
        world.wait_sent(release)
    outcome = judge(world, release)
    expected = ["already released"] * (PROGRAMS - 1) + ["released"]
    outcome.expect(sorted(results) == expected, f"the releases ended as {sorted(set(results))}")
    return outcome


def correction(world: World, scale: Scale) -> Outcome:
    """Corrections of releases to two districts, at random points of their sending."""
    outcome = Outcome()
    with world.workers(2):
        for _ in range(scale.points):
            world.sink.order(PATIENTLY)
            old = world.release(districts=2)
            world.wait_taken(int(world.messages(old) * scale.chance.uniform(0, 0.8)))
            time.sleep(scale.chance.uniform(0, 0.1))
            notice = world.database.value("SELECT notice_id FROM notices_release WHERE id = :id", id=old)
            corrected = world.staff.act("correct", notice)
            world.wait_sent(corrected["release"])
            world.wait(lambda old=old: world.unfinished(old) == 0, "the old release to end")
            outcome += _corrected(world, old, corrected["release"], corrected["at"])
    return outcome


def _corrected(world: World, old: int, new: int, at: float) -> Outcome:
    """Nobody is sent the old message once the new one is out; each who has both got the new one last."""
    outcome = judge(world, new)
    outcome += judge(world, old, stopped=True)
    olds = {row["key"]: row["address"] for row in world.deliveries(old)}
    news = {row["key"]: row["address"] for row in world.deliveries(new)}
    sent = [(one, one.message_id.partition("@")[0]) for one in world.sink.taken()]
    begun = {news[key]: one.begun for one, key in sent if key in news}
    for one, key in sent:
        if key in olds:
            late = one.begun - at
            outcome.expect(late <= 0, f"an old message was begun {late:.3f} s after the correction was out")
            address = olds[key]
            outcome.expect(begun.get(address, at) >= one.taken, f"{address} got the old message after the new one")
    return outcome


def roster_changes(world: World, scale: Scale) -> Outcome:
    """While it is sent, every mailbox gets another address and pharmacies change their district."""
    with world.workers(2):
        world.sink.order(PATIENTLY)
        release = world.release()
        before = _addressed(world, release)
        world.wait_taken(world.messages(release) // 4)
        world.database.change("UPDATE members_mailbox SET address = 'new-' || address WHERE usable")
        world.database.change(
            "UPDATE members_organisation SET parent_id = (SELECT min(id) FROM members_organisation"
            " WHERE kind = 'district') WHERE kind = 'pharmacy'"
        )
        world.wait_sent(release)
    outcome = judge(world, release)
    outcome.expect(_addressed(world, release) == before, "what was released has drifted with the roster")
    return outcome


def _addressed(world: World, release: int) -> list[tuple]:
    """Whom the release is for, in which district, and where they are written to."""
    rows = world.database.rows(
        "SELECT r.organisation_id, r.district_id, d.channel, d.address FROM notices_receipt r"
        " LEFT JOIN notices_delivery d ON d.receipt_id = r.id WHERE r.release_id = :release",
        release=release,
    )
    return sorted(tuple(map(str, row.values())) for row in rows)
