"""The workers of a site: started as `celery -A config worker`, killed, stopped for a while, replaced."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from tests.servers.processes import start, wait_until

COMMAND = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO"]
COMMAND += ["--without-gossip", "--without-mingle"]


class Worker:
    """One worker: its main process and the children in which its tasks run, all in one session."""

    def __init__(self, number: int, environment: Mapping[str, str], folder: Path, before: list[str]) -> None:
        self.log = folder / f"worker-{number}.log"
        command = [*before, *COMMAND, "--hostname", f"worker{number}@%h"]
        self.process: subprocess.Popen = start(command, self.log, environment)

    def processes(self) -> list[int]:
        """The ids of its living processes, the main one first; without it, of the orphans."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                session, state = int((fields := _stat(entry))[3]), fields[0]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if session == self.process.pid and state != "Z":
                found.append(int(entry.name))
        return sorted(found)

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    @property
    def ready(self) -> bool:
        return " ready." in self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to all its processes."""
        for process in self.processes():
            _signal(process, number)

    def end(self) -> None:
        """Kills everything that is left of it."""
        self.signal(signal.SIGKILL)
        self.process.wait()


class Crew:
    """So many workers, of which each is replaced when its main process has ended."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.started = 0
        self.workers: list[Worker] = []
        self._gone: list[Worker] = []

    def hire(self, count: int, before: list[str] | None = None, **more: str) -> list[Worker]:
        """Starts workers, with more in their environment and a program before their command."""
        hired = []
        for _ in range(count):
            self.started += 1
            hired.append(Worker(self.started, self.environment | more, self.folder, before or []))
        self.workers += hired
        return hired

    def wait_ready(self) -> None:
        for worker in self.workers:
            wait_until(lambda worker=worker: worker.ready or not worker.lives, f"{worker.log.name} to be ready", 120)

    def keep(self) -> None:
        """Replaces whoever was killed."""
        gone = [worker for worker in self.workers if not worker.lives]
        self.workers = [worker for worker in self.workers if worker.lives]
        self._gone += gone
        self.hire(len(gone))

    def kill_one(self, chance: Random) -> str:
        """kill -9 of a random process of a random worker; says of which kind it was."""
        worker = chance.choice(self.workers)
        processes = worker.processes()
        if not processes:
            return "nobody"
        victim = chance.choice(processes)
        _signal(victim, signal.SIGKILL)
        return "main" if victim == worker.process.pid else "child"

    def dismiss(self, workers: list[Worker]) -> None:
        for worker in workers:
            worker.end()
        self.workers = [worker for worker in self.workers if worker not in workers]

    def end(self) -> None:
        """Kills all, orphans too."""
        for worker in [*self.workers, *self._gone]:
            worker.signal(signal.SIGKILL)
        for worker in self.workers:
            worker.process.wait()
        self.workers, self._gone = [], []


def _stat(entry: Path) -> list[str]:
    """State, parent, group, session … of a process (proc(5))."""
    return (entry / "stat").read_text().rpartition(")")[2].split()


def _signal(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        time.sleep(0)  # it ended by itself a moment ago
