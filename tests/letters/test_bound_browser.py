"""From an uploaded PDF to the bound packet that everybody opens, in a real browser; and the steps' pictures."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from members.history import NOBODY
from notices.models import Approval, BoundPacket, Notice, Release
from notices.models.receipt import Via
from notices.procedures import approve, bind, issue
from notices.tracking import confirming
from tests.cast import Cast
from tests.letters.browser import address
from tests.screen.test_pages import RULES
from tests.tracking.conftest import page as at
from tests.written_pdf import written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Page:
    """A browser in which staff is signed in."""
    return signed_in(cast, "staff", new_context(base_url=live_server.url), live_server)


def signed_in(cast: Cast, who: str, context: BrowserContext, live_server: LiveServer) -> Page:
    session = cast.client(who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def opened(page: Page, url: str) -> pypdfium2.PdfDocument:
    answer = page.request.get(url)
    assert answer.status == 200 and answer.headers["content-type"] == "application/pdf"
    return pypdfium2.PdfDocument(answer.body())


def test_a_pdf_is_uploaded_the_letter_released_and_the_packet_opened_by_a_pharmacy(
    cast: Cast, desk: Page, live_server: LiveServer, new_context: Callable[..., BrowserContext], tmp_path: Path
):
    file = tmp_path / "tebiki.pdf"
    file.write_bytes(written(text="Guide", pages=3))
    desk.goto("/notices/new/")
    desk.get_by_label("件名").fill("在宅の届出の手引きについて")
    desk.get_by_role("button", name="下書きを作る").click()
    desk.get_by_text("ファイル・URL を足す").click()
    desk.get_by_label("題名").fill("届出の手引き")
    desk.get_by_label("ファイル", exact=True).set_input_files(file)
    desk.get_by_role("button", name="足す", exact=True).click()
    expect(desk.locator("#enclosures").get_by_text("届出の手引き")).to_be_visible()
    expect(desk.get_by_role("button", name="別添と綴じて見る")).to_be_visible()
    assert len(opened(desk, live_server.url + address("bound_pdf", Notice.objects.get()))) == 4

    desk.get_by_role("button", name="宛先へ進む").click()
    desk.get_by_role("button", name="確かめる").click()
    desk.get_by_role("button", name="決裁に出す").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("決裁を待つ")
    approve.approve(Approval.objects.get().pk, timezone.localdate(), cast.actor("administrator"))
    desk.reload()
    desk.get_by_role("checkbox", name="発出すると取り消せないこと").check()
    desk.get_by_role("button", name="地区に発出する").click()
    expect(desk.get_by_text("まとめた PDF を作っています").first).to_be_visible()
    assert bind.bind_due() == 1
    desk.reload()
    link = desk.get_by_role("link", name="通知と別添をまとめたPDF").first.get_attribute("href")
    whole = opened(desk, live_server.url + link)
    text = [page.get_textpage().get_text_range() for page in whole]
    assert len(text) == 4
    assert "在宅の届出の手引きについて" in "".join(text[0].split())
    assert all("Guide" in page and "別添1" in page for page in text[1:])

    release = Release.objects.get(state=Release.State.SENDING)
    own = signed_in(cast, "pharmacy", new_context(base_url=live_server.url), live_server)
    own.goto(f"/own/{cast.receipt(release, cast.pharmacies[0]).pk}/")
    link = own.get_by_role("link", name="通知と別添をまとめたPDF").get_attribute("href")
    assert own.request.get(live_server.url + link).body() == BoundPacket.objects.get().file.read()


def test_a_step_gets_its_picture_which_the_pharmacy_sees_small_and_opens_large(
    cast: Cast, desk: Page, live_server: LiveServer, phone: Page, tmp_path: Path
):
    photo = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (2000, 1000), "navy").save(photo, exif=exif)
    draft = cast.draft("在宅の届出の手引きについて", ask=Release.Ask.SET_UP)
    desk.goto(f"/notices/{draft.pk}/steps/")
    desk.get_by_label("PC の手順を足す").fill("環境設定を開く｜ログインの後に出ます")
    desk.get_by_role("button", name="手順を保存").click()
    desk.get_by_text("画像を付ける").click()
    desk.get_by_label("画像（PNG・JPEG）").set_input_files(photo)
    desk.get_by_role("button", name="手順を保存").click()
    expect(desk.get_by_text("画像に何が写っているかを書いてください")).to_be_visible()
    desk.get_by_label("画像（PNG・JPEG）").set_input_files(photo)
    desk.get_by_label("画像の説明（何が写っているか）").fill("環境設定の画面")
    desk.get_by_role("button", name="手順を保存").click()
    expect(desk.get_by_role("img", name="環境設定の画面")).to_be_visible()
    assert Axe().run(desk, options={"runOnly": RULES}).violations_count == 0
    kept = draft.steps.get().picture.read()
    assert Image.open(io.BytesIO(kept)).size == (1280, 640) and b"a camera" not in kept

    receipt = cast.receipt(issue.release(cast.approved(draft).pk, cast.actor("staff")), cast.pharmacies[0])
    confirming.confirm(receipt.pk, actor=NOBODY, via=Via.PERSONAL)
    phone.goto(live_server.url + at(receipt))
    picture = phone.get_by_role("img", name="環境設定の画面")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1280)
    assert picture.bounding_box()["height"] < 200
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    small = picture.bounding_box()["width"]
    phone.get_by_text("大きく見る").click()
    expect(phone.get_by_text("小さくする")).to_be_visible()
    assert picture.bounding_box()["width"] > 1.2 * small
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_text("小さくする").click()
    phone.get_by_role("button", name="環境設定を開く").click()
    expect(phone.get_by_text("1 項目すべて済み")).to_be_visible()
    expect(picture).to_be_hidden()  # so that the next step comes nearer
    phone.get_by_text("画像を見る").click()
    expect(picture).to_have_js_property("naturalWidth", 1280)
    assert Axe().run(phone, options={"runOnly": RULES}).violations_count == 0


def test_a_sentence_is_previewed_while_it_is_typed_and_without_script_by_a_button(
    cast: Cast, desk: Page, live_server: LiveServer, new_context: Callable[..., BrowserContext]
):
    without = signed_in(cast, "staff", new_context(base_url=live_server.url, java_script_enabled=False), live_server)
    for page in (desk, without):
        page.goto("/sentences/notify_request/")
        page.get_by_label("文", exact=True).fill("{発出者}の件です。")
        if page == without:
            page.get_by_role("button", name="例で見る").click()
        expect(page.locator("mark").get_by_text("日本薬剤師会の件です。")).to_be_visible()
    assert Axe().run(desk, options={"runOnly": RULES}).violations_count == 0
