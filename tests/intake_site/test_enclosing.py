"""Staff say of each 別添 what it is of all that lies in the packet, and are asked where that is not certain."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notices.intake.arriving import Incoming
from notices.models import Attachment, Packet
from notices.procedures import take_in
from tests import typeset
from tests.cast import Cast
from tests.intake.letters import written
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import actor, received

SUBJECT = "電子処方箋の新しい機能について"
GUIDE = "操作の手引き\n\n1. 画面を開いてください\n2. 「使う」を選んでください\n"
MINISTRY = f"""事務連絡
令和8年11月12日

公益社団法人　日本薬剤師会　御中

厚生労働省医薬局総務課

{SUBJECT}

標記につきまして、別添のとおり関係者への周知をお願いいたします。

以上
"""
LISTED = "＜別添＞\n１．国からの連絡文書\n２．申込書"


def packet_of(cast: Cast, below: str, *others: str) -> Packet:
    return received(cast, "\n\n".join([written(subject=SUBJECT, below=below), *others]))


def doubts(packet: Packet, letter: int = 0) -> list[str]:
    return [warning["message"] for warning in packet.letters[letter]["warnings"] if not warning["settled"]]


def texts(packet: Packet) -> dict[str, bool]:
    """By letter and label, whether the rest of the packet is that attachment's content."""
    found = [(index, each) for index, letter in enumerate(packet.letters) for each in letter["attachments"]]
    return {f"{index + 1} {each['label']}": bool(each["text"]) for index, each in found}


def test_an_enclosure_that_may_be_a_letter_of_the_packet_is_asked_about_until_staff_choose(cast: Cast, staff: Client):
    packet = packet_of(cast, LISTED, MINISTRY.replace(SUBJECT, "医薬品の供給状況の報告について"))
    assert any("「別添1」がこの受領文書のどれなのか" in message and "文書②" in message for message in doubts(packet))
    address = packet.get_absolute_url()
    page = staff.get(address)
    assert "文書② 厚生労働省" in shown(page)
    staff.post(address, typed(page, **{"attachments-0-letter": "1"}))
    packet.refresh_from_db()
    assert packet.letters[0]["attachments"][0]["letter"] == 1
    assert packet.kept["chain"] == [[1, 0]] and not doubts(packet)


def test_the_guide_goes_to_the_enclosure_whose_title_stands_above_it(cast: Cast):
    packet = packet_of(cast, "＜別添＞\n１．申込書\n２．操作の手引き", GUIDE)
    assert texts(packet) == {"1 別添1": False, "1 別添2": True}
    assert not doubts(packet)


def test_where_several_may_be_the_guide_staff_are_asked_and_may_choose_another(cast: Cast, staff: Client):
    packet = packet_of(cast, "＜別添＞\n１．申込書\n２．案内図", GUIDE)
    (asked,) = doubts(packet)
    assert "「別添1」の中身としましたが、「別添2」の中身かもしれません" in asked
    address = packet.get_absolute_url()
    page = staff.get(address)
    refused = staff.post(address, typed(page, **{"attachments-1-letter": "rest"}))
    assert "1 つの別添の中身にだけできます" in shown(refused)
    staff.post(address, typed(page, **{"attachments-0-letter": "", "attachments-1-letter": "rest"}))
    packet.refresh_from_db()
    assert texts(packet) == {"1 別添1": False, "1 別添2": True} and not doubts(packet)
    assert packet.letters[0]["attachments"][1]["text"] == GUIDE.strip()


def test_an_added_enclosure_may_be_the_guide_that_the_reader_gave_to_another_letter(cast: Cast, staff: Client):
    packet = packet_of(cast, f"＜別添＞\n１．{SUBJECT}（厚生労働省）", MINISTRY, GUIDE)
    assert texts(packet) == {"1 別添1": False, "2 別添": True}
    address = packet.get_absolute_url()
    new = {"attachments-1-label": "別添2", "attachments-1-title": "操作の手引き", "attachments-1-letter": "rest"}
    staff.post(address, typed(staff.get(address), **new))
    packet.refresh_from_db()
    assert texts(packet) == {"1 別添1": False, "1 別添2": True, "2 別添": False}
    notice = take_in.register(packet, actor(cast))
    assert notice.attachments.get(label="別添2").text == GUIDE.strip()


def test_a_file_without_a_letter_may_be_chosen_and_goes_out_as_it_came(cast: Cast, staff: Client):
    letter = typeset.text_boxes(written(subject=SUBJECT, below=LISTED))
    form = typeset.text_boxes(GUIDE)
    packet = take_in.receive_files([Incoming("letter.pdf", letter), Incoming("form.pdf", form)], actor(cast))
    address = packet.get_absolute_url()
    page = staff.get(address)
    assert "ファイル「form.pdf」" in shown(page) and "ファイル「letter.pdf」" not in shown(page)
    staff.post(address, typed(page, **{"attachments-0-letter": "", "attachments-1-letter": "file-1"}))
    packet.refresh_from_db()
    assert "→ ファイル「form.pdf」" in shown(staff.get(address))
    notice = take_in.register(packet, actor(cast))
    empty, filled = notice.attachments.all()
    assert empty.is_empty and filled.offered_as == "form.pdf" and filled.file.read() == form


def test_the_check_page_tells_of_every_enclosure_without_content_also_within_letters(cast: Cast, staff: Client):
    packet = packet_of(cast, f"＜別添＞\n１．{SUBJECT}（厚生労働省）\n２．申込書", MINISTRY)
    notice = take_in.register(packet, actor(cast))
    page = shown(staff.get(reverse("notices:check", args=[notice.pk])))
    assert "別添2「申込書」の中身がありません" in page and "ファイルか URL を付けてください" in page
    assert "別添1の別添の中身がありません" in page


@pytest.mark.parametrize("place", ["check", "notice"])
def test_staff_see_what_lies_within_an_enclosed_letter_with_its_pages_and_read_it(
    cast: Cast, staff: Client, place: str
):
    """The ministry's letter and the guide lie within the letter received, which is 別添1."""
    national = written(subject=SUBJECT, below=f"＜別添＞\n１．{SUBJECT}（厚生労働省）")
    national = national.replace("8福薬業発", "日薬業発").replace("公益社団法人福岡県薬剤師会", "日本薬剤師会")
    texts = enumerate((national, MINISTRY, GUIDE))
    files = [Incoming(f"{number}.pdf", typeset.text_boxes(text)) for number, text in texts]
    packet = take_in.accept(take_in.receive_files(files, actor(cast)), actor(cast))
    draft = take_in.register(packet, actor(cast))
    html = staff.get(reverse(f"notices:{place}", args=[draft.pk])).content.decode()
    within = html.partition('aria-label="別添1に入っているもの"')[2].partition("</ul>")[0]
    ministry = draft.attachments.get(label="別添1").enclosed.attachments.get().enclosed
    guide = Attachment.objects.exclude(text="").get()
    read = reverse("notices:notice_attachment", args=[guide.notice_id, guide.pk])
    for label, address in (("別添1の別添1", reverse("notices:notice", args=[ministry.pk])), ("の別添", read)):
        assert label in within and f'href="{address}"' in within
        assert staff.get(address).status_code == 200
    assert re.findall("[0-9]+ ページ", within) == ["1 ページ"] * 2
