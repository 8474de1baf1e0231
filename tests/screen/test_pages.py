"""The frame, the pages of text and the error pages: complete, readable by everyone, and within the content policy."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast

TEMPLATES = settings.BASE_DIR / "templates"
SCREEN = [*(settings.BASE_DIR / "templates").glob("*.html")] + [
    path
    for folder in ("parts", "forms", "pages", "errors", "django", "django_tables2", "account", "notices", "members")
    for path in (TEMPLATES / folder).rglob("*.html")
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_of_the_screen_carries_styles_or_scripts(path):
    source = path.read_text()
    assert not re.search(r"""\sstyle=|<style|\son[a-z]+=["']|hx-on|javascript:|<script(?![^>]*\ssrc=)""", source)
    assert not re.search(r"""(src|href)=["']https?:""", source)


def test_the_style_sheets_load_nothing_from_elsewhere():
    for sheet in (settings.BASE_DIR / "static").glob("*.css"):
        addresses = re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text())
        assert all((sheet.parent / address).is_file() for address in addresses)


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "413", "500"])
def test_an_error_page_says_what_happened_what_was_kept_and_what_to_do_without_any_context(page: str):
    html = render_to_string(f"{page}.html")
    main = html[html.index("<main") : html.index("</main>")]
    texts = [re.sub(r"<.*?>|\s", "", part) for part in re.findall(r"<(?:h1|p|li)\b.*?</(?:h1|p|li)>", main, re.DOTALL)]
    assert len(texts) >= 4 and all(texts)
    assert main.count("<h1") == 1


@pytest.mark.parametrize("address", ["/privacy/", "/help/"])
def test_the_pages_of_text_are_for_everybody(client: Client, cast: Cast, address: str):
    for one in (client, cast.client("pharmacy"), cast.client("chair"), cast.client("staff")):
        page = one.get(address)
        assert page.status_code == 200
        assert page.content.decode().count("<h1") == 1
        assert cast.association.name in page.content.decode()


def test_the_pages_of_text_stand_before_there_is_an_association(client: Client, db: None):
    assert client.get("/help/").status_code == 200


def test_the_page_says_that_confirming_is_recorded_for_whom_and_why(client: Client, db: None):
    text = client.get("/privacy/").content.decode()
    for said in ("通知を開いただけでは、何も記録しません", "何のために使うか", "だれが見るか", "1 時間でなくなります"):
        assert said in text


def test_the_page_of_components_is_for_staff(cast: Cast):
    assert cast.client("staff").get("/style/").status_code == 200
    assert cast.client("chair").get("/style/").status_code == 404


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_every_component_is_accessible_and_fits_the_screen(
    cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], width: int
):
    # The checker is put into the page by a script, which the content policy would refuse.
    context = new_context(bypass_csp=True)
    cookie = cast.client("staff").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("/style/", "/privacy/", "/help/", "/nowhere/"):
        page.goto(live_server.url + address)
        broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
