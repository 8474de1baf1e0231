"""How fast messages go out: ours, raw smtplib and django-post-office, to one fast mail server of this machine.

A speed is the number of messages over the time from the first DATA to the last acceptance, by the mail server's clock.
Ours is the worker's loop (`outbox.send_due`), without Celery around it; it records each message's outcome before it
offers the next. The PostgreSQL is as durable as it comes (fsync and synchronous_commit on), SQLite is at FULL.

The mail server has the last processor for itself and whoever sends has the others, as if they were two machines: left
to themselves the two now share a processor and now do not, which makes a factor of two. Databases run where they like.
Rounds of what is compared alternate, so that a busy moment of the machine strikes all of them.
"""

import argparse
import os
import shutil
import smtplib
import statistics
import sys
import tempfile
from collections.abc import Callable
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path

from tests.servers.postgresql import PostgreSQL
from tests.servers.processes import begin, ended
from tests.servers.redis import RedisServer
from tests.servers.sink import Sink
from tests.servers.site import ROOT, Site

DISTRICTS = 24
SERIALS = count(1)
LABELS = {
    "raw": "raw smtplib, one connection, ready bytes",
    "ours": "ours, PostgreSQL, one worker",
    "ours_two": "ours, PostgreSQL, two workers",
    "ours_sqlite": "ours, SQLite, one worker",
    "post_office": "django-post-office, each recorded before the next",
    "post_office_batches": "django-post-office, batches, recorded after",
    "ours_large": "ours, PostgreSQL, one worker, large release",
}
COVERING_LETTERS = 620  # makes our mail about 13 KB long
PROCESSORS = sorted(os.sched_getaffinity(0))
RECEIVING = PROCESSORS[-1:]
SENDING = PROCESSORS[:-1] or PROCESSORS
SENDER = ["taskset", "--cpu-list", ",".join(map(str, SENDING))]
POST_OFFICE = [str(ROOT / ".venv-bench/bin/python"), str(ROOT / "tests/benchmarks/postoffice_run.py")]


class Office(Site):
    """A site without its processes: a roster of `recipients`, each with one address, and mail that goes to the sink."""

    def __init__(self, database_url: str, redis: RedisServer, sink: Sink, recipients: int) -> None:
        super().__init__(database_url, redis.fresh_url(), sink.url)
        self.sink = sink
        self.manage("migrate", "--no-input")
        self.act("enrol", DISTRICTS, recipients - DISTRICTS)
        self.releases = 0

    def release(self) -> None:
        self.releases += 1
        notice = self.act("draft", f"届出の様式の変更について（{self.releases}）", COVERING_LETTERS)["notice"]
        self.act("release", notice)

    def sent_by(self, workers: int) -> float:
        """Messages per second of one more release to everybody, sent by so many workers."""
        self.release()
        self.sink.forget()
        command = [*SENDER, sys.executable, "-m", "tests.servers.staff", "work"]
        for worker in [begin(command, self.environment) for _ in range(workers)]:
            ended(worker)
        return speed(self.sink)


def speed(sink: Sink) -> float:
    """Messages per second from the first DATA to the last acceptance."""
    taken = sink.taken()
    return len(taken) / (taken[-1].taken - min(one.begun for one in taken))


def receiving(folder: Path) -> Sink:
    """The mail server on its own processor."""
    sink = Sink(folder)
    os.sched_setaffinity(sink.process.pid, RECEIVING)  # its threads inherit it
    return sink


def raw(sink: Sink, messages: list[bytes]) -> float:
    """smtplib on one connection with ready bytes."""
    ready = [(str(message_from_bytes(one, policy=policy.default)["To"]), one) for one in messages]
    sink.forget()
    os.sched_setaffinity(0, SENDING)
    with smtplib.SMTP("127.0.0.1", sink.port) as connection:
        for address, message in ready:
            connection.sendmail("notice@localhost", [address], message)
    os.sched_setaffinity(0, PROCESSORS)
    return speed(sink)


class Bench:
    """The servers of one run, its figures, and the lines that it prints."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self.rounds = rounds
        self.keeping = folder / "keeping"
        self.postgresql = PostgreSQL()
        self.redis = RedisServer(folder)
        self.sink = receiving(folder / "sink")
        self.offices: list[Office] = []

    def office(self, name: str, recipients: int) -> Office:
        database_url = self.postgresql.make_database(name) if name != "sqlite" else ""
        self.offices.append(Office(database_url, self.redis, self.sink, recipients))
        return self.offices[-1]

    def messages(self, office: Office) -> list[bytes]:
        """The messages of a first release, which nobody measures, as the mail server got them."""
        keeping = Sink(self.keeping, kept=True)
        office.environment["EMAIL_URL"] = keeping.url
        office.release()
        office.act("work")
        office.environment["EMAIL_URL"] = self.sink.url
        keeping.stop()
        return keeping.kept()

    def measure(self, rounds: int, **ways: Callable[[], float]) -> dict[str, float]:
        """The median speed of each way, all of them tried in turn, each printed with all its rounds and the load."""
        figures: dict[str, list[float]] = {label: [] for label in ways}
        loads = []
        for _ in range(rounds):
            for label, once in ways.items():
                figures[label].append(once())
            loads.append(f"{os.getloadavg()[0]:.1f}")
        medians = {label: statistics.median(found) for label, found in figures.items()}
        for label, median in medians.items():
            each = ", ".join(f"{figure:.0f}" for figure in figures[label])
            speed = f"{LABELS[label]:<50}{median:7.0f} /s   {1000 / median:6.3f} ms each"
            say(f"{speed}   ({each}; load {', '.join(loads)})")
        return medians

    def close(self) -> None:
        for office in self.offices:
            office.remove()
        self.sink.stop()
        self.redis.stop()
        self.postgresql.remove()


def post_office(bench: Bench, way: str) -> float:
    """django-post-office with the messages of the first release, by a way of postoffice_run."""
    bench.sink.forget()
    database_url = bench.postgresql.make_database(f"post_office_{next(SERIALS)}")
    ended(begin([*SENDER, *POST_OFFICE, way, database_url, str(bench.sink.port), str(bench.keeping / "kept")]))
    return speed(bench.sink)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sending", description=__doc__)
    parser.add_argument("--recipients", type=int, default=3000)
    parser.add_argument("--large", type=int, default=62000, help="0: leave the large release out")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement; the median counts")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shuchi-bench-"))
    bench = Bench(folder, chosen.rounds)
    try:
        run(bench, chosen.recipients, chosen.large)
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)


def run(bench: Bench, recipients: int, large: int) -> None:
    office, embedded = bench.office("office", recipients), bench.office("sqlite", recipients)
    messages = bench.messages(office)
    size = statistics.mean(map(len, messages))
    say(f"{len(messages)} messages of {size / 1000:.1f} KB, text and HTML; {len(PROCESSORS)} processors")
    speeds = bench.measure(
        bench.rounds,
        raw=lambda: raw(bench.sink, messages),
        ours=lambda: office.sent_by(1),
        ours_two=lambda: office.sent_by(2),
        ours_sqlite=lambda: embedded.sent_by(1),
        post_office=lambda: post_office(bench, "recorded"),
        post_office_batches=lambda: post_office(bench, "batches"),
    )
    say(f"ours / raw smtplib            {speeds['ours'] / speeds['raw']:6.2f}   (to reach: 0.5)")
    say(f"ours / django-post-office     {speeds['ours'] / speeds['post_office']:6.2f}   (to reach: 4)")
    say(f"ours / the same in batches    {speeds['ours'] / speeds['post_office_batches']:6.2f}   (for comparison)")
    if large:
        many = bench.office("large", large)
        speeds = bench.measure(2, ours=lambda: office.sent_by(1), ours_large=lambda: many.sent_by(1))
        cost = speeds["ours"] / speeds["ours_large"]
        say(f"cost of a message, {large} / {recipients} recipients   {cost:6.2f}   (to reach: at most 1.15)")
