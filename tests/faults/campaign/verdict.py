"""What must hold after every fault, read from the database and from what the mail server took."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.faults.campaign.reading import Row
from tests.faults.campaign.world import World

# The best of a receipt's messages is its reach; what is being sent still waits.
RANKS = ["sent", "waiting", "sending", "other", "failed", "stopped"]
ONCE = ("notice.released", "release.superseded", "delivery.failed", "delivery.bounced", "task.raised")


@dataclass
class Outcome:
    """How a release came through a fault. `missed` and `extra` count messages, `wrong` says what else must not be."""

    recipients: int = 0
    missed: int = 0
    extra: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.missed and not self.wrong

    def expect(self, holds: bool, complaint: str) -> None:
        if not holds:
            self.wrong.append(complaint)

    def __iadd__(self, other: "Outcome") -> "Outcome":
        self.recipients += other.recipients
        self.missed += other.missed
        self.extra += other.extra
        self.wrong += other.wrong
        return self


def judge(
    world: World, release: int, *, failed: Collection[str] = (), most_extra: int = 0, stopped: bool = False
) -> Outcome:
    """The outcome of a release in which only the addresses `failed` may be not reached; or whoever, once `stopped`."""
    deliveries = world.deliveries(release)
    mails = [row for row in deliveries if row["channel"] == "email"]
    receipts = world.database.rows("SELECT * FROM notices_receipt WHERE release_id = :release", release=release)
    outcome = Outcome(recipients=len(receipts))
    copies = _copies(world, outcome)
    for row in mails:
        taken = copies.get(row["key"], [])
        if row["address"] in failed:
            outcome.expect(row["state"] == "failed" and not taken, f"{row['address']} is {row['state']}, not failed")
            continue
        if stopped and row["state"] == "stopped":
            outcome.expect(not taken, f"the message to {row['address']} is stopped, but was taken")
            continue
        outcome.missed += not taken or row["state"] != "sent"
        outcome.extra += max(0, len(taken) - 1)
        outcome.expect(row["state"] != "sent" or bool(taken), f"{row['address']} is sent, but nobody took it")
        outcome.expect(set(taken) <= {row["address"]}, f"the message to {row['address']} went to {set(taken)}")
    outcome.expect(outcome.extra <= most_extra, f"{outcome.extra} extra copies, at most {most_extra} were expected")
    _reconcile(world, release, receipts, deliveries, outcome)
    _blame(world, failed, outcome)
    _history(world, release, outcome)
    outcome.wrong += world.database.complaints()
    return outcome


def _copies(world: World, outcome: Outcome) -> dict[str, list[str]]:
    """Whom each message was taken for, by the left part of its Message-ID: a copy with another one is a stranger.

    But the day's seal, which the first worker to come mails to the administrators, may arrive among them.
    """
    sealed = world.database.rows("SELECT a.email FROM members_sealmail m JOIN members_account a ON a.id = m.account_id")
    administrators = {row["email"] for row in sealed}
    known = {
        str(row["key"]).replace("-", "")
        for row in world.database.rows("SELECT message_key AS key FROM notices_delivery")
    }
    copies: dict[str, list[str]] = defaultdict(list)
    for one in world.sink.taken():
        if administrators.issuperset(one.recipients):
            continue
        key = one.message_id.partition("@")[0]
        outcome.expect(key in known, f"a message with the unknown Message-ID {one.message_id}")
        outcome.expect(len(one.recipients) == 1, f"one message for {one.recipients}")
        copies[key] += one.recipients
    return copies


def _reconcile(world: World, release: int, receipts: list[Row], deliveries: list[Row], outcome: Outcome) -> None:
    """Each reach is the best of its messages, and the site's own totals add up to recipients and messages."""
    states = defaultdict(list)
    for row in deliveries:
        states[row["receipt_id"]].append(row["state"])
    for receipt in receipts:
        best = min(states[receipt["id"]], key=RANKS.index, default="failed").replace("sending", "waiting")
        outcome.expect(receipt["reach"] == best, f"receipt {receipt['id']} says {receipt['reach']}, not {best}")
    number = world.database.value(
        "SELECT n.text FROM notices_documentnumber n JOIN notices_release r ON r.notice_id = n.notice_id"
        " WHERE r.id = :release",
        release=release,
    )
    totals = world.staff.act("totals", number)
    both = [totals["pharmacies"], totals["districts"]]
    for tally in both:
        parts = sum(tally[name] for name in ("sent", "waiting", "other_channel", "failed", "stopped"))
        outcome.expect(tally["recipients"] == parts, f"{tally} does not add up")
    outcome.expect(sum(tally["recipients"] for tally in both) == len(receipts), f"totals of {len(receipts)}: {both}")
    counted, messages = Counter(row["state"] for row in deliveries), totals["messages"]
    outcome.expect({s: n for s, n in messages.items() if n} == dict(counted), f"{messages} is not {dict(counted)}")


def _blame(world: World, failed: Collection[str], outcome: Outcome) -> None:
    """No address is held to be bad but those that are."""
    before = world.blamed
    world.note_blamed()
    blamed = world.blamed - before - set(failed)
    outcome.expect(not blamed, f"{len(blamed)} blamed without reason: {sorted(blamed)[:5]}")


def _history(world: World, release: int, outcome: Outcome) -> None:
    """What happens once is recorded once."""
    events = world.database.rows("SELECT verb, subject_kind, subject_id FROM members_event")
    found = Counter((row["verb"], row["subject_kind"], row["subject_id"]) for row in events if row["verb"] in ONCE)
    twice = [f"{verb} of {kind} {key}" for (verb, kind, key), number in found.items() if number > 1]
    outcome.expect(not twice, f"recorded more than once: {twice[:5]}")
    notice = world.database.value("SELECT notice_id FROM notices_release WHERE id = :release", release=release)
    outcome.expect(
        found["notice.released", "notice", notice] == 1, f"the release of notice {notice} is not recorded once"
    )
