"""What people at the web pages notice of a slow mail server."""

import http.cookiejar
import statistics
import sys
import time
import urllib.request

from tests.faults.campaign.fault import Scale
from tests.faults.campaign.verdict import Outcome, judge
from tests.faults.campaign.world import World
from tests.servers.processes import start
from tests.servers.sink import Rule

ROUNDS = 60
LIMIT = 2.0


def slow_server(world: World, scale: Scale) -> Outcome:
    """Every answer at RCPT comes after longer than the time-out, while the pages are read."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{world.site.port}"]
    command += ["--workers", "2", "--threads", "4", "--no-control-socket"]
    world.site.manage("collectstatic", "--no-input", "--verbosity", "0")
    web = start(command, world.folder / "web.log", world.site.environment)
    try:
        browser = _signed_in(world)
        with world.workers(2):
            before = _p95(world, browser)
            world.sink.order(Rule("rcpt", seconds=30))
            release = world.release()
            slowed = _p95(world, browser)
            world.sink.order()
            world.wait_sent(release, 180)
            usual = max(before, _p95(world, browser))
    finally:
        web.terminate()
        web.wait()
    outcome = judge(world, release)
    if scale.timed:
        times = f"{slowed * 1000:.0f} ms, without it {usual * 1000:.0f} ms"
        outcome.expect(slowed <= LIMIT * usual, f"the slowest 5 % of pages took {times}")
    return outcome


def _signed_in(world: World) -> urllib.request.OpenerDirector:
    """A browser of the staff."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = world.site.signin_address("staff@shuchi.example")
    world.wait(lambda: _answers(world), "the web server")
    page = browser.open(address).read().decode()
    if "csrfmiddlewaretoken" in page:  # the address asks for a button, since looking changes nothing
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        browser.open(urllib.request.Request(address, data=f"csrfmiddlewaretoken={token}".encode()))
    return browser


def _answers(world: World) -> bool:
    try:
        urllib.request.urlopen(f"{world.site.url}/", timeout=5).close()
    except OSError:
        return False
    return True


def _p95(world: World, browser: urllib.request.OpenerDirector) -> float:
    """Seconds within which 95 % of the pages come."""
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        with browser.open(f"{world.site.url}{['/', '/notices/'][number % 2]}", timeout=60) as page:
            page.read()
        times.append(time.perf_counter() - began)
    return statistics.quantiles(times, n=20)[-1]
