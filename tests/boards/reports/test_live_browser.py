"""An open board renews itself while people answer, and leaves hands and eyes where they are."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from notices.boards import live
from notices.tracking import setup
from tests.boards.reports.conftest import SAID, Week
from tests.screen.test_pages import RULES

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "seen => Object.defineProperty(document, 'hidden', { get: () => !seen, configurable: true })"


def test_an_open_board_renews_itself_under_the_hands_of_who_reads_it(week: Week, page: Page, live_server: LiveServer):
    name = settings.SESSION_COOKIE_NAME
    cookie = week.cast.client("staff").cookies[name].value
    page.context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
    page.clock.install()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(live_server.url + reverse("notices:notice", args=[week.release.notice_id]) + "?district-sort=name")
    expect(page.locator("#facts")).to_contain_text("確認 3")
    page.locator("#by-day-summary").press("Enter")
    broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = page.locator(".ledger-box:has(#districts)")
    table.evaluate("box => { box.scrollLeft = 40 }")
    reading = table.get_by_role("link", name="髙尾台", exact=True)
    reading.evaluate("link => link.focus({ preventScroll: true })")
    place = page.evaluate("[scrollY, document.querySelector('.ledger-box:has(#districts)').scrollLeft]")

    setup.finish(week.receipt(3).pk, **SAID)
    page.clock.fast_forward(1000 * (live.SECONDS + 1))
    expect(page.locator("#told")).to_have_text("確認 66.7%、完了 40.0% になりました。")
    expect(page.locator("#facts")).to_contain_text("確認 4")
    expect(page.locator("#history")).to_contain_text("髙﨑薬局")
    expect(reading).to_be_focused()
    expect(page.locator("#by-day")).to_have_attribute("open", "")
    expect(table.locator("tbody th").first).to_have_text("白鷺")
    assert page.evaluate("[scrollY, document.querySelector('.ledger-box:has(#districts)').scrollLeft]") == place

    # A page that nobody looks at asks nothing, and asks at once when somebody comes back to it.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(HIDDEN, False)
    page.clock.fast_forward(4000 * live.SECONDS)
    assert asked == []
    page.evaluate(HIDDEN, True)
    with page.expect_response(page.url) as answered:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert 'id="as-of"' in answered.value.text() and "<main" not in answered.value.text()
