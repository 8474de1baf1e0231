"""Starting programs that end with the tests, and waiting for what they do."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], T], what: str, seconds: float = 60) -> T:
    """The first true value of `condition`; raises TimeoutError naming `what` when it does not come."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.05)
    return value


def start(command: Sequence[str], output: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen:
    """Starts a program that gets SIGTERM when the tests' process dies; what it says goes to the file `output`."""
    with output.open("wb") as file:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def begin(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen:
    """Starts a program that ends by itself and prints what came of it as JSON; to be given to `ended`."""
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen) -> dict[str, Any]:
    """What the program printed, once it has ended; raises RuntimeError with its complaint if it failed."""
    said, complaint = process.communicate()
    if process.returncode:
        raise RuntimeError(complaint)
    return json.loads(said.splitlines()[-1])
