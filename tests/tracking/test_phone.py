"""A pharmacist's two minutes on a phone, in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from notices.models import HelpRequest, Receipt
from notices.personal import Scope
from notices.tracking import setup
from tests.cast import Cast
from tests.sizes import WIDTHS
from tests.tracking.conftest import BY_HAND, verbs
from tests.tracking.conftest import page as at

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_tap_confirms_and_each_tick_is_kept(receipt: Receipt, phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + at(receipt))
    phone.get_by_role("button", name="確認しました").click()
    expect(phone.get_by_text("12 項目のうち 0 項目済み")).to_be_visible()
    phone.get_by_text("お名前を残す（任意）").click()
    phone.get_by_label("お名前（任意）").fill("宮﨑 悠")
    phone.get_by_role("button", name="この名前を残す").click()
    expect(phone.get_by_text("お名前　宮﨑 悠")).to_be_visible()
    address = phone.url
    phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く").click()
    expect(phone.get_by_text("12 項目のうち 1 項目済み")).to_be_visible()
    assert phone.url == address, "the page stays where it is"
    expect(phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く")).to_be_focused()
    phone.get_by_role("button", name="「マイナ資格確認アプリ」を入れる").click()
    expect(phone.get_by_text("12 項目のうち 2 項目済み")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("12 項目のうち 2 項目済み")).to_be_visible()
    phone.get_by_role("button", name="設定が完了しました").click()
    expect(phone.get_by_role("heading", name="完了しました")).to_be_visible()
    assert verbs(receipt)[0] == "receipt.confirmed" and verbs(receipt)[-1] == "receipt.finished"


def test_a_long_name_does_not_widen_the_page(receipt: Receipt, phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + at(receipt))
    phone.get_by_role("button", name="確認しました").click()
    phone.get_by_text("お名前を残す（任意）").click()
    phone.get_by_label("お名前（任意）").fill("W" * 100)
    phone.get_by_role("button", name="この名前を残す").click()
    expect(phone.get_by_text("お名前　WWW")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_has_the_focus_is_not_hidden_behind_the_button_at_the_thumb(
    receipt: Receipt, phone: Page, live_server: LiveServer
) -> None:
    phone.goto(live_server.url + at(receipt))
    free = """() => {
        const bar = document.querySelector(".at-thumb"), at = document.activeElement;
        const [over, under] = [bar.getBoundingClientRect(), at.getBoundingClientRect()];
        return bar.contains(at) || under.bottom <= over.top || under.top >= over.bottom;
    }"""
    seen = 0
    while seen < 60:
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement === document.body"):
            break
        phone.wait_for_function(free)  # once the page has scrolled
        seen += 1
    assert seen > 5


def test_all_of_it_works_without_scripts(
    receipt: Receipt, new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    phone = new_context(java_script_enabled=False).new_page()
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(live_server.url + at(receipt))
    phone.get_by_role("button", name="確認しました").click()
    phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く").click()
    expect(phone.get_by_text("12 項目のうち 1 項目済み")).to_be_visible()
    phone.get_by_role("link", name="この手順で困っています").click()
    phone.get_by_label("くわしく（任意）").fill("初期パスワードが分からない")
    phone.get_by_role("button", name="困っていることを伝える").click()
    expect(phone.get_by_text("返事を待っています")).to_be_visible()
    assert HelpRequest.objects.get().step.position == 2
    phone.get_by_role("link", name="対象外です").click()
    phone.get_by_label("対象となる設備・機器がない").check()
    phone.get_by_role("button", name="対象外として伝える").click()
    expect(phone.get_by_role("heading", name="対象外として受け付けました")).to_be_visible()


def test_a_tick_that_does_not_reach_the_site_says_so(confirmed: Receipt, phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + at(confirmed))
    phone.context.set_offline(True)
    phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く").click()
    expect(phone.get_by_text("保存できませんでした。")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く").click()
    expect(phone.get_by_text("12 項目のうち 1 項目済み")).to_be_visible()
    expect(phone.get_by_text("保存できませんでした。")).to_be_hidden()


def test_a_tick_behind_an_address_that_was_revoked_shows_the_page_that_says_so(
    confirmed: Receipt, phone: Page, live_server: LiveServer
) -> None:
    phone.goto(live_server.url + at(confirmed))
    Receipt.objects.filter(pk=confirmed.pk).update(address_version=2)
    phone.get_by_role("button", name="ログインし、「環境設定情報」の変更を開く").click()
    expect(phone.get_by_role("heading", name="このリンクは使えません")).to_be_visible()


def test_opening_in_a_real_browser_with_its_scripts_changes_nothing(
    receipt: Receipt, phone: Page, live_server: LiveServer
) -> None:
    phone.goto(live_server.url + at(receipt), wait_until="networkidle")
    phone.get_by_text("公文書を読む").click()
    assert verbs(receipt) == []
    receipt.refresh_from_db()
    assert receipt.confirmed_at is None


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_readable_by_everyone(
    confirmed: Receipt, cast: Cast, page: Page, live_server: LiveServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    chair = cast.receipt(confirmed.release, cast.shirasagi)
    unread = cast.receipt(confirmed.release, cast.pharmacies[1])
    finished = setup.finish(cast.receipt(confirmed.release, cast.pharmacies[2]).pk, **BY_HAND)
    first = confirmed.release.notice.attachments.get(label="別添1")
    for address in (
        at(unread),
        at(confirmed),
        at(finished),
        at(chair),
        at(confirmed, "personal_help"),
        at(confirmed, "personal_not_applicable"),
        at(confirmed, "personal_attachment", first.pk),
        at(chair, "forwarded", scope=Scope.FORWARD),
        "/n/unknown/",
    ):
        page.goto(live_server.url + address)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("h1").count() == 1
