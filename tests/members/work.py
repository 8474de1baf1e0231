"""Work for a child process, good and bad."""

import os
import socket
import subprocess
import sys
import time


def in_child(given: bytes, what: str) -> bytes:
    return {
        "answer": answer,
        "environment": environment,
        "sleep": sleep,
        "loop": loop,
        "memory": memory,
        "output": output,
        "connect": connect,
        "program": program,
    }[what](given)


def answer(given: bytes) -> bytes:
    return given[::-1]


def environment(_: bytes) -> bytes:
    return " ".join(sorted(os.environ)).encode()


def sleep(_: bytes) -> bytes:
    time.sleep(600)
    return b"late"


def loop(_: bytes) -> bytes:
    while True:
        pass


def memory(_: bytes) -> bytes:
    return b"0" * 1024**3


def output(_: bytes) -> bytes:
    for _ in range(1024):
        sys.stdout.buffer.write(b"0" * 1024**2)
    return b""


def connect(given: bytes) -> bytes:
    socket.create_connection(("127.0.0.1", int(given)))
    return b"connected"


def program(_: bytes) -> bytes:
    return subprocess.run(["/bin/echo", "started"], capture_output=True).stdout
