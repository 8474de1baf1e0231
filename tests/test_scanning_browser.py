"""A browser that runs scripts opens addresses of a release and goes wherever they lead. Nothing changes."""

import pytest
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from notices.models.receipt import Audience
from notices.personal import Scope
from tests.cast import Cast
from tests.rows import changed, everything
from tests.scanning import address, deliver_to_many
from tests.sizes import WHOLE
from tests.tracking.conftest import guide


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_runs_scripts_and_follows_every_link_changes_not_a_row(
    cast: Cast, live_server: LiveServer, phone: Page
) -> None:
    release = guide(cast)
    deliveries = deliver_to_many(cast, release, 12 if WHOLE else 0)
    assert len(deliveries) == (20 if WHOLE else 8)
    before = everything()
    for delivery in deliveries:
        _scan(phone, live_server.url, address(delivery))
    for delivery in release.deliveries.filter(receipt__audience=Audience.DISTRICT):
        _scan(phone, live_server.url, address(delivery, Scope.FORWARD))
    assert changed(before) == set()


def _scan(page: Page, site: str, start: str) -> None:
    """Opens the page, points at all that can be pointed at, and goes where its links lead, but presses no button."""
    page.goto(site + start)
    for one in page.locator("main :is(a, button, summary)").all():
        if one.is_visible():
            one.hover()
    page.wait_for_load_state("networkidle")
    found = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    for link in {link.partition("#")[0] for link in found if link.startswith(site)}:
        try:
            page.goto(link)
        except Error as error:  # files are saved, not opened
            if "Download is starting" not in str(error):
                raise
