"""What came from outside is worked on in a child that ends within its limits and reaches nobody."""

import socket

import pytest

from members import confined

WORK = "tests.members.work"


def run(what: str, given: bytes = b"", max_seconds: float = 30, max_memory: int = 256 * 1024**2) -> bytes:
    return confined.run(WORK, given, what, max_seconds=max_seconds, max_memory=max_memory)


def test_a_child_is_given_bytes_and_answers_with_bytes():
    assert run("answer", b"abc\x00") == b"\x00cba"


def test_a_child_knows_no_secret_of_the_site(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:password@host/shuchi")
    assert set(run("environment").decode().split()) <= {*confined.ENVIRONMENT, "LC_CTYPE"}


@pytest.mark.parametrize("what", ["sleep", "loop"])
def test_a_child_that_hangs_is_ended(what: str):
    with pytest.raises(confined.TimedOut, match="not ready after"):
        run(what, max_seconds=0.5)


def test_a_child_that_eats_memory_is_ended():
    with pytest.raises(confined.Failed, match="MemoryError"):
        run("memory")


def test_a_child_that_answers_without_end_is_ended():
    with pytest.raises(confined.Failed, match="too large"):
        run("output")


def test_a_child_reaches_no_other_process():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(confined.Failed, match="not for a child: socket"):
            run("connect", str(server.getsockname()[1]).encode())
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_child_starts_no_program():
    with pytest.raises(confined.Failed, match=r"not for a child: subprocess\.Popen"):
        run("program")
