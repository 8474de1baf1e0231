"""What each of the three kinds of people does on the site, with a browser."""

import re
from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from members.wareki import long_date
from tests.servers.site import Site

PC_STEPS = """ログインし、「環境設定情報」の変更を開く
訪問診療等機能で「利用する」を選び、更新する｜「更新しました」と出たら「OK」
一度ログアウトし、もう一度ログインする
「アカウント管理（登録）」を押す
権限区分「医療情報閲覧」で登録する｜ユーザーIDと名前は薬局で決めます
初期パスワードを紙に控え、ホームに戻る
「アクティベーションコード管理」で発行し、紙に控える｜端末の設定で使います
作ったユーザーでログインし、パスワードを変える"""
DEVICE_STEPS = """ポータルサイトで手順書を開く｜訪問診療等 → 手順書・マニュアル → ③操作マニュアル
「マイナ資格確認アプリ」を入れる
アクティベーションコードを登録する｜紙の控えを見て、アプリに入れます
マイナンバーカードで資格確認を試す"""


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
    """Staff say what is asked, of whom and until when, and write the twelve steps."""
    page.get_by_label("確認＋設定").check()
    page.get_by_label("誰が").fill("訪問薬剤管理を行う薬局")
    page.get_by_label("何を").fill("PC の設定を変え、タブレット等にアプリを入れる")
    page.get_by_label("確認期限").fill(long_date(deadline))
    page.get_by_role("button", name=re.compile("手順を(書く|直す)")).click()
    page.get_by_label("PC の手順を足す").fill(PC_STEPS)
    page.get_by_label("端末の手順を足す").fill(DEVICE_STEPS)
    page.get_by_role("button", name="保存して文面に戻る").click()
    expect(page.locator("body")).to_contain_text("設定手順 12 手順")


def ask(page: Page) -> str:
    """Staff choose everybody, look at everything once more, and ask for the approval; gives the page's address."""
    page.get_by_role("button", name="宛先へ進む").click()
    page.get_by_role("button", name="確かめる", exact=True).click()
    page.get_by_role("button", name="決裁に出す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("決裁する")
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
    page.get_by_label("お名前（任意）").fill(name)
    page.get_by_role("button", name="この名前を残す").click()
    expect(page.locator(".confirmed")).to_contain_text(name)


def set_up(page: Page, device: str) -> None:
    """The pharmacist ticks one step after the other, the device's among them, and finishes."""
    for done in range(8):
        page.locator("li.now button.step").click()
        expect(page.locator("#work")).to_contain_text(f"12 項目のうち {done + 1} 項目済み")
    page.get_by_role("button", name=device).click()
    for done in range(8, 12):
        page.locator("li.now button.step").click()
        expect(page.locator("#work")).to_contain_text(f"12 項目のうち {done + 1} 項目済み")
    page.get_by_role("button", name="設定が完了しました").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("完了しました")


def open_board(page: Page, site: Site, subject: re.Pattern) -> None:
    """Staff find the notice in the list and open its board."""
    page.goto(f"{site.url}/notices/")
    page.get_by_role("link", name=subject).first.click()
    expect(page.locator(".funnel")).to_be_visible()
