"""What was typed and not yet sent is not lost by a click, in a real browser."""

import contextlib
from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Dialog, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from notices import sheet_code
from notices.letters import composing
from notices.models import Notice
from tests.cast import Cast
from tests.intake_site.browser import typed
from tests.intake_site.office import OWN, received
from tests.letters.browser import address, form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(cast: Cast) -> Notice:
    return composing.draft_own("在宅の届出について", cast.actor("staff"))


@pytest.fixture
def asked() -> list[str]:
    """The questions that the browser has asked; each is answered with 'stay'."""
    return []


@pytest.fixture
def desk(cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], asked: list[str]) -> Page:
    context = new_context(base_url=live_server.url)
    session = cast.client("staff").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return page


def test_leaving_a_page_with_something_typed_asks_and_staying_keeps_it(desk: Page, draft: Notice, asked: list[str]):
    desk.goto(address("compose", draft))
    desk.get_by_label("件名").fill("在宅の届出の期限について")
    desk.get_by_role("link", name="受領文書").first.click(no_wait_after=True)
    expect(desk.get_by_label("件名")).to_have_value("在宅の届出の期限について")
    assert asked == ["beforeunload"]


def test_nothing_is_asked_where_nothing_was_typed_or_the_form_is_sent(desk: Page, draft: Notice, asked: list[str]):
    desk.goto(address("compose", draft))
    desk.get_by_label("件名").fill("在宅の届出の期限について")
    desk.get_by_role("button", name="下書きを保存").last.click()
    expect(desk.get_by_text("下書きを保存しました。")).to_be_visible()
    desk.get_by_role("link", name="受領文書").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("受領文書")
    assert asked == []


def test_what_was_refused_is_still_asked_about(desk: Page, draft: Notice, asked: list[str]):
    desk.goto(address("compose", draft))
    desk.get_by_label("件名").fill("")
    desk.get_by_label("本文").fill("打ち込んだ文")
    desk.get_by_role("button", name="下書きを保存").last.click()
    expect(desk.get_by_text("次の欄は、まだ保存していません：件名。ほかは保存しました。").first).to_be_visible()
    desk.get_by_role("link", name="受領文書").first.click(no_wait_after=True)
    expect(desk.get_by_label("本文")).to_have_value("打ち込んだ文")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("away", ["address", "code"])
def test_a_reply_that_is_half_typed_is_asked_about_however_the_page_is_left(
    desk: Page, cast: Cast, asked: list[str], away: str
):
    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    desk.goto(f"/replies/?code={sheet_code.of(receipt.pk)}")
    desk.get_by_role("radio", name="困っています").click()
    desk.get_by_label("記入した方のお名前").fill("梅﨑 千夏")
    if away == "address":
        with contextlib.suppress(Error):  # the navigation ends where one stays
            desk.goto("/today/")
    else:
        desk.get_by_label("受付コード", exact=True).fill(sheet_code.of(receipt.pk))
        desk.get_by_role("button", name="用紙を出す").click(no_wait_after=True)
    expect(desk.get_by_label("記入した方のお名前")).to_have_value("梅﨑 千夏")
    assert asked == ["beforeunload"]


def test_the_pdf_is_shown_beside_the_page_with_what_is_typed(desk: Page, draft: Notice, asked: list[str]):
    desk.goto(address("compose", draft))
    desk.get_by_label("件名").fill("打ちかけの件名")
    with desk.context.expect_page():
        desk.get_by_role("button", name="PDF で見る").click()
    expect(desk.get_by_label("件名")).to_have_value("打ちかけの件名")
    desk.get_by_role("link", name="受領文書").first.click(no_wait_after=True)
    expect(desk.get_by_label("件名")).to_have_value("打ちかけの件名")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("name", ["preview_pdf", "preview_bound"])
def test_the_pdf_of_what_is_typed_holds_it_and_saves_nothing(cast: Cast, draft: Notice, name: str):
    client: Client = cast.client("staff")
    answer = client.post(address(name, draft), form(draft, subject="打ちかけの件名", body="打ちかけの本文です。"))
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "打ちかけの件名" in text and "打ちかけの本文です。" in text
    draft.refresh_from_db()
    assert draft.subject == "在宅の届出について"


def test_a_tab_of_a_packet_saves_what_was_corrected_and_goes_on(desk: Page, cast: Cast, asked: list[str]):
    packet = received(cast, OWN)
    desk.goto(f"/packets/{packet.pk}/")
    desk.locator("#id_honorific").fill("様")
    desk.get_by_role("link", name="② 日本薬剤師会", exact=True).click()
    expect(desk.get_by_text("保存しました。")).to_be_visible()
    expect(desk.locator("ul[aria-label=文書] [aria-current]")).to_contain_text("②")
    packet.refresh_from_db()
    assert packet.letters[0]["honorific"] == "様"
    assert asked == []


def test_saving_on_the_way_leads_to_no_other_page(cast: Cast):
    packet = received(cast, OWN)
    client: Client = cast.client("staff")
    here = f"/packets/{packet.pk}/"
    for elsewhere in ("https://example.org/", f"//example.org{here}", "/packets/", "javascript:alert(1)"):
        answer = client.post(here, typed(client.get(here), then=elsewhere))
        assert (answer.status_code, answer.url) == (302, here)
