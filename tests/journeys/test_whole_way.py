"""From packet to board: the whole way once, through the site's own processes, a mail server and a browser."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from notices import pdf
from tests import typeset
from tests.journeys import figures, people
from tests.servers.processes import wait_until
from tests.servers.site import Site
from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.journey

SHARED = Path(settings.BASE_DIR).parent / "shared/packet/packet.txt"
OWN = Path(settings.BASE_DIR) / "tests/packets/own-packet.txt"
SUBJECT = re.compile("マイナ資格確認アプリの利用開始|残薬連絡アプリ")


@pytest.fixture(scope="module")
def packet() -> str:
    """The real packet where it lies beside the project, otherwise the project's own."""
    return (SHARED if SHARED.exists() else OWN).read_text()


def number_of(text: str) -> str:
    """The number of the first letter, without the spaces of the extraction."""
    return re.sub(r"\s", "", next(line for line in text.splitlines() if "福薬業発第" in re.sub(r"\s", "", line)))


def without_first_letter(text: str) -> str:
    """The packet as 日薬 sent it to the prefecture."""
    lines = text.splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if re.sub(r"\s", "", line).startswith("日薬業発第"))
    return "".join(lines[start:])


def words(page: pypdfium2.PdfPage) -> str:
    return "".join(page.get_textpage().get_text_range().split())


def test_from_packet_to_board(site: Site, smtp_sink: SmtpSink, packet: str, page: Page, phone: Page, new_context):
    number = number_of(packet)

    # A staff member takes in the packet as PDF and sees the chain.
    uploaded = pdf.render(typeset.in_paragraphs(packet))
    people.sign_in(page, site, "staff@shuchi.example")
    people.upload(page, site, uploaded)
    ministry, national, own = people.hops(page)
    assert ministry.startswith("厚生労働省")
    assert national == "日本薬剤師会"
    assert own.endswith("福岡県薬剤師会")
    people.register(page)

    # Composed, approved by somebody else, and released to every district chair and every member pharmacy.
    people.compose(page, deadline=timezone.localdate() + dt.timedelta(days=9))
    asked = people.ask(page)
    approver = new_context().new_page()
    people.sign_in(approver, site, "admin@shuchi.example")
    people.approve(approver, asked)
    people.release(page)
    expect(page.locator("main")).to_contain_text(number)
    expected = figures.recount(site, number)
    assert (expected["districts"]["recipients"], expected["pharmacies"]["recipients"]) == (3, 12)

    # The letter is bound with the pages that were uploaded, each with its label and its number.
    people.open_board(page, site, SUBJECT)
    whole = people.bound_packet(page, site)
    marks = {item.get_title().split("　")[0]: item.get_dest().get_index() for item in whole.get_toc()}
    (_, own), *enclosures = marks.items()
    assert own == 0
    assert [label for label, _ in enclosures] == ["別添1", "別添1の別添", "別添2"]
    came = [words(each) for each in pypdfium2.PdfDocument(uploaded)]
    for label, first in enclosures:
        (stamp,) = [words(whole[first]).removeprefix(page) for page in came if words(whole[first]).startswith(page)]
        labels = stamp.removesuffix(f"{first + 1}/{len(whole)}").split("・")
        assert label in labels, "a page that letters share names them all"

    # One message to one address, each with a personal address of its own.
    wait_until(
        lambda: figures.recount(site, number)["messages"].keys() <= {"sent", "other"}, "every message to be sent"
    )
    about = [mail for mail in smtp_sink.mails if number in mail.message["Subject"]]
    mails = [mail for mail in about if "【決裁済】" not in mail.message["Subject"]]
    assert [mail.recipients for mail in about if mail not in mails] == [("staff@shuchi.example",)]
    assert sorted(address for mail in mails for address in mail.recipients) == sorted(expected["addresses"])
    assert {len(mail.recipients) for mail in mails} == {1}
    assert len({people.personal_address(mail.text()) for mail in mails}) == len(mails)

    # A pharmacist confirms on a phone, ticks the steps and finishes.
    (mail,) = [mail for mail in mails if mail.text().startswith("白鷺中央薬局 御中")]
    people.confirm(phone, people.personal_address(mail.text()), "德丸 翔太")
    people.set_up(phone)

    # A chair confirms receipt by the mail, and signed in reports that the members know.
    (mail,) = [mail for mail in mails if mail.text().startswith("白鷺地区薬剤師会会長 殿")]
    chair = new_context().new_page()
    chair.goto(people.forward_address(mail.text()))
    expect(chair.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
    expect(chair.locator("main button")).to_have_count(0)
    chair.goto(people.personal_address(mail.text()))
    chair.get_by_role("button", name="受領を確認しました").click()
    expect(chair.locator(".confirmed")).to_contain_text("受領を確認しました")
    people.sign_in(chair, site, "chair@shuchi.example")
    chair.get_by_role("link", name=SUBJECT).first.click()
    chair.get_by_role("button", name="会員に周知しました").click()
    expect(chair.locator("main")).to_contain_text("会長受領")

    # Staff see it all on the board, and every total adds up.
    people.open_board(page, site, SUBJECT)
    expect(page.locator(".funnel")).to_contain_text("12")
    pharmacies = figures.table(page, f"{page.url}pharmacies/?format=csv")
    (finished,) = [row for row in pharmacies if row["完了"]]
    assert (finished["薬局"], finished["確認した人"]) == ("白鷺中央薬局", "德丸 翔太")
    recount = figures.recount(site, number)
    assert recount["pharmacies"] | {"reach": None} == {
        "recipients": 12, "reach": None, "confirmed": 1, "finished": 1, "not_applicable": 0,
    }  # fmt: skip
    assert recount["districts"] | {"reach": None} == {
        "recipients": 3, "reach": None, "confirmed": 1, "finished": 1, "not_applicable": 0,
    }  # fmt: skip
    by_district = figures.table(page, f"{page.url}districts.csv")
    for word, reach in REACH.items():
        assert sum(int(row[word]) for row in by_district) == recount["pharmacies"]["reach"].get(reach, 0)
    assert Counter(row["送信"] for row in pharmacies) == Counter(
        {
            word: recount["pharmacies"]["reach"][reach]
            for word, reach in REACH.items()
            if reach in recount["pharmacies"]["reach"]
        }
    )
    assert sum(recount["pharmacies"]["reach"].values()) == 12
    assert sum(recount["districts"]["reach"].values()) == 3


REACH = {"送信済": "sent", "送信待ち": "waiting", "別経路": "other", "不達": "failed", "中止": "stopped"}


def test_a_packet_of_another_issuer_becomes_enclosure_one_of_a_new_letter(
    start_site, packet: str, page: Page, new_context
):
    site = start_site()
    people.sign_in(page, site, "staff@shuchi.example")
    people.take_in(page, site, without_first_letter(packet))
    assert people.hops(page)[-1] == "日本薬剤師会"
    people.register(page)
    expect(page.locator("#enclosures")).to_contain_text("別添1")
    expect(page.locator("#letter")).to_contain_text(SUBJECT)
    expect(page.get_by_label("文書番号（任意）")).to_have_value("")
    assert re.search(r"\d+福薬業発第343号", page.content())

    # Nobody named a mail server: what would be sent is read on the site.
    page.get_by_label("確認", exact=True).check()
    asked = people.ask(page)
    approver = new_context().new_page()
    people.sign_in(approver, site, "admin@shuchi.example")
    people.approve(approver, asked)
    people.release(page)
    page.goto(f"{site.url}/outbox/")
    page.get_by_role("link", name="白鷺中央薬局").first.click()
    expect(page.locator("main")).to_contain_text("白鷺中央薬局 御中")
