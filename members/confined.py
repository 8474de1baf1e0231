"""Work on what came from outside, done by a module of ours in a child process with limits.

The child has no settings, no database and no secrets, opens no connection and starts no program. What it may use of
time, memory and output is limited before it reads a byte. `run` is the parent's side, `main` the child's.
"""

import importlib
import math
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parent.parent
# What the libraries need of the environment: where fonts and their cache lie.
ENVIRONMENT = ("HOME", "LANG", "PATH", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
MAX_OUTPUT = 256 * 1024**2  # bytes that a child may write, to its parent or to any file
# Python's audit events of opening a connection or starting a program.
NOT_FOR_CHILDREN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")


class Failed(RuntimeError):
    """The child did not finish its work; the message is its last words, for the log."""


class TimedOut(Failed):
    """The work took too long; the child was ended."""


def run(module: str, given: bytes, *arguments: str, max_seconds: float, max_memory: int) -> bytes:
    """What `in_child(given, *arguments)` of the module returns, worked out in a child process.

    Raises TimedOut after `max_seconds`, Failed where the child fails, wants more than `max_memory` bytes of address
    space, or writes more than MAX_OUTPUT bytes.
    """
    limits = [math.ceil(max_seconds), max_memory, MAX_OUTPUT]
    command = [sys.executable, "-m", __name__, *map(str, limits), module, *arguments]
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    # Files in memory: a full disk stands in nobody's way, and the kernel holds their growth to the limit.
    with _in_memory("answer") as answer, _in_memory("complaint") as complaint:
        try:
            child = subprocess.run(
                command, input=given, stdout=answer, stderr=complaint, cwd=ROOT, env=environment, timeout=max_seconds
            )
        except subprocess.TimeoutExpired as error:
            raise TimedOut(f"{module} was not ready after {max_seconds} seconds") from error
        if child.returncode != 0:
            raise Failed(_read(complaint, last=2000).decode(errors="backslashreplace").strip() or _ended(child))
        return _read(answer)


def _in_memory(name: str) -> BinaryIO:
    return os.fdopen(os.memfd_create(name), "w+b")


def _read(file: BinaryIO, last: int = MAX_OUTPUT) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - last))
    return file.read()


def _ended(child: subprocess.CompletedProcess) -> str:
    return f"the child ended with {child.returncode}"


def main(max_seconds: int, max_memory: int, max_output: int, module: str, arguments: Sequence[str]) -> None:
    """The child: what it is given from standard input, its answer to standard output."""
    for kind, most in (
        (resource.RLIMIT_CPU, max_seconds + 1),  # should the parent be gone
        (resource.RLIMIT_AS, max_memory),
        (resource.RLIMIT_FSIZE, max_output),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)  # whoever started the site may have set a closer one
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))
    sys.addaudithook(_refuse)
    sys.stdout.buffer.write(importlib.import_module(module).in_child(sys.stdin.buffer.read(), *arguments))


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(NOT_FOR_CHILDREN):
        raise PermissionError(f"not for a child: {event}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4], sys.argv[5:])
