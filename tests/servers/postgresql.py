"""A private PostgreSQL, with the durability that it has by default: what it acknowledged survives a power cut."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.servers.processes import free_port, start, wait_until

# How a server is asked to end (PostgreSQL, "Shutting Down the Server").
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
# PostgreSQL refuses to run as root. It ends fast when the one who started it dies.
OWNER = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"] if os.getuid() == 0 else []
AS_POSTGRES = ["setpriv", *OWNER, "--pdeathsig", "INT", "--"]


class PostgreSQL:
    """A cluster in a folder of its own, on a free TCP port of this machine; anybody here may enter as "shuchi"."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shuchi-postgres-"))
        self.log = self.folder / "log"
        self.port = free_port()
        if OWNER:
            shutil.chown(self.folder, "postgres")
        choices = ["--username", "shuchi", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        command = [_tool("initdb"), "--pgdata", str(self.folder / "data"), *choices]
        subprocess.run([*AS_POSTGRES, *command], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        self.start()

    @property
    def url(self) -> str:
        """The DATABASE_URL of the first database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgres://shuchi@127.0.0.1:{self.port}/{database}"

    def make_database(self, name: str) -> str:
        """A new, empty database; gives its DATABASE_URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url_of(name)

    def start(self) -> None:
        command = [_tool("postgres"), "-D", str(self.folder / "data"), "-c", "listen_addresses=127.0.0.1"]
        command += ["-c", f"port={self.port}", "-c", "unix_socket_directories=", "-c", "max_connections=200"]
        self.process = start([*AS_POSTGRES, *command], self.log)
        wait_until(self.answers, "PostgreSQL")

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(self.log.read_text())
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = FAST) -> None:
        """Ends it: FAST breaks off what runs, IMMEDIATE is what a crash does."""
        self.process.send_signal(how)
        self.process.wait()

    def restart(self, how: signal.Signals = FAST) -> None:
        self.stop(how)
        self.start()

    def remove(self) -> None:
        self.stop(IMMEDIATE)
        shutil.rmtree(self.folder)


def _tool(name: str) -> str:
    """Debian keeps the server's own tools beside the path."""
    found = shutil.which(name) or max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default="")
    if not found:
        raise FileNotFoundError(f"{name} is not here: bin/setup --test installs PostgreSQL.")
    return found
