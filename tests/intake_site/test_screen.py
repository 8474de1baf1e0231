"""Packets in a real browser, with and without JavaScript, on the desk and on a narrow screen."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from notices.models import Notice, Packet
from notices.procedures import take_in
from tests import typeset
from tests.cast import Cast
from tests.intake_site.office import DOUBTFUL, OWN, actor, received
from tests.screen.test_pages import RULES
from tests.sizes import WIDTHS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a browser in which staff is signed in."""

    def opened(**choices: object) -> Page:
        context = new_context(base_url=live_server.url, **choices)
        session = cast.client("staff").cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    return opened


def test_without_javascript_a_packet_is_pasted_mended_and_registered(desk: Callable[..., Page]):
    page = desk(java_script_enabled=False)
    page.goto("/packets/")
    page.get_by_role("link", name="最初の文書を受領する").click()
    page.get_by_label("文章を貼り付ける").fill(DOUBTFUL)
    page.get_by_role("button", name="受領して読み取る").click()
    expect(page.get_by_text("確かめてほしい読み取りが 1 か所あります")).to_be_visible()
    page.get_by_label("日付", exact=True).first.fill("令和6年12月11日")
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("疑わしい読み取りはありません")).to_be_visible()
    page.get_by_role("link", name="② 日本薬剤師会", exact=True).click()
    page.get_by_text("直す：別添").click()
    expect(page.get_by_label("中身").first).to_have_value("2")
    page.get_by_role("button", name="登録して通知を作る").last.click()
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert page.url.endswith(f"/notices/{draft.pk}/compose/")
    assert draft.date.isoformat() == "2024-12-11"


def test_the_enter_key_saves_and_never_registers_or_settles(desk: Callable[..., Page], cast: Cast):
    packet = received(cast, DOUBTFUL)
    page = desk()
    page.goto(f"/packets/{packet.pk}/")
    page.locator("#id_honorific").fill("様")
    page.locator("#id_honorific").press("Enter")
    expect(page.get_by_text("保存しました。登録するまで")).to_be_visible()
    packet.refresh_from_db()
    assert (packet.state, packet.letters[0]["honorific"]) == (Packet.State.DOUBTFUL, "様")
    assert not packet.letters[0]["warnings"][0]["settled"]


def test_the_next_doubt_is_one_click_away(desk: Callable[..., Page], cast: Cast):
    packet = received(cast, OWN.replace("令 和 6 年 11 月 25 日", "令 和 6 年 11 月 31 日"))
    page = desk()
    page.goto(f"/packets/{packet.pk}/")
    page.get_by_role("link", name="次の要確認へ").click()
    doubt = page.locator("#doubt-0")
    expect(doubt).to_be_in_viewport()
    doubt.get_by_role("link", name="直す").click()
    expect(page.locator("#id_date")).to_be_focused()
    doubt.get_by_role("button", name="このままで正しい").click()
    expect(page.get_by_text("疑わしい読み取りはありません")).to_be_visible()


def test_a_click_on_a_value_shows_where_it_stands_on_the_page(desk: Callable[..., Page], cast: Cast):
    packet = take_in.receive(typeset.text_boxes(OWN), "packet.pdf", actor(cast))
    page = desk()
    page.goto(f"/packets/{packet.pk}/?letter=3")
    drawn = "image => image.decode().then(() => image.naturalWidth)"
    assert page.locator(".page-picture img").first.evaluate(drawn) > 1000
    page.locator("#id_subject").click()
    expect(page.locator("#at-subject")).to_have_class(re.compile(r"\bhere\b"))
    expect(page.locator("#at-subject")).to_be_in_viewport()
    page.locator("a[href='#at-date']").click()
    expect(page.locator("#at-date")).to_be_in_viewport()
    page.get_by_role("link", name="文字", exact=True).click()
    expect(page.locator("span#at-date")).to_have_text("令和 6 年 11 月 22 日")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_are_accessible_and_fit_the_screen(desk: Callable[..., Page], cast: Cast, width: int):
    doubtful, registered = received(cast, DOUBTFUL), received(cast, OWN[OWN.index("日 薬 業 発") :])
    take_in.record(registered, actor(cast))
    of_pdf = take_in.receive(typeset.text_boxes(OWN), "packet.pdf", actor(cast))
    # The checker is put into the page by a script, which the content policy would refuse.
    page = desk(bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 900})
    for address in (
        "",
        "new/",
        f"{doubtful.pk}/",
        f"{doubtful.pk}/?letter=rest",
        f"{registered.pk}/",
        f"{of_pdf.pk}/?letter=2",
    ):
        page.goto(f"/packets/{address}")
        broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1440])
def test_no_addressee_is_cut_off(cast: Cast, desk: Callable[..., Page], width: int) -> None:
    page = desk()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(received(cast, OWN).get_absolute_url())
    field = page.locator("textarea[name=addressees]")
    assert field.input_value() == "各地区薬剤師会会長"
    assert field.evaluate("field => field.scrollHeight <= field.clientHeight")
