"""The fast mail server: started, ordered about, and read by those who test or measure sending."""

import json
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.servers import sink_program
from tests.servers.processes import free_port, start, wait_until


@dataclass(frozen=True)
class Rule:
    """One order: what to do `at` a stage (connect, ehlo, mail, rcpt, data, final: after the last dot).

    Waits `seconds`, then drops the connection or gives `answer` (none: the usual one). Without more it concerns
    everybody: `to` narrows it to addresses or `share` to a part of them, `tries` to each address's first tries, `times`
    to so many in all. A message whose last dot is answered otherwise than usual is not taken, unless the rule `takes`
    it: then it is taken at once, whatever the client hears and when.
    """

    at: str
    answer: str = ""
    seconds: float = 0
    drops: bool = False
    to: Sequence[str] = ()
    share: float = 1
    tries: int = 0
    times: int = 0
    takes: bool = False


@dataclass(frozen=True)
class Taken:
    """One message that the server took. Times are seconds since 1970, `size` bytes; `told` when it was answered 250."""

    begun: float
    taken: float
    message_id: str
    recipients: tuple[str, ...]
    size: int
    told: bool


class Sink:
    """An SMTP server in a process of its own, with its log in `folder`; `kept` keeps the bytes of messages, too."""

    def __init__(self, folder: Path, *, kept: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if kept:
            (folder / "kept").mkdir(exist_ok=True)
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._read_to = 0
        self._taken: list[Taken] = []
        self.start()

    def start(self) -> None:
        (self.folder / "control").unlink(missing_ok=True)
        command = [sys.executable, sink_program.__file__, str(self.port), str(self.folder)]
        self.process = start(command, self.folder / "sink.log")
        wait_until(self._listens, "the mail server")

    def stop(self) -> None:
        """From now on connections are refused, until `start`."""
        self.process.kill()
        self.process.wait()

    def _listens(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "sink.log").read_text())
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def order(self, *rules: Rule) -> None:
        """From the next command on these rules hold; none: everything is taken."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.folder / "control"))
            with control.makefile("rw") as told:
                told.write(json.dumps([asdict(rule) for rule in rules]) + "\n")
                told.flush()
                told.readline()

    def taken(self) -> list[Taken]:
        """Every message since the last `forget`, in the order in which they were complete."""
        with (self.folder / "taken").open("rb") as file:
            file.seek(self._read_to)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read_to += len(whole)
        self._taken += [self._parsed(line) for line in whole.decode().splitlines()]
        return self._taken

    @staticmethod
    def _parsed(line: str) -> Taken:
        begun, taken, key, recipients, size, told = line.split("\t")
        return Taken(float(begun), float(taken), key, tuple(recipients.split(",")), int(size), told == "1")

    def forget(self) -> None:
        """What was taken so far is not counted any more."""
        self.taken()
        self._taken = []

    def applied(self, stage: str) -> list[str]:
        """The addresses for which a rule was applied at this stage, since the server was first started."""
        lines = [line.split("\t") for line in (self.folder / "applied").read_text().splitlines()]
        return [address for _, at, address in lines if at == stage]

    def kept(self) -> list[bytes]:
        """The messages as they came, in the order of their arrival."""
        return [path.read_bytes() for path in sorted((self.folder / "kept").iterdir())]
