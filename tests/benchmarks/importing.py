"""How fast a roster of the nation is taken in, from the same Excel file: ours, and django-import-export.

Measured is everything between the file and the committed roster: reading, checking, comparing, writing, once with an
empty roster and once with one in which 1 % of the rows differ. Ours writes mailboxes, managers, search keys and what
each pharmacy was before, too; django-import-export only the organisations' own row. It is measured on fewer rows, since
its time is a straight line (two sizes are printed), in its default way, row by row, and in bulk; it writes PostgreSQL.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import RedisServer
from tests.servers.site import ROOT, Site

HEADINGS = [
    *("薬局コード", "薬局名", "フリガナ", "地区", "郵便番号", "住所", "電話", "FAX"),
    *("メールアドレス", "管理薬剤師", "入会日"),
]
DISTRICTS = 940
OURS = [sys.executable, "-m", "tests.benchmarks.importing_run"]
THEIRS = [str(ROOT / ".venv-bench/bin/python"), str(ROOT / "tests/benchmarks/importexport_run.py")]
MEMORY_LIMIT = 400  # MB


def rows(count: int) -> list[list[str]]:
    """Invented pharmacies, the same ones in every run."""
    rng = random.Random(62)
    found = []
    for index in range(count):
        serial = f"{index:07}"
        district = f"第{index % DISTRICTS + 1}地区"
        found.append(
            [
                *(f"404{serial}", f"{rng.choice('白青赤緑金銀')}{rng.choice('鷺鳥花山川星')}調剤薬局 {index}号店"),
                *(f"チョウザイヤッキョク {index}", district, f"81{index % 10}-{index % 10000:04}"),
                *(
                    f"架空県{district}市見本町{index % 9 + 1}-{index % 28}",
                    f"092-{index // 10000:03}-{index % 10000:04}",
                ),
                *(f"093-{index // 10000:03}-{index % 10000:04}", f"box{index}@mail{index % 500}.example"),
                *(f"{rng.choice('髙佐鈴田伊')}{rng.choice('橋藤木中東')} {rng.choice('翔陽結葵蓮')}", "2020/04/01"),
            ]
        )
    return found


def with_changes(roster: list[list[str]]) -> list[list[str]]:
    """The same roster, in which every hundredth pharmacy has another name and telephone."""
    changed = [list(row) for row in roster]
    for row in changed[::100]:
        row[1], row[6] = f"{row[1]} 新館", row[6].replace("092", "094")
    return changed


def write(path: Path, roster: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *roster]):
            sheet.write_row(number, 0, row)
    return path


class Bench:
    """Files, servers, and the figures of each program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgresql = PostgreSQL()
        self.redis = RedisServer(folder)

    def files(self, count: int) -> list[str]:
        roster = rows(count)
        whole = write(self.folder / f"first-{count}.xlsx", roster)
        return [str(whole), str(write(self.folder / f"changed-{count}.xlsx", with_changes(roster)))]

    def ours(self, database_url: str, count: int) -> dict[str, Any]:
        site = Site(database_url, self.redis.fresh_url())
        try:
            site.manage("migrate", "--no-input")
            return self._run([*OURS, str(DISTRICTS), *self.files(count)], site.environment)
        finally:
            site.remove()

    def theirs(self, count: int, *, bulk: bool) -> dict[str, Any]:
        url = self.postgresql.make_database(f"theirs_{count}_{'bulk' if bulk else 'rows'}")
        way = "bulk" if bulk else "rows"
        return self._run([*THEIRS, url, way, str(DISTRICTS), *self.files(count)], dict(os.environ))

    def _run(self, command: list[str], environment: dict[str, str]) -> dict[str, Any]:
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    def close(self) -> None:
        self.redis.stop()
        self.postgresql.remove()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def tell(name: str, count: int, figures: dict[str, Any]) -> None:
    times = "   ".join(
        f"{label} {figures[key]:7.1f} s {figures[key] / count * 1000:7.3f} ms a row"
        for label, key in (("first", "first"), ("1 % changed", "changed"))
    )
    say(f"{name:<38}{count:>7} rows   {times}   {figures['memory']:4.0f} MB")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench import", description=__doc__)
    parser.add_argument("--rows", type=int, default=62000)
    parser.add_argument(
        "--theirs", type=int, default=3000, help="rows for django-import-export; a third of them as well"
    )
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shuchi-bench-"))
    bench = Bench(folder)
    try:
        run(bench, chosen.rows, chosen.theirs)
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)


def run(bench: Bench, count: int, fewer: int) -> None:
    ours = {
        "ours, PostgreSQL": bench.ours(bench.postgresql.make_database("ours"), count),
        "ours, SQLite": bench.ours("", count),
    }
    for name, figures in ours.items():
        tell(name, count, figures)
    third = bench.theirs(fewer // 3, bulk=False)
    tell("django-import-export, row by row", fewer // 3, third)
    theirs = bench.theirs(fewer, bulk=False)
    tell("django-import-export, row by row", fewer, theirs)
    tell("django-import-export, in bulk", fewer, bench.theirs(fewer, bulk=True))
    for name, figures in ours.items():
        for label, key in (("first load", "first"), ("1 % changed", "changed")):
            ratio = (theirs[key] / fewer) / (figures[key] / count)
            say(f"django-import-export / {name:<18} {label:<12} {ratio:6.1f}   (to reach: 20)")
        say(f"memory of {name:<18} {figures['memory']:4.0f} MB   (to reach: under {MEMORY_LIMIT})")
    say(f"load {os.getloadavg()[0]:.1f}")
