"""A private Redis."""

from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError

from tests.servers.processes import free_port, start, wait_until


class RedisServer:
    """A real redis-server on a socket in `folder` and on a TCP port; keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(self.url)
        self._taken = 0
        self.start()

    def start(self) -> None:
        socket = self.folder / "redis.sock"
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", str(socket)]
        command += ["--dir", str(self.folder), "--save", "", "--appendonly", "no"]
        command += ["--databases", "100"]
        self.process = start(command, self.folder / "redis-server.log")
        wait_until(self.answers, "redis-server")

    def fresh_url(self) -> str:
        """The address of a part of this Redis that nobody else was given."""
        self._taken += 1
        return f"redis://127.0.0.1:{self.port}/{self._taken}"

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "redis-server.log").read_text())
        try:
            return self.client.ping()
        except ConnectionError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
