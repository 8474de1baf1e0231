"""The site as its users get it: started by bin/run, with its web server, Celery worker, beat and database."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.processes import begin, ended, free_port, start, wait_until

ROOT = Path(__file__).resolve().parents[2]
SURROUNDINGS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PORT")


class Site:
    """A running site with a folder of its own.

    What is left empty is embedded: SQLite and a private Redis in the folder, mail kept in the database.
    """

    def __init__(self, database_url: str = "", redis_url: str = "", email_url: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shuchi-site-"))
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS} | {
            "SHUCHI_VAR": str(self.folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "EMAIL_URL": email_url,
            "SITE_URL": self.url,
            "PORT": str(self.port),
        }
        self.process: subprocess.Popen | None = None

    def fill(self, districts: int, pharmacies: int) -> None:
        """Makes the database and fills it with demonstration data of this size, before the first start does so."""
        self.manage("migrate", "--no-input")
        self.manage("demo", "--districts", str(districts), "--pharmacies", str(pharmacies), "--seed", "1")

    def take(self, model: "Site") -> None:
        """Takes over the folder of a filled site that does not run; its database has been copied already."""
        shutil.copytree(model.folder, self.folder, dirs_exist_ok=True)

    def keep_collected(self, started: "Site") -> None:
        """Keeps the style sheets that the first start of a copy has collected, for the copies to come."""
        if not (self.folder / "static").exists():
            shutil.copytree(started.folder / "static", self.folder / "static")

    @property
    def said(self) -> str:
        """What bin/run has written so far."""
        return (self.folder / "run.log").read_text()

    def start(self) -> None:
        self.process = start([str(ROOT / "bin/run")], self.folder / "run.log", self.environment)
        wait_until(self._runs, "bin/run to start the site", seconds=180)

    def _runs(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"bin/run ended with {self.process.returncode}:\n{self.said}")
        return "Ctrl-C stops the site" in self.said

    def manage(self, *arguments: str) -> str:
        """What the management command prints; raises RuntimeError with its complaint if it fails."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{result.stderr}")
        return result.stdout

    def begin(self, act: str, *arguments: object) -> subprocess.Popen:
        """Starts what a member of the staff, or a worker, does (tests.servers.staff) in a process of its own."""
        return begin([sys.executable, "-m", "tests.servers.staff", act, *map(str, arguments)], self.environment)

    def act(self, act: str, *arguments: object) -> dict:
        """The same, ended."""
        return ended(self.begin(act, *arguments))

    def signin_address(self, email: str) -> str:
        """A one-time address that signs in as this account."""
        return self.manage("signin", email).strip()

    def processes(self) -> dict[int, str]:
        """The living processes of this site: id → command line."""
        mark = f"SHUCHI_VAR={self.folder}".encode()
        living = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    living[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").strip()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # ended meanwhile, or another user's
        return {number: command for number, command in living.items() if command}

    def log(self, process: str) -> str:
        """What the process (web, worker, beat, redis) has written since it was started."""
        return (self.folder / "log" / f"{process}.log").read_text()

    def stop(self) -> int:
        """Stops all processes; returns bin/run's exit code."""
        self.process.terminate()
        return self.process.wait()

    def remove(self) -> None:
        """Stops the site and deletes its folder."""
        if self.process:
            self.stop()
        shutil.rmtree(self.folder)
