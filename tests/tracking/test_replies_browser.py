"""The round trip of a FAX: printed by district, opened by its QR code, come back on paper, typed in, and undone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from notices.boards import progress
from notices.models import Delivery, OnBehalf, Receipt
from notices.models.receipt import Reach, Via
from tests import qr
from tests.cast import Cast
from tests.distribution.paper import letter as letter
from tests.distribution.paper import pages, with_letter

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(context: BrowserContext, cast: Cast, who: str, live_server: LiveServer) -> None:
    name = site_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": cast.client(who).cookies[name].value, "url": live_server.url}])


def by_fax(receipts: list[Receipt]) -> None:
    """Their messages are FAXes that staff send by hand."""
    deliveries = Delivery.objects.filter(receipt__in=receipts)
    deliveries.update(channel="fax", address="092-000-0199", state=Delivery.State.OTHER, settled_at=None)
    Receipt.objects.filter(pk__in=[each.pk for each in receipts]).update(reach=Reach.OTHER)


def code_of(sheet: str) -> str:
    return re.search(r"受付コード(\w{4}-\w{4})", sheet)[1]


def test_faxes_go_out_and_come_back(
    receipt: Receipt,
    cast: Cast,
    letter: bytes,
    page: Page,
    phone: Page,
    live_server: LiveServer,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.SITE_URL, settings.FAX_GATEWAY = live_server.url, ""
    release = with_letter(receipt.release, letter)
    by_fax([receipt, cast.receipt(release, cast.pharmacies[1])])

    # Staff print the sheets of a district.
    sign_in(page.context, cast, "staff", live_server)
    page.goto(live_server.url + reverse("notices:release_papers", args=[release.pk]))
    with page.expect_download() as saving:
        page.get_by_role("link", name="PDF（2通）").click()
    saving.value.save_as(tmp_path / "papers.pdf")
    content = (tmp_path / "papers.pdf").read_bytes()
    ours, next_one = (page for page in pages(content) if "受付コード" in page)
    assert "白鷺中央薬局御中" in ours

    # The pharmacist's phone reads the code, and shows the pharmacy's own page; that alone records nothing.
    phone.goto(qr.read(content, 0))
    expect(phone.get_by_text("白鷺中央薬局", exact=True).first).to_be_visible()
    expect(phone.get_by_role("button", name="確認しました")).to_be_visible()

    # The sheet comes back signed: its code is typed, it is shown, a key chooses the box, Enter records it.
    page.get_by_role("link", name="返信の入力", exact=True).first.click()
    expect(page.get_by_label("受付コード", exact=True)).to_be_focused()
    page.keyboard.insert_text(code_of(ours).lower().replace("-", "　"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="白鷺中央薬局")).to_be_visible()
    expect(page.get_by_role("radio", name="確認しました")).to_be_focused()
    assert not OnBehalf.objects.exists()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="設定が完了しました")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("白鷺中央薬局の「完了」を、代理（FAX）で記録しました。")).to_be_visible()
    expect(page.get_by_label("受付コード", exact=True)).to_be_focused()
    receipt.refresh_from_db()
    assert (receipt.finished_via, receipt.confirmed_via) == (Via.FAX, Via.FAX)

    # The next one of the pile, and the board counts both.
    page.keyboard.insert_text(code_of(next_one))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="すみれ調剤薬局")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("すみれ調剤薬局の「確認」を、代理（FAX）で記録しました。")).to_be_visible()
    expect(page.get_by_label("受付コード", exact=True)).to_be_focused()
    tally = progress.totals(release).pharmacies
    assert (tally.confirmed, tally.on_behalf, tally.finished) == (2, 2, 1)

    # It was another box: undone from the list, and the phone can answer by itself.
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name=re.compile("取り消す.*白鷺中央薬局の完了")).click()
    expect(page.get_by_text("白鷺中央薬局の「完了」の代理の記録を取り消しました。")).to_be_visible()
    expect(page.get_by_label("受付コード", exact=True)).to_be_focused()
    phone.reload()
    phone.get_by_role("button", name="確認しました").tap()
    expect(phone.get_by_role("button", name="確認しました")).to_have_count(0)
    receipt.refresh_from_db()
    assert (receipt.finished_via, receipt.confirmed_via) == ("", Via.PERSONAL)
