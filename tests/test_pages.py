"""Every page, whoever may open it: complete, private, within the content policy, and readable by everyone."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpResponse
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.access_table import TABLE, Row
from tests.scene import SIGNED_IN, Scene
from tests.sizes import WHOLE

KINDS = ["anonymous", "staff", "chair", "pharmacy"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those for whom pages are looked at: all at once, or, since that takes minutes, each by itself.
GROUPS = [[role] for role in sorted(SIGNED_IN | set(KINDS))] if WHOLE else [KINDS]
# One page of each kind of person; boards, personal pages and forms are looked at beside what is tested about them.
SAMPLE = {"account_login()", "notices:today()", "notices:district_receipt(district's receipt)", "notices:own()"}
# A mail as mail programs show it: a document of its own, which the site shows in a frame that runs nothing.
MAILS = {"notices:outbox_html", "notices:pharmacy_mail", "notices:district_mail"}


def is_page(row: Row, response: HttpResponse) -> bool:
    has_text = response.status_code not in (302, 405) and response["Content-Type"].startswith("text/html")
    return has_text and row.name not in MAILS


def faults(html: str) -> list[str]:
    """What is wrong with a page."""
    ids = re.findall(r'\sid="([^"]*)"', html)
    checks = {
        "no single heading": len(re.findall(r"<h1[ >]", html)) != 1,
        "no title": not re.search(r"<title>\s*[^<｜\s][^<]*｜周知\s*</title>", html),
        "no language": not re.match(r'<!doctype html>\s*<html lang="ja"', html, re.IGNORECASE),
        "a style": re.search(r"\sstyle=|<style", html),
        "a script": re.search(r"""\son[a-z]+=["']|javascript:|<script(?![^>]*\ssrc=)""", html),
        "something from elsewhere": re.search(r"""<(?:script|link|img|iframe)\b[^>]*=["'](?:https?:)?//""", html),
        "an id twice": len(ids) != len(set(ids)),
        "a value that is none": re.search(r"\bNone\b", html),
        "markup as text": re.search(r"\{\{|\{%|&lt;(?:a|b|br|span|svg)\b", html),
    }
    return [fault for fault, is_there in checks.items() if is_there]


def openings(row: Row, response: HttpResponse) -> list[str]:
    """What is wrong with the headers of an answer."""
    policy = response["Content-Security-Policy"]
    checks = {
        "kept by others": "no-store" not in response["Cache-Control"],
        "tells where one came from": response["Referrer-Policy"] != "no-referrer",
        "type may be guessed": response["X-Content-Type-Options"] != "nosniff",
        "may be framed": response["X-Frame-Options"] != "DENY" or "frame-ancestors 'none'" not in policy,
        "unsafe": "unsafe" in policy and row.name not in MAILS,
    }
    return [fault for fault, is_there in checks.items() if is_there]


@pytest.mark.parametrize("role", KINDS)
def test_every_page_is_complete_and_every_answer_private(scene: Scene, role: str):
    client = scene.browser(role)
    found = {}
    for row in TABLE:
        response = client.get(scene.url(row.name, *row.keys))
        wrong = openings(row, response)
        wrong += faults(response.content.decode()) if is_page(row, response) else []
        found |= {str(row): wrong} if wrong else {}
    assert found == {}


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
    scene: Scene, live_server: LiveServer, new_context: Callable[..., BrowserContext], roles: list[str]
):
    found, visited = {}, set()
    for role in roles:
        context = new_context()
        for cookie in scene.browser(role).cookies.values():
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        for row, address in places(scene, role).items():
            page.goto(live_server.url + address)
            page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
            visited.add(row)
            found |= {f"{row} at {width} px": barriers(page, width) for width in (1440, 320)}
    assert visited if WHOLE else visited == SAMPLE
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
