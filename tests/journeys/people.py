"""What each of the three kinds of people does on the site, with a browser."""

import re
from datetime import date
from urllib.parse import urlsplit

import pypdfium2
from playwright.sync_api import Page, expect

from members.wareki import long_date
from tests.servers.processes import wait_until
from tests.servers.site import Site

DEVICE_STEP = "アプリに控えのコードを登録する｜紙の控えを見て、アプリに入れます"


def sign_in(page: Page, site: Site, email: str) -> None:
    """By an operator's one-time address: its button, not its opening, signs in."""
    page.goto(site.signin_address(email))
    page.get_by_role("button", name="サインインする").click()


def take_in(page: Page, site: Site, text: str) -> None:
    """Staff paste a packet; the site shows what it read in it."""
    page.goto(f"{site.url}/packets/new/")
    page.get_by_label("文章").first.fill(text)
    page.get_by_role("button", name="受領して読み取る").click()
    expect(page.get_by_role("heading", name="読み取った内容")).to_be_visible()


def upload(page: Page, site: Site, content: bytes) -> None:
    """Staff upload a packet as PDF, look at what was read, and click a value to see where it stands on its page."""
    page.goto(f"{site.url}/packets/new/")
    file = {"name": "packet.pdf", "mimeType": "application/pdf", "buffer": content}
    page.get_by_label("ファイル").set_input_files(file)
    page.get_by_role("button", name="受領して読み取る").click()
    expect(page.get_by_role("heading", name="読み取った内容")).to_be_visible()
    picture = page.get_by_role("img", name="1ページの紙面")
    assert picture.evaluate("image => image.decode().then(() => image.naturalHeight)") == 1500
    page.get_by_label("件名").click()
    expect(page.locator("#at-subject")).to_have_class(re.compile(r"\bhere\b"))
    expect(page.locator("#at-subject")).to_be_in_viewport()


def hops(page: Page) -> list[str]:
    """The organisations of the chain on the page, the first hop first."""
    return [name.strip() for name in page.locator(".chain .org").all_inner_texts()]


def register(page: Page) -> None:
    """Staff settle what is doubtful, then register; the draft of the notice opens."""
    while (doubt := page.get_by_role("button", name="このままで正しい")).count():
        doubt.first.click()
        page.wait_for_load_state()
        if (following := page.get_by_role("link", name="次の要確認へ")).count() and not doubt.count():
            following.click()
    page.get_by_role("button", name="登録して通知を作る").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("通知を作る")


def compose(page: Page, deadline: date) -> None:
    """Staff say what is asked, of whom and until when, and add a step to those of the guide."""
    page.get_by_label("確認＋設定").check()
    page.get_by_label("誰が").fill("訪問薬剤管理を行う薬局")
    page.get_by_label("何を").fill("PC の設定を変え、タブレット等にアプリを入れる")
    page.get_by_label("確認期限").fill(long_date(deadline))
    page.get_by_role("button", name=re.compile("手順を(書く|直す)")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("設定手順を書く")
    page.get_by_label("端末の手順を足す").fill(DEVICE_STEP)
    page.get_by_role("button", name="保存して文面に戻る").click()
    expect(page.locator("body")).to_contain_text("設定手順 13 手順")


def ask(page: Page) -> str:
    """Staff choose everybody, look at everything once more, and ask for the approval; gives the page's address."""
    page.get_by_role("button", name="宛先へ進む").click()
    page.get_by_role("button", name="確かめる", exact=True).click()
    page.get_by_role("button", name="決裁に出す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("決裁を待つ")
    return page.url


def approve(page: Page, address: str) -> None:
    """Whoever approves finds the notice among today's work, and decides."""
    path = urlsplit(address).path
    page.locator(f"#approvals a[href='{path}#approval']").click()
    page.get_by_role("checkbox", name="文面・別添・宛先を確かめました").check()
    page.get_by_role("button", name="決裁する").click()
    expect(page.locator("body")).to_contain_text("で決裁しました")


def release(page: Page) -> None:
    """Staff release what was approved."""
    page.reload()
    page.get_by_role("checkbox", name="発出すると取り消せないこと").check()
    page.get_by_role("button", name=re.compile("地区に発出する$")).click()


def personal_address(text: str) -> str:
    """The personal address in a mail's text."""
    return re.search(r"https?://\S+/n/\S+", text)[0]


def forward_address(text: str) -> str:
    """The 転送用 address in a chair's mail."""
    return re.search(r"https?://\S+/f/\S+", text)[0]


def confirm(page: Page, address: str, name: str) -> None:
    """A pharmacist opens the link of the mail, confirms in one tap, and leaves a name."""
    page.goto(address)
    page.get_by_role("button", name="確認しました").click()
    expect(page.locator(".confirmed")).to_contain_text("確認しました")
    if not page.get_by_label("お名前（任意）").is_visible():
        page.get_by_text("お名前を残す（任意）").click()
    page.get_by_label("お名前（任意）").fill(name)
    page.get_by_role("button", name="この名前を残す").click()
    expect(page.locator(".confirmed")).to_contain_text(name)


def set_up(page: Page) -> None:
    """The pharmacist ticks one step after the other, the same for every device, and finishes."""
    ticked = 0
    now = page.locator("li.now button.step")
    while now.count():
        now.click()
        ticked += 1
        expect(page.locator("#work button.step[aria-pressed=true]")).to_have_count(ticked)
    page.get_by_role("button", name="設定が完了しました").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("完了しました")


def open_board(page: Page, site: Site, subject: re.Pattern) -> None:
    """Staff find the notice in the list and open its board."""
    page.goto(f"{site.url}/notices/")
    page.get_by_role("link", name=subject).first.click()
    expect(page.locator(".funnel")).to_be_visible()


def bound_packet(page: Page, site: Site) -> pypdfium2.PdfDocument:
    """Letter and enclosures as one PDF, once a worker has bound them; staff open it from the notice's board."""
    link = page.get_by_role("link", name="通知と別添をまとめたPDF").first

    def is_bound() -> int:
        page.reload()
        return link.count()

    wait_until(is_bound, "the packet to be bound")
    answer = page.context.request.get(site.url + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return pypdfium2.PdfDocument(answer.body())
