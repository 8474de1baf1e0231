"""How long a page of search results takes in an archive of 100,000 pages, and a look at every page for the same words.

Measured is `notices.search` as the pages use it: the number of notices found, and the first page of them with the place
and the excerpt that are shown. Beside it stands the database's own scan of all pages, already folded, that tells the
number only, by strpos (instr) or LIKE, whichever is faster here. A kind of word is as fast as the slowest of its
examples.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import RedisServer
from tests.servers.site import ROOT, Site

OURS = [sys.executable, "-m", "tests.benchmarks.searching_run"]
# A search takes at most this part of a scan.
PART = 20


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=__doc__)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=100_000, help="of all notices together, 800 characters each")
    parser.add_argument("--rounds", type=int, default=7, help="of each search; the median counts")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="one of them only")
    chosen = parser.parse_args(arguments)
    sizes = [str(chosen.notices), str(chosen.pages), str(chosen.rounds)]
    folder = Path(tempfile.mkdtemp(prefix="shuchi-bench-"))
    postgresql, redis = PostgreSQL(), RedisServer(folder)
    urls = {"postgresql": postgresql.make_database("archive"), "sqlite": ""}
    try:
        for name in [chosen.database] if chosen.database else urls:
            tell(name, measured(urls[name], redis, sizes))
    finally:
        redis.stop()
        postgresql.remove()
        shutil.rmtree(folder, ignore_errors=True)


def measured(database_url: str, redis: RedisServer, sizes: list[str]) -> dict[str, Any]:
    site = Site(database_url, redis.fresh_url())
    try:
        site.manage("migrate", "--no-input")
        done = subprocess.run(
            [*OURS, *sizes], env=site.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])
    finally:
        site.remove()


def tell(database: str, figures: dict[str, Any]) -> None:
    sizes = "   ".join(f"{name} {size:,.0f} MB" for name, size in figures["size"].items() if size)
    say(f"\n{database}: {figures['index'] * 1000:.1f} ms to index a notice   {sizes}   load {os.getloadavg()[0]:.1f}")
    for kind, words in figures["kinds"].items():
        for word in words:
            number = f"{'' if word['exact'] else '約 '}{word['count']:,}"
            say(
                f"  {word['typed']:<30}{word['ours'] * 1000:8.1f} ms   scan {word['scan'] * 1000:8.1f} ms "
                f"({word['by']})   {word['scan'] / word['ours']:6.1f} times   {number} found, {word['there']:,} there"
            )
        slowest = min(word["scan"] / word["ours"] for word in words)
        say(f"{kind:<32}{slowest:6.1f} times as fast as a scan   (to reach: {PART})")
