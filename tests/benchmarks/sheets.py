"""How fast the papers of a release are made, whether their QR codes are read, and how much memory that takes.

Ours is the file that staff print: for each pharmacy by post its personal sheet with a QR code, then the letter. What it
is held against is one WeasyPrint document a sheet, in one process that has everything loaded, and in a child process
each, as the site renders a letter; both on fewer sheets, and without the letter. A sample of the file is drawn as a FAX
has it, 200 dots an inch, black or white, and read by zxing-cpp. Memory is what the process held at most, and a child.
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

from tests.servers.redis import RedisServer
from tests.servers.site import ROOT, Site

DISTRICTS = 24
RUN = [sys.executable, "-m", "tests.benchmarks.sheets_run"]
READER = [str(ROOT / ".venv-bench/bin/python"), str(ROOT / "tests/benchmarks/sheets_read.py")]
FASTER, MEMORY = 4, 1.2  # to reach


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def run(command: list[str], environment: dict[str, str]) -> Any:
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


class Bench:
    """A site with a release by post, and what is done with its papers, each in a process of its own."""

    def __init__(self, folder: Path, pharmacies: int) -> None:
        self.folder = folder
        self.redis = RedisServer(folder)
        self.site = Site("", self.redis.fresh_url())
        self.site.manage("migrate", "--no-input")
        self.site.act("enrol", DISTRICTS, pharmacies)
        self.do("by_post")
        notice = self.site.act("draft", "年末年始の連絡体制の報告について")["notice"]
        self.release = str(self.site.act("release", notice)["release"])

    def do(self, what: str, *arguments: object) -> Any:
        return run([*RUN, what, *map(str, arguments)], self.site.environment)

    def print(self, count: int) -> dict[str, Any]:
        """The file of so many papers, and what it took."""
        file = self.folder / f"{count}.pdf"
        made = self.do("print", self.release, count, file)
        say(
            f"ours, {count:>5} papers, {made['pages']:>6} pages, {file.stat().st_size / 1e6:5.1f} MB   "
            f"{made['seconds']:7.1f} s   {count / made['seconds']:6.1f} sheets a second   "
            f"memory {made['memory']:4.0f} MB, children {made['children']:4.0f} MB"
        )
        return made

    def single(self, count: int, *, child: bool) -> dict[str, float]:
        """What a document each took."""
        made = self.do("single", self.release, count, "child" if child else "here")
        where = "a process each" if child else "one process"
        say(
            f"a document a sheet, {where:<15} {count:>5} sheets   {made['seconds']:7.1f} s   "
            f"{count / made['seconds']:6.1f} sheets a second"
        )
        return made

    def read(self, count: int, sample: int) -> tuple[int, int]:
        """How many codes of the sample are read as the address that they should be, and how many there are."""
        pictures = self.folder / "pictures"
        pictures.mkdir()
        addresses = self.do("pictures", self.release, self.folder / f"{count}.pdf", count, sample, pictures)
        found = run([*READER, str(pictures)], dict(os.environ))
        return sum(a == b for a, b in zip(addresses, found, strict=True)), len(addresses)

    def close(self) -> None:
        self.site.remove()
        self.redis.stop()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sheets", description=__doc__)
    parser.add_argument("--sheets", type=int, default=2900)
    parser.add_argument("--single", type=int, default=100, help="sheets that are rendered as a document each")
    parser.add_argument("--sample", type=int, default=100, help="sheets whose QR code is read")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shuchi-bench-"))
    bench = Bench(folder, chosen.sheets)
    try:
        measure(bench, chosen)
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)


def measure(bench: Bench, chosen: argparse.Namespace) -> None:
    """Ours is measured between the two rounds of what it is held against, so that a busy moment strikes both."""
    count, fewer = chosen.sheets, min(chosen.single, 250)
    in_children = bench.single(max(fewer // 5, 1), child=True)
    rounds = [bench.single(fewer, child=False)]
    few, many = bench.print(count // 10), bench.print(count)
    rounds.append(bench.single(fewer, child=False))
    for name, what in (("seconds", "by the clock"), ("cpu", "in seconds of a processor")):
        ours = many[name] / count
        alone = sum(each[name] for each in rounds) / fewer / len(rounds)
        say(f"a document a sheet, one process / ours, {what:<26} {alone / ours:6.1f}   (to reach: {FASTER})")
    each = in_children["seconds"] / max(fewer // 5, 1)
    say(f"a document a sheet, a process each / ours, by the clock        {each / many['seconds'] * count:6.1f}")
    read, sample = bench.read(count, chosen.sample)
    say(f"QR codes read at 200 dpi, black or white {read:>28} of {sample}   (to reach: all)")
    for name in ("memory", "children"):
        say(f"{name + f', {count} / {count // 10} papers':<66} {many[name] / few[name]:6.2f}   (to reach: {MEMORY})")
    say(f"load {os.getloadavg()[0]:.1f}")
