"""Every page is readable by everyone. That it is complete and private is said where all open it (test_access)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.access_table import TABLE
from tests.page_faults import faults, is_page
from tests.scene import SIGNED_IN, Scene
from tests.sizes import WHOLE

KINDS = ["anonymous", "staff", "chair", "pharmacy"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those for whom pages are looked at: all at once, or, since that takes minutes, each by itself.
GROUPS = [[role] for role in sorted(SIGNED_IN | set(KINDS))] if WHOLE else [KINDS]
# One page of each kind of person; boards, personal pages and forms are looked at beside what is tested about them.
SAMPLE = {"account_login()", "notices:today()", "notices:district_receipt(district's receipt)", "notices:own()"}


@pytest.mark.parametrize(
    ("fault", "whole", "broken"),
    [
        ("no single heading", "<h1>", "<h2>"),
        ("no title", "一覧｜周知", "周知"),
        ("no language", ' lang="ja"', ""),
        ("a style", "<p>", '<p style="color: red">'),
        ("a script", "<p>", '<p onclick="go()">'),
        ("a script", "<p>", "<script>go()</script><p>"),
        ("something from elsewhere", "<p>", '<img src="//elsewhere.example/a.png"><p>'),
        ("an id twice", "<p>", '<p id="a"><p id="a">'),
        ("a value that is none", "文", "None"),
        ("markup as text", "文", "&lt;span class"),
    ],
)
def test_a_broken_page_is_found(fault: str, whole: str, broken: str):
    page = '<!doctype html>\n<html lang="ja"><title>一覧｜周知</title><h1>一覧</h1><p>文</p>'
    assert faults(page) == []
    assert faults(page.replace(whole, broken)) == [fault]


# For everyone ---------------------------------------------------------------------------------------------------------


def places(scene: Scene, role: str) -> dict[str, str]:
    """The pages that are for this kind of person, by their row: with WHOLE each of them, otherwise a sample.

    So that none is left out, what is for none of the kinds is looked at by those it is for.
    """
    client = scene.browser(role)
    found = {}
    for row in TABLE:
        is_for = role in (row.who & set(KINDS) or row.who) and (role == "anonymous" or "anonymous" not in row.who)
        if is_for and (WHOLE or str(row) in SAMPLE):
            address = scene.url(row.name, *row.keys)
            if is_page(row, client.get(address)):
                found[str(row)] = address
    return found


def barriers(page: Page, width: int) -> list[object]:
    """What shuts people out of the page at this width: what the checker finds, and whether it is wider than that."""
    page.set_viewport_size({"width": width, "height": 844})
    broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    found: list[object] = [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{wide} px wide"] if wide > width else [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("roles", GROUPS, ids="-".join)
def test_every_page_is_readable_by_everyone(
    own_scene: Scene, live_server: LiveServer, new_context: Callable[..., BrowserContext], roles: list[str]
):
    found, visited = {}, set()
    for role in roles:
        context = new_context()
        for cookie in own_scene.browser(role).cookies.values():
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        for row, address in places(own_scene, role).items():
            page.goto(live_server.url + address)
            page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
            visited.add(row)
            found |= {f"{row} at {width} px": barriers(page, width) for width in (1440, 320)}
    assert visited if WHOLE else visited == SAMPLE
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
