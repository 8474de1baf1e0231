"""Looking records nothing: not a row changes when a page is opened, by whomever and with whatever.

That whoever looks by GET changes nothing, is said where all roles open all addresses (test_access).
"""

import pytest
from django.core import mail
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.access_table import TABLE
from tests.rows import changed, everything
from tests.scene import ROLES, Scene
from tests.sizes import WHOLE


@pytest.mark.parametrize("role", ROLES if WHOLE else ("pharmacy",))
def test_asking_for_the_head_of_a_page_changes_not_a_row(own_scene: Scene, role: str):
    client = own_scene.browser(role)
    before = everything()
    for row in TABLE:
        client.head(own_scene.url(row.name, *row.keys))
    assert changed(before) == set()
    assert mail.outbox == []


def read(page: Page, address: str) -> None:
    """Open a page as people and programs do: scripts run, folded parts open, the pointer goes over everything."""
    page.goto(address)
    for folded in page.locator("main summary").all():
        folded.click()
    for one in page.locator("main :is(a, button, input)").all():
        if one.is_visible():
            one.hover()
            one.focus()
    page.wait_for_load_state("networkidle")


@pytest.mark.django_db(transaction=True)
def test_a_real_browser_that_opens_an_address_of_a_mail_changes_not_a_row(
    own_scene: Scene, live_server: LiveServer, phone: Page
):
    in_mails = {"notices:personal", "notices:personal_attachment", "notices:forwarded", "signin_pass"}
    before = everything()
    for row in TABLE:
        if row.name in in_mails:
            read(phone, live_server.url + own_scene.url(row.name, *row.keys))
    assert changed(before) == set()
