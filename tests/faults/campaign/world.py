"""One site with everything around it: database, Redis, mail server, workers, and staff who release notices."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.faults.campaign.reading import Database, Row
from tests.faults.campaign.workers import Crew
from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import RedisServer
from tests.servers.sink import Rule, Sink
from tests.servers.site import ROOT, Site

# Intervals short enough that a fault is over within seconds. Retry times are minutes.
TIMES = {
    "SENDING_LEASE_SECONDS": "4",
    "SENDING_RETRY_MINUTES": "0.02,0.03,0.05",
    "SENDING_REST_SECONDS": "1",
    "SENDING_SWEEP_SECONDS": "1",
    "SENDING_TIMEOUT_SECONDS": "2",
}
LEASE_SECONDS, TIMEOUT_SECONDS = 4, 2
# As on a real site: no message is given up for lost because the machine is busy.
UNHURRIED = {"SENDING_LEASE_SECONDS": "120", "SENDING_TIMEOUT_SECONDS": "20"}
# A mail server that takes its time for each message, so that something can happen meanwhile.
PATIENTLY = Rule("data", seconds=0.02)
serials = count(1)


class Refused(RuntimeError):
    """What staff tried did not work; the message says why."""


class Staff:
    """A process of the site in which staff act, one thing after the other."""

    def __init__(self, site: Site, before: Sequence[str] = ()) -> None:
        with (site.folder / "staff.log").open("ab") as said:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-m", "tests.servers.staff"],
                cwd=ROOT,
                env=site.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )

    def ask(self, act: str, *arguments: object) -> None:
        """Lets them begin; the answer is fetched by `answer`."""
        self.process.stdin.write(json.dumps([act, *map(str, arguments)]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        found = json.loads(self.process.stdout.readline())
        if "complaint" in found:
            raise Refused(found["complaint"])
        return found

    def act(self, act: str, *arguments: object) -> dict[str, Any]:
        self.ask(act, *arguments)
        return self.answer()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class World:
    """`districts` and `pharmacies` say how many there are; `postgresql` is None on the embedded database."""

    districts: int
    pharmacies: int
    with_postgresql: bool
    postgresql: PostgreSQL | None = field(init=False)

    def __post_init__(self) -> None:
        with ExitStack() as ending:
            self.postgresql = PostgreSQL() if self.with_postgresql else None
            if self.postgresql:
                ending.callback(self.postgresql.remove)
            self.site = Site(self.postgresql.make_database("site") if self.postgresql else "")
            ending.callback(self.site.remove)
            self.folder = self.site.folder
            self.redis = RedisServer(self.folder)
            ending.callback(self.redis.stop)
            self.sink = Sink(self.folder / "sink")
            ending.callback(self.sink.stop)
            self.site.environment |= TIMES | {"REDIS_URL": self.redis.url, "EMAIL_URL": self.sink.url}
            self.database = Database(self.site.environment["DATABASE_URL"], self.folder)
            self.site.fill(self.districts, self.pharmacies)
            self.staff = Staff(self.site)
            ending.callback(self.staff.end)
            self.crew = Crew(self.site.environment, self.folder)
            ending.callback(self.crew.end)
            self.recipients = self.database.value(
                "SELECT count(*) FROM members_organisation WHERE kind IN ('district', 'pharmacy')"
            )
            self.blamed: set[str] = set()
            self.close = ending.pop_all().close

    # What staff do ----------------------------------------------------------------------------------------------------

    def draft(self, districts: int = 0) -> int:
        """A new draft to everybody, or to the first districts; gives the notice's id."""
        return self.staff.act("draft", f"届出の様式の変更について（{next(serials)}）", 0, districts)["notice"]

    def release(self, districts: int = 0) -> int:
        """Releases a new notice; gives the release's id. What the mail server took before is forgotten."""
        notice = self.draft(districts)
        self.sink.forget()
        return self.staff.act("release", notice)["release"]

    # What is seen -----------------------------------------------------------------------------------------------------

    def deliveries(self, release: int) -> list[Row]:
        """The release's messages, each with its receipt; `key` is the left part of its Message-ID."""
        found = self.database.rows(
            "SELECT d.*, r.reach, r.organisation_id FROM notices_delivery d"
            " JOIN notices_receipt r ON r.id = d.receipt_id WHERE r.release_id = :release",
            release=release,
        )
        return [row | {"key": str(row["message_key"]).replace("-", "")} for row in found]

    def state(self, release: int) -> str:
        return self.database.value("SELECT state FROM notices_release WHERE id = :release", release=release)

    def unfinished(self, release: int) -> int:
        return self.database.value(
            "SELECT count(*) FROM notices_delivery d JOIN notices_receipt r ON r.id = d.receipt_id"
            " WHERE r.release_id = :release AND d.state IN ('waiting', 'sending')",
            release=release,
        )

    def addresses(self, number: int) -> list[str]:
        """The addresses of so many pharmacies, each of which has no other."""
        rows = self.database.rows(
            "SELECT min(m.address) AS address FROM members_mailbox m JOIN members_organisation o"
            " ON o.id = m.organisation_id WHERE o.kind = 'pharmacy' AND m.usable GROUP BY o.id"
            " HAVING count(*) = 1 ORDER BY o.id"
        )
        middle = len(rows) // 2
        return [row["address"] for row in rows[middle : middle + number]]

    def note_blamed(self) -> None:
        """Addresses that are held to be bad from now on were so before."""
        rows = self.database.rows(
            "SELECT address FROM members_task WHERE closed_at IS NULL"
            " UNION SELECT address FROM members_mailbox WHERE NOT usable"
        )
        self.blamed = {row["address"] for row in rows}

    def messages(self, release: int) -> int:
        """How many messages go by mail."""
        return sum(row["channel"] == "email" for row in self.deliveries(release))

    # Waiting ----------------------------------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = 120) -> Any:
        """The first true value of `condition`; killed workers are replaced meanwhile. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
            self.crew.keep()
            time.sleep(0.05)
        return value

    def wait_taken(self, number: int, seconds: float = 120) -> None:
        """Until the mail server has taken so many messages since the release."""
        self.wait(lambda: len(self.sink.taken()) >= number, f"{number} messages", seconds)

    def wait_sent(self, release: int, seconds: float = 120) -> None:
        """Until the release has nothing left to send and says so."""
        self.wait(lambda: self.state(release) == "sent", f"release {release} to be sent", seconds)

    def wait_paused(self, release: int, seconds: float = 60) -> None:
        self.wait(lambda: self.state(release) == "paused", f"release {release} to pause itself", seconds)

    @contextmanager
    def workers(self, number: int) -> Iterator[None]:
        """With at least so many workers at work."""
        self.crew.keep()
        self.crew.hire(max(0, number - len(self.crew.workers)))
        self.crew.wait_ready()
        yield

    @contextmanager
    def unhurried_workers(self, number: int) -> Iterator[None]:
        """With so many workers and no others, whose leases do not run out over a fault that is not about leases."""
        self.crew.dismiss(self.crew.workers)
        hired = self.crew.hire(number, **UNHURRIED)
        self.crew.wait_ready()
        yield
        self.crew.dismiss(hired)

    def settle_down(self) -> None:
        """After a fault: every server is there, does what it should, and one worker is at work."""
        self.sink.order()
        self.crew.keep()
        self.crew.dismiss(self.crew.workers[2:])
