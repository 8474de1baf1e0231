"""What people at the web pages do and notice."""

import http.cookiejar
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import World
from tests.servers.processes import start
from tests.servers.sink import Rule

ROUNDS = 60
LIMIT = 2.0
WEB = ["--workers", "2", "--threads", "4", "--timeout", "120", "--no-control-socket"]
TOKEN = 'name="csrfmiddlewaretoken" value="'


class Browser:
    """Signed in as staff."""

    def __init__(self, world: World) -> None:
        self.root = world.site.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        address = world.site.signin_address("staff@shuchi.example")
        if TOKEN in (page := self.get(address)):  # looking changes nothing: it asks for a button to be pressed
            self.post(address, page)

    def get(self, address: str) -> str:
        with self.opener.open(urllib.parse.urljoin(self.root, address), timeout=120) as page:
            return page.read().decode()

    def post(self, address: str, page: str, **fields: str) -> str:
        """Sends the form of a page that `get` gave; gives the page that follows."""
        fields["csrfmiddlewaretoken"] = page.split(TOKEN)[1].split('"')[0]
        data = urllib.parse.urlencode(fields).encode()
        with self.opener.open(urllib.parse.urljoin(self.root, address), data, timeout=120) as answer:
            return answer.read().decode()


@contextmanager
def web(world: World) -> Iterator[None]:
    """The web server at work."""
    world.site.manage("collectstatic", "--no-input", "--verbosity", "0")
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{world.site.port}", *WEB]
    process = start(command, world.folder / "web.log", world.site.environment)
    try:
        world.wait(lambda: _answers(world), "the web server")
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(world: World) -> bool:
    try:
        urllib.request.urlopen(f"{world.site.url}/", timeout=5).close()
    except OSError:
        return False
    return True


def slow_server(world: World, scale: Scale) -> Outcome:
    """Every answer at RCPT comes after longer than the time-out, while the pages are read."""
    with web(world), world.workers(2):
        browser = Browser(world)
        before = _p95(browser)
        world.sink.order(Rule("rcpt", seconds=30))
        release = world.release()
        slowed = _p95(browser)
        world.sink.order()
        world.wait_sent(release, 180)
        usual = max(before, _p95(browser))
    outcome = judge(world, release)
    if scale.timed:
        times = f"{slowed * 1000:.0f} ms, without it {usual * 1000:.0f} ms"
        outcome.expect(slowed <= LIMIT * usual, f"the slowest 5 % of pages took {times}")
    return outcome


def _p95(browser: Browser) -> float:
    """Seconds within which 95 % of the pages come."""
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        browser.get(["/", "/notices/"][number % 2])
        times.append(time.perf_counter() - began)
    return statistics.quantiles(times, n=20)[-1]


def pressed(world: World, scale: Scale) -> Outcome:
    """The button of one notice's last page pressed by many at once, in two browsers."""
    with web(world), world.workers(2):
        notice = world.draft()
        world.sink.forget()
        browsers = [Browser(world), Browser(world)]
        address = f"/notices/{notice}/check/"
        pages = [browser.get(address) for browser in browsers]

        def press(number: int) -> str:
            try:
                browsers[number % 2].post(address, pages[number % 2], sure="on")
            except urllib.error.HTTPError as error:
                return f"{error.code}"
            return "seen"

        with ThreadPoolExecutor(scale.racers) as presses:
            seen = list(presses.map(press, range(scale.racers)))
        release = world.database.value("SELECT id FROM notices_release WHERE notice_id = :notice", notice=notice)
        world.wait_sent(release)
    outcome = judge(world, release)
    outcome.expect(set(seen) == {"seen"}, f"some presses ended in an error: {sorted(set(seen))}")
    return outcome
