"""A packet of PDFs on its desk: the pages as they came, each value at its place, a scan to be typed."""

import os
import re
import time
from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client

from members.models import Event
from notices import pdf_pages, tasks
from notices.intake import kept
from notices.models import Notice, Packet
from notices.procedures import take_in
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import OWN, actor
from tests.written_pdf import SCRIPT, written


@pytest.fixture(autouse=True)
def pictures(settings, tmp_path):
    settings.PAGE_PICTURES = tmp_path
    return tmp_path


def received_pdf(cast: Cast, content: bytes) -> Packet:
    return take_in.receive(content, "packet.pdf", actor(cast))


def test_the_pages_of_a_letter_stand_beside_what_was_read(cast: Cast, staff: Client):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    page = staff.get(f"/packets/{packet.pk}/?letter=2")
    html = page.content.decode()
    numbers = [each.number for each in page.context["page"].pages]
    assert [int(number) for number in re.findall(rf"<img src=\"/packets/{packet.pk}/pages/(\d+)", html)] == numbers
    assert f"{packet.packet_files.get().pages}ページ" in shown(page)


@pytest.mark.parametrize("typesetting", [typeset.text_boxes, typeset.single_characters])
def test_each_value_leads_to_where_it_stands_on_its_page(cast: Cast, staff: Client, typesetting: Callable[..., bytes]):
    content = typesetting(OWN, 1)
    packet = received_pdf(cast, content)
    page = staff.get(f"/packets/{packet.pk}/?letter=2")
    html, pages = page.content.decode(), page.context["page"].pages
    for name in ("numbers", "date", "addressees", "issuers", "subject", "attachments-0"):
        assert html.count(f'href="#at-{name}"') == html.count(f'id="at-{name}"') == 1, name
    places = {mark.name: (each, mark.box) for each in reversed(pages) for mark in each.marks if mark.is_first}
    # In this PDF the characters come in any order.
    assert sorted(_text_at(content, *places["numbers"])) == sorted("日薬業発第318号")
    assert sorted(_text_at(content, *places["date"])) == sorted("令和6年11月25日")


def _text_at(content: bytes, page, box) -> str:
    """What a PDF says at a place on the picture of its page."""
    sheet, scale = pypdfium2.PdfDocument(content)[page.index], 842 / page.sheet.height
    left, top, width, height = (value * scale for value in box)
    text = sheet.get_textpage().get_text_bounded(left - 1, 842 - top - height - 1, left + width + 1, 842 - top + 1)
    return "".join(text.split())


def test_a_page_that_lies_turned_has_its_marks_where_it_shows_them():
    (sheet,) = pdf_pages.sheets(written(text="Shuchi", rotate=90), [0])
    assert (sheet.width, sheet.height) == (1500, 1060)
    left, top, width, height = sheet.boxes[0]
    assert left > 1300
    assert top < 200
    assert height < width


def test_the_text_is_one_click_away(cast: Cast, staff: Client):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    html = staff.get(f"/packets/{packet.pk}/?letter=1&view=text").content.decode()
    assert '<span class="found" id="at-date">令和6年12月11日</span>' in html
    assert "/pages/1" not in html
    assert "深く感謝申し上げます。" in html


def test_a_picture_of_a_page_is_drawn_once_and_recorded_nowhere(cast: Cast, staff: Client, pictures):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    events = Event.objects.count()
    answer = staff.get(f"/packets/{packet.pk}/pages/2")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer.content.startswith(b"\x89PNG")
    (drawn,) = pictures.glob("*-1.png")
    before = drawn.stat().st_mtime_ns
    assert staff.get(f"/packets/{packet.pk}/pages/2").content == answer.content
    assert (drawn.stat().st_mtime_ns, Event.objects.count()) == (before, events)
    assert staff.get(f"/packets/{packet.pk}/pages/99").status_code == 404


def test_pictures_that_were_drawn_long_ago_are_removed_and_drawn_again(cast: Cast, staff: Client, pictures, settings):
    address = f"/packets/{received_pdf(cast, typeset.text_boxes(OWN)).pk}/pages"
    shown_before = [staff.get(f"{address}/{page}").content for page in (1, 2)]
    long_ago = time.time() - (settings.PAGE_PICTURES_DAYS + 1) * 24 * 60 * 60
    for old in pictures.glob("*-0.png"):
        os.utime(old, (long_ago, long_ago))
    tasks.clear_expired()
    assert sorted(path.name[65:] for path in pictures.iterdir()) == ["0.json", "1.json", "1.png"]
    assert [staff.get(f"{address}/{page}").content for page in (1, 2)] == shown_before
    assert len(list(pictures.iterdir())) == 4
    settings.PAGE_PICTURES = pictures / "nobody has looked yet"
    tasks.clear_expired()


def test_of_a_pdf_that_acts_the_page_says_that_a_copy_is_shown(cast: Cast, staff: Client):
    packet = received_pdf(cast, written(SCRIPT, catalog="/OpenAction 5 0 R"))
    assert "「packet.pdf」は、開くと動くしかけなどを除いた写しです" in shown(staff.get(f"/packets/{packet.pk}/"))
    assert staff.get(f"/packets/{packet.pk}/pages/1").status_code == 200


def test_where_pages_cannot_be_drawn_the_packet_can_be_worked_on_all_the_same(cast: Cast, staff: Client, settings):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    settings.FILE_READING_SECONDS = 0.01
    page = staff.get(f"/packets/{packet.pk}/")
    assert page.status_code == 200
    assert "日薬業発第318号" in shown(page)
    assert staff.get(f"/packets/{packet.pk}/pages/1").status_code == 404
    assert "6福薬業発第412号" in shown(staff.get(f"/packets/{packet.pk}/?view=text"))


def test_pages_that_belong_to_no_letter_are_shown_as_the_rest(cast: Cast, staff: Client):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    page = staff.get(f"/packets/{packet.pk}/?letter=rest").context["page"]
    assert page.parts[-1].pages == "–".join(str(each.number) for each in (page.pages[0], page.pages[-1]))


def test_the_steps_of_the_guide_are_offered_with_the_rest(cast: Cast, staff: Client):
    packet = received_pdf(cast, typeset.text_boxes(OWN))
    rest = shown(staff.get(f"/packets/{packet.pk}/?letter=rest"))
    assert "設定手順の案（14 項目、うち済みを付けない参照 2 項目）" in rest
    assert "「利用者の登録」を押してください" in rest


def test_the_heading_of_a_scan_is_typed_and_registered(cast: Cast, staff: Client):
    packet = received_pdf(cast, written(text="", pages=2))
    address = f"/packets/{packet.pk}/"
    page = staff.get(address)
    assert [each.number for each in page.context["page"].pages] == [1, 2]
    assert "頭書きを読み取れませんでした" in shown(page)
    sheet = page.context["page"].sheet
    doubts = [doubt for value in (*sheet.values, sheet.issuers, *sheet.later) for doubt in value.doubts]
    assert page.context["page"].next_doubt.endswith(f"#doubt-{doubts[0].index}"), "the first from above"
    warnings = packet.letters[0]["warnings"]
    assert {warnings[doubt.index]["field"] for doubt in doubts if not doubt.may_stand} == {"issuers", "subject"}
    assert page.content.decode().count("このままで正しい") == len(doubts) - 2
    heading = {
        "numbers": "日薬業発第９９号",
        "date": "令和6年12月1日",
        "addressees": "都道府県薬剤師会会長",
        "honorific": "殿",
        "subject": "年末年始の対応について",
        "issuers-0-organisation": "日本薬剤師会",
    }
    staff.post(address, typed(page, do="record", **heading))
    packet.refresh_from_db()
    assert packet.state == Packet.State.REGISTERED
    notice = Notice.objects.get(packet=packet)
    assert (notice.subject, notice.date.isoformat()) == ("年末年始の対応について", "2024-12-01")
    assert notice.kind == "通知"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ({"numbers": "6薬第2451号", "subject": "医薬品の供給体制について（依頼）"}, "依頼"),
        ({"numbers": "事 務 連 絡", "subject": "年末年始の対応について"}, "事務連絡"),
        ({"subject": "年末年始の対応について（事務連絡）"}, "事務連絡"),
        ({"numbers": "6薬第2451号", "subject": "医薬品の供給体制について", "kind": "その他"}, "その他"),
    ],
)
def test_the_kind_of_a_scan_is_proposed_from_what_is_typed(
    cast: Cast, staff: Client, heading: dict[str, str], kind: str
):
    packet = received_pdf(cast, written(text="", pages=1))
    address = f"/packets/{packet.pk}/"
    page = staff.get(address)
    assert "番号と件名から決める（いまは「その他」）" in shown(page)
    page = staff.post(address, typed(page, do="save", **heading | {"issuers-0-organisation": "福岡県"}), follow=True)
    packet.refresh_from_db()
    assert kept.kind_of(packet.letters[0]) == kind
    assert packet.letters[0]["numbers"] == [number for number in [heading.get("numbers")] if number == "6薬第2451号"]
    assert (f"いまは「{kind}」" in shown(page)) == ("kind" not in heading and "事 務" not in str(heading))
    take_in.record(take_in.accept(packet, actor(cast)), actor(cast))
    assert Notice.objects.get(packet=packet).kind == kind
