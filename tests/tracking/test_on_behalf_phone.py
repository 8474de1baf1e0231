"""A chair on the telephone, with the site on a phone, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from notices.models import OnBehalf, Receipt
from notices.models.receipt import Via
from tests.cast import Cast
from tests.sizes import WIDTHS
from tests.tracking.conftest import verbs

pytestmark = pytest.mark.django_db(transaction=True)

# What the keyboard is on: its name, from where to where it lies, and whether its ring is drawn.
FOCUSED = """() => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const {left, right} = here.getBoundingClientRect();
  return {name: here.textContent, left: Math.ceil(left), right: Math.floor(right),
          ring: getComputedStyle(here).outlineStyle === "solid"};
}"""


def sign_in(context: BrowserContext, cast: Cast, who: str, live_server: LiveServer) -> None:
    name = settings.SESSION_COOKIE_NAME
    key = cast.client(who).cookies[name].value
    context.add_cookies([{"name": name, "value": key, "url": live_server.url}])


def test_a_chair_records_on_one_sheet_and_undoes_it(
    receipt: Receipt, cast: Cast, phone: Page, live_server: LiveServer
) -> None:
    sign_in(phone.context, cast, "chair", live_server)
    own = cast.receipt(receipt.release, cast.shirasagi)
    phone.goto(live_server.url + reverse("notices:district_receipt", args=[own.pk]) + "?show=unconfirmed")
    back = phone.url
    phone.get_by_role("link", name=re.compile("代理で記録.*白鷺中央薬局")).click()
    expect(phone.get_by_role("radio", name="確認しました")).to_be_focused()
    expect(phone.get_by_label("対象外の理由")).to_be_hidden()
    expect(phone.get_by_label("困っていること（任意）")).to_be_hidden()
    assert min(box.bounding_box()["height"] for box in phone.locator(".boxes .form-check").all()) >= 44
    phone.get_by_text("設定が完了しました").tap()
    phone.get_by_text("電話", exact=True).tap()
    phone.get_by_label("答えた方のお名前").fill("梅﨑 千夏")
    phone.get_by_role("button", name="代理で記録する").tap()
    expect(phone.get_by_text("白鷺中央薬局の「完了」を、代理で記録しました。")).to_be_visible()
    assert phone.url == back
    receipt.refresh_from_db()
    assert (receipt.finished_via, receipt.finished_by) == (Via.TELEPHONE, cast.capacities["chair"].account)
    phone.get_by_role("button", name="取り消す", exact=True).tap()
    expect(phone.get_by_text("白鷺中央薬局の「完了」の代理の記録を取り消しました。")).to_be_visible()
    assert phone.url == back
    assert verbs(receipt)[-2:] == ["receipt.reopened", "receipt.unconfirmed"]


def test_the_sheet_is_filled_in_by_the_keyboard_alone(
    receipt: Receipt, cast: Cast, page: Page, live_server: LiveServer
) -> None:
    sign_in(page.context, cast, "staff", live_server)
    page.goto(live_server.url + reverse("notices:on_behalf", args=[receipt.pk]))
    for key in ("ArrowDown", "ArrowDown", "Tab"):  # 対象外です, whose reason appears next
        page.keyboard.press(key)
    page.keyboard.insert_text("訪問を行っていない")
    for key in ("Tab", "ArrowRight", "Tab"):  # FAX
        page.keyboard.press(key)
    page.keyboard.insert_text("梅﨑 千夏")
    page.keyboard.press("Enter")
    expect(page.get_by_text("白鷺中央薬局の「対象外」を、代理で記録しました。")).to_be_visible()
    made = OnBehalf.objects.get()
    assert (made.what, made.via, made.person) == ("not_applicable", Via.FAX, "梅﨑 千夏")
    receipt.refresh_from_db()
    assert receipt.not_applicable_reason == "訪問を行っていない"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sheet_is_readable_by_everyone(
    receipt: Receipt, cast: Cast, page: Page, live_server: LiveServer, width: int
) -> None:
    sign_in(page.context, cast, "chair", live_server)
    page.set_viewport_size({"width": width, "height": 800})
    sheet = live_server.url + reverse("notices:on_behalf", args=[receipt.pk])
    for box in ("確認しました", "対象外です", "困っています"):
        page.goto(sheet)
        page.get_by_role("radio", name=box).check()
        found = Axe().run(page)
        assert found.violations_count == 0, (box, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="代理で記録する").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert Axe().run(page).violations_count == 0


def test_by_keyboard_all_of_the_desk_can_be_reached_and_seen_on_the_narrowest_phone(
    receipt: Receipt, cast: Cast, phone: Page, live_server: LiveServer
) -> None:
    sign_in(phone.context, cast, "chair", live_server)
    own = cast.receipt(receipt.release, cast.shirasagi)
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.emulate_media(reduced_motion="reduce")
    for there in (reverse("notices:district"), reverse("notices:district_receipt", args=[own.pk])):
        phone.goto(live_server.url + there)
        wanted = phone.locator("main a:visible, main button:visible, .mainnav a:visible").count()
        reached = []
        while (place := phone.evaluate(FOCUSED, phone.keyboard.press("Tab"))) is not None:
            reached.append(place)
        assert len(reached) >= wanted
        assert [place for place in reached if place["left"] < 0 or place["right"] > 320 or not place["ring"]] == []
        assert phone.evaluate("document.documentElement.scrollWidth") == 320, "only its lists scroll sideways"
