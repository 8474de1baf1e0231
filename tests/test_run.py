"""bin/setup and bin/run: one command that sets up, starts and stops everything, and can be repeated."""

import os
import pty
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import DATABASE_URL
from tests.servers.processes import wait_until
from tests.servers.site import ROOT, Site

embedded = pytest.mark.skipif(bool(DATABASE_URL), reason="the embedded site is shown in the run on SQLite")


def call(command: str, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(ROOT / "bin" / command), *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def test_setup_is_silent_where_nothing_is_missing_from_any_folder(tmp_path: Path) -> None:
    call("setup", folder=tmp_path)
    result = call("setup", folder=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_setup_explains_itself_when_asked_wrongly(tmp_path: Path) -> None:
    result = call("setup", "--tests", folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr == "Usage: bin/setup [--test | --bench]\n"


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_run_refuses_what_is_no_port(tmp_path: Path, port: str) -> None:
    result = call("run", folder=tmp_path, PORT=port, SHUCHI_VAR=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == f"bin/run: PORT must be a number from 1 to 65535, not '{port}'.\n"


def test_an_empty_port_means_8000_and_a_taken_one_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else may have it already
            other.bind(("127.0.0.1", 8000))
            other.listen()
        result = call("run", folder=tmp_path, PORT="", SHUCHI_VAR=str(tmp_path))
    assert result.returncode == 1
    assert "Port 8000 is taken by another program" in result.stderr


def test_locks_pin_by_hash_and_name_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        for pin in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[\w.-]+==\S+ .*--hash=sha256:", pin, re.DOTALL), pin
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


# The running site -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(start_site: Callable[..., Site]) -> Site:
    return start_site(embedded=True)


def one_of(site: Site, part: str) -> int:
    """The id of the first process whose command line holds the words."""
    return min(number for number, command in site.processes().items() if part in command)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


@embedded
def test_it_serves_pages_and_style_sheets_and_says_how_to_sign_in(running: Site) -> None:
    page = fetch(running.url)
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert fetch(running.url + address)
    assert "/static/" in page
    for person in ("staff", "chair", "pharmacy"):
        assert re.search(rf"sign in as {person}: +{running.url}/\S+", running.said)


@embedded
def test_the_web_server_tells_no_token_of_a_request_that_it_cannot_read(running: Site) -> None:
    token = "4f2-pXkQ9_AbCdEfGhIjKlMnOp-r"
    with socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(f"GET /n/{token}/。 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 400"
    log = running.folder / "log" / "web.log"
    wait_until(lambda: "Invalid HTTP request line" in log.read_text(), "the web server to log the request")
    assert "/n/…" in log.read_text() and token not in log.read_text()


@embedded
@pytest.mark.parametrize(("name", "part"), [("worker", "celery --app config worker"), ("web", "gunicorn config.wsgi")])
def test_a_process_that_ends_stops_the_site_and_is_named_and_the_next_start_works(
    running: Site, name: str, part: str
) -> None:
    os.kill(one_of(running, part), signal.SIGKILL)
    assert running.process.wait() == 1
    assert f"The process '{name}' ended by itself (exit code 137)" in running.said
    wait_until(lambda: not running.processes(), "the last process to end")
    running.start()
    assert fetch(running.url)


@embedded
def test_it_starts_again_after_everything_was_killed(running: Site) -> None:
    for number in running.processes():
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    running.process.wait()
    assert (running.folder / "redis.sock").exists()
    running.start()
    assert fetch(running.url)


@embedded
def test_ctrl_c_in_a_terminal_stops_everything(running: Site) -> None:
    assert running.stop() == 0
    code, said = in_terminal([str(ROOT / "bin/run")], running.environment, "Ctrl-C stops the site")
    assert code == 0
    assert "Stopping." in said
    assert running.processes() == {}


def in_terminal(command: list[str], environment: Mapping[str, str], word: str) -> tuple[int, str]:
    """Runs the command in a terminal and presses Ctrl-C once it has said the word; its exit code, and what it said."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, environment)
    said, pressed = b"", 0
    with suppress(OSError):  # Linux reports the end of a terminal so
        while part := os.read(terminal, 4096):
            said += part
            if word.encode() in said and not pressed:
                pressed = os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode()
