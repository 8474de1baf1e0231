"""Tokens are in no log: not of the web server, whose lines name addresses, nor of any other process of the site."""

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.journeys import people
from tests.servers.processes import free_port, start, wait_until
from tests.servers.site import Site
from tests.servers.smtp import SmtpSink

TOKENS = """
from notices import personal
from notices.models import Delivery
from notices.personal import Scope
mails = Delivery.objects.filter(channel="email", state="sent")
print(personal.token_of(mails.filter(receipt__audience="pharmacy").latest("pk")))
print(personal.token_of(mails.filter(receipt__audience="district").latest("pk"), Scope.FORWARD))
print(mails.filter(receipt__audience="pharmacy").latest("pk").address)
"""


@pytest.fixture(scope="module")
def web(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A second web server of the site, which writes a line for each request: its port, and its log."""
    port, log = free_port(), tmp_path_factory.mktemp("web") / "access.log"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--access-logfile", "-"]
    process = start([*command, "--access-logformat", "%(r)s %(U)s %(f)s"], log, site.environment)
    wait_until(lambda: "Listening at" in log.read_text(), "the web server")
    yield port, log
    process.terminate()
    process.wait()


def answered(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port)
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body.encode(), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_no_log_of_any_process_tells_a_token(site: Site, web: tuple[int, Path], smtp_sink: SmtpSink) -> None:
    port, access = web
    own, forward, mailbox = site.manage("shell", "--no-imports", "-c", TOKENS).split()
    once = site.signin_address("staff@shuchi.example").rstrip("/").rpartition("/")[2]
    below = [f"/n/{own}/{place}" for place in ("", "letter.pdf", "help/")]
    places = [*below, f"/n/{own}。", f"/f/{forward}/", f"/signin/once/{once}/"]
    for place in map(urllib.request.quote, places):
        for server in (port, site.port):
            answered(server, "GET", place, Referer=f"http://localhost{place}")
            answered(server, "HEAD", place)
            assert answered(server, "POST", place, "a=b")[0] in (301, 403)
            assert answered(server, "GET", place, Host="evil.example")[0] == 400
            assert answered(server, "PUT", place)[0] in (301, 403)
            with suppress(ConnectionError):  # the server reads no more than it takes
                answered(server, "POST", place, "a=" + "b" * 4_000_000)
    site.manage("shell", "--no-imports", "-c", f"from notices.procedures import resend; resend.ask('', {mailbox!r})")
    [mail] = smtp_sink.wait_for(1, mailbox)
    mailed = people.personal_address(mail.text()).rstrip("/").rpartition("/")[2]
    wait_until(lambda: "/signin/once/…" in access.read_text(), "the web server to have written its log")
    logs = [file.read_text() for file in [access, *(site.folder / "log").glob("*.log*")]]
    assert "/n/…" in logs[0] and any("/n/…" in log for log in logs[1:])
    told = [token for token in (own, forward, once, mailed) for log in logs if token in log]
    assert told == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 302),
        ("GET", "/nowhere/", 404),
        ("GET", "/n/unknown/", 404),
        ("POST", "/n/unknown/", 403),
        ("GET", "/history/", 302),
        ("PUT", "/help/", 403),
        ("GET", "/static/nowhere.css", 404),
    ],
)
def test_every_answer_names_no_referrer_and_is_kept_nowhere(site: Site, method: str, path: str, status: int) -> None:
    code, headers = answered(site.port, method, path)
    assert (code, headers["referrer-policy"], headers["cache-control"]) == (status, "no-referrer", "no-store")
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_what_is_no_request_of_ours_names_no_referrer(site: Site) -> None:
    code, headers = answered(site.port, "GET", "/help/", Host="evil.example")
    assert (code, headers["referrer-policy"], headers["cache-control"]) == (400, "no-referrer", "no-store")


def test_style_sheets_name_no_referrer_and_may_be_kept(site: Site) -> None:
    [sheet, *_] = [file.name for file in (site.folder / "static").glob("site.*.css")]
    code, headers = answered(site.port, "GET", f"/static/{sheet}")
    assert (code, headers["referrer-policy"]) == (200, "no-referrer")
    assert "immutable" in headers["cache-control"]
