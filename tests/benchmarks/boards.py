"""How soon boards answer, at the size of an office after eight years and of the nation, and how fast answers come in.

Each part stands beside the least that any program would do for it on the same rows: an index-only aggregate over the
receipts of the release, the same fifty notices without their rates, the same receipts of a district by their index, the
same UPDATE and the event's INSERT in one transaction, and a page that asks nothing of the database.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import RedisServer
from tests.servers.site import ROOT, Site

OURS = [sys.executable, "-m", "tests.benchmarks.boards_run"]
# Districts, pharmacies, releases. A national association has one for each prefecture.
SIZES = {"office": (24, 2_900, 4_000), "nation": (47, 62_000, 200)}
# What is compared, and how many times the yardstick's time ours may take; at the nation's size the board is five times
# as fast as the aggregate.
GOALS = {"board": {"office": 1.0, "nation": 0.2}, "fifty": 5.0, "missing": 5.0}
LABELS = {
    "board": "board of a notice by district / index-only aggregate",
    "fifty": "latest fifty notices with rates / without",
    "missing": "first page of the missing in a district / their index read",
}
PROCESSES = 8


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench boards", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), help="one of them only")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="one of them only")
    parser.add_argument("--part", type=float, default=1.0, help="of the releases, to try it out")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shuchi-bench-"))
    postgresql, redis = PostgreSQL(), RedisServer(folder)
    try:
        for size in [chosen.size] if chosen.size else SIZES:
            for database in [chosen.database] if chosen.database else ["postgresql", "sqlite"]:
                url = postgresql.make_database(f"boards_{size}") if database == "postgresql" else ""
                site = Site(url, redis.fresh_url())
                try:
                    measure(site, size, database, chosen.part)
                finally:
                    site.remove()
    finally:
        redis.stop()
        postgresql.remove()
        shutil.rmtree(folder, ignore_errors=True)


def measure(site: Site, size: str, database: str, part: float) -> None:
    districts, pharmacies, releases = SIZES[size]
    releases = max(60, int(releases * part))
    site.manage("migrate", "--no-input")
    built = run(site, "build", districts, pharmacies, releases)
    say(
        f"\n{database}, {pharmacies:,} pharmacies in {districts} districts × {releases:,} releases: "
        f"{built['receipts']:,} receipts, built in {built['seconds']:.0f} s, counted in {built['counted']:.0f} s"
    )
    figures = run(site, "read")
    for name, label in LABELS.items():
        goal = GOALS[name][size] if isinstance(GOALS[name], dict) else GOALS[name]
        ours, other = figures[name]
        say(f"  {label:<60} {ours * 1000:8.2f} / {other * 1000:8.2f} ms = {ours / other:6.2f}   (to reach: ≤ {goal})")
    rates = run(site, "confirm", PROCESSES)
    say(
        f"  {f'{PROCESSES} processes confirm one notice / raw UPDATE and INSERT':<60} {rates['ours']:8.0f} / "
        f"{rates['raw']:8.0f} a second = {rates['ours'] / rates['raw']:6.2f}   (to reach: ≥ 0.5)"
    )
    site.start()
    pages = run(site, "pages", site.url, site.signin_address("staff@bench.example"))
    site.stop()
    site.process = None
    static = pages.pop("static")
    for name, seconds in pages.items():
        say(f"  page: {name:<54} {seconds * 1000:8.1f} / {static * 1000:8.1f} ms = {seconds / static:6.1f}")


def run(site: Site, act: str, *given: object) -> dict[str, Any]:
    command = [*OURS, act, *map(str, given)]
    done = subprocess.run(command, env=site.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])
