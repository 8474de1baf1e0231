"""One broken file of several is chosen again alone: the others wait on the page, in their order."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from notices import tasks
from notices.intake import waiting
from notices.models import Packet, StoredFile
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import OWN, SAME_NUMBER, received
from tests.written_pdf import written

ADDRESS = "/packets/new/"
FIRST, SECOND = OWN[: OWN.index("日 薬 業 発")], OWN[OWN.index("日 薬 業 発") :]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.WAITING_FILES = tmp_path / "waiting"
    return settings.WAITING_FILES


def upload(**contents: bytes | str) -> list[SimpleUploadedFile]:
    """Files by their names: a_txt is a.txt."""
    return [
        SimpleUploadedFile(name.replace("_", "."), content.encode() if isinstance(content, str) else content)
        for name, content in contents.items()
    ]


def again(page: HttpResponse, **sent: object) -> dict[str, object]:
    """What a browser sends from that page: the sign of what waits, and what is filled in."""
    return {"waiting": page.context["form"].waiting.sign} | sent


def names(packet: Packet) -> list[str]:
    return [file.name for file in packet.packet_files.order_by("position")]


def test_a_broken_file_is_chosen_again_alone_and_takes_its_place(staff: Client, folder):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_txt=SECOND, three_txt="別添3 用紙")})
    assert "「one.pdf」：PDF が壊れているか、途中で切れています" in shown(page)
    assert "ほかのファイルは預かっています" in shown(page)
    assert "two.txt 預かっています" in shown(page) and "one.pdf 受け取れませんでした" in shown(page)
    assert not Packet.objects.exists() and not StoredFile.objects.exists()
    staff.post(ADDRESS, again(page, files=upload(mended_txt=FIRST, more_txt="別添4 用紙")))
    packet = Packet.objects.get()
    assert names(packet) == ["mended.txt", "two.txt", "three.txt", "more.txt"]
    assert [letter["numbers"] for letter in packet.letters] == [["6福薬業発第412号"], ["日薬業発第318号"], []]
    assert list(folder.iterdir()) == [], "what was taken in waits no more"


def test_all_broken_files_are_named_at_once(staff: Client):
    files = upload(one_pdf=b"%PDF-1.7", two_txt=OWN, three_txt=b"\x00", four_pdf=written()[:40])
    page = staff.post(ADDRESS, {"files": files})
    assert all(f"「{name}」：" in shown(page) for name in ("one.pdf", "three.txt", "four.pdf"))
    assert [slot.name for slot in page.context["form"].waiting.gaps] == ["one.pdf", "three.txt", "four.pdf"]


def test_without_the_broken_file_nothing_is_taken_in_until_staff_say_so(staff: Client):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_txt=OWN)})
    page = staff.post(ADDRESS, again(page))
    assert "「one.pdf」を選び直してください。なしで受領するときは、印を付けてください" in shown(page)
    assert not Packet.objects.exists()
    staff.post(ADDRESS, again(page, without="on"))
    assert names(Packet.objects.get()) == ["two.txt"]


def told(page: HttpResponse) -> str:
    """What the page says above everything else, of what was just done."""
    return " ".join(map(str, page.context["messages"]))


def test_what_was_left_out_is_named_with_its_reason_and_kept_in_the_history(staff: Client):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_txt=OWN, three_txt=b"\x00")})
    assert "one.pdf 受け取れませんでした（PDF が壊れているか、途中で切れています）" in shown(page)
    page = staff.post(ADDRESS, again(page, without="on"), follow=True)
    names = "「one.pdf」（PDF が壊れているか、途中で切れています）、「three.txt」（文字のファイルではありません）"
    assert f"受領していないファイルがあります：{names}。" in told(page)
    assert f"受領しなかったファイル：{names}" in shown(staff.get(Packet.objects.get().get_absolute_url()))


def test_what_the_browser_did_not_send_is_named_as_well(staff: Client):
    """It leaves out what is too large before anything is sent, and tells the names."""
    sent = {"files": upload(two_txt=OWN), "too_large": "large.pdf\r\nC:\\scans\\文書.pdf"}
    page = staff.post(ADDRESS, sent, follow=True)
    too_large = "大きすぎます"
    assert f"「large.pdf」（{too_large}）、「文書.pdf」（{too_large}）" in told(page)
    assert f"「large.pdf」（{too_large}）" in shown(page)


def test_what_was_too_large_has_its_place_among_what_waits(staff: Client):
    files = upload(one_pdf=b"%PDF-1.7", two_txt=SECOND)
    page = staff.post(ADDRESS, {"files": files, "too_large": "large.txt"})
    assert [slot.name for slot in page.context["form"].waiting.gaps] == ["one.pdf", "large.txt"]
    page = staff.post(ADDRESS, again(page, files=upload(large_txt=FIRST), without="on"), follow=True)
    assert names(Packet.objects.get()) == ["two.txt", "large.txt"]
    assert "「one.pdf」" in told(page) and "large" not in told(page)


def test_files_of_which_all_are_too_large_are_named(staff: Client):
    page = staff.post(ADDRESS, {"too_large": "large.pdf"})
    assert "「large.pdf」（大きすぎます）のほかに、ファイルがありません" in shown(page)


def test_of_a_packet_that_is_there_already_what_was_left_out_is_named_too(cast: Cast, staff: Client):
    received(cast)
    page = staff.post(ADDRESS, {"files": upload(two_txt=OWN), "too_large": "large.pdf"}, follow=True)
    assert "すでに受け取っています" in told(page) and "「large.pdf」" in told(page)


def test_files_wait_while_another_receipt_number_is_typed(cast: Cast, staff: Client):
    number = received(cast, SAME_NUMBER).receipt_number
    page = staff.post(ADDRESS, {"files": upload(a_txt=FIRST, b_txt=SECOND), "receipt_number": number})
    assert "ほかの受領文書に使われています" in shown(page)
    assert "ファイルは預かっています。選び直さなくて構いません" in shown(page)
    page = staff.post(ADDRESS, again(page, receipt_number="6-" + "1" * 30))
    assert page.status_code == 200
    staff.post(ADDRESS, again(page, receipt_number=""))
    assert names(Packet.objects.latest("pk")) == ["a.txt", "b.txt"]


def test_what_waits_is_of_use_to_nobody_else(cast: Cast, staff: Client):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_txt=OWN)})
    answer = cast.client("administrator").post(ADDRESS, again(page, without="on"))
    assert "預かっていたファイルは、もうありません" in shown(answer)
    assert "もうありません" in shown(staff.post(ADDRESS, {"waiting": "forged", "without": "on"}))
    assert not Packet.objects.exists()


def test_what_has_waited_for_a_day_is_removed(staff: Client, folder):
    tasks.clear_expired()
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_txt=OWN, three_txt=SAME_NUMBER)})
    assert len(list(folder.iterdir())) == 2
    long_ago = time.time() - waiting.HOURS * 3600 - 60
    os.utime(next(folder.iterdir()), (long_ago, long_ago))
    tasks.clear_expired()
    assert len(list(folder.iterdir())) == 1
    assert "もうありません" in shown(staff.post(ADDRESS, again(page, without="on")))


def test_together_with_what_waits_files_are_held_to_the_limit(staff: Client, settings):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7", two_pdf=typeset.text_boxes(OWN))})
    settings.REQUEST_MAX_BYTES = page.context["form"].waiting.size + 1024
    page = staff.post(ADDRESS, again(page, files=upload(one_txt=b"a" * 2000)))
    assert "預かっているファイルと合わせて" in shown(page)
    assert page.context["form"].waiting.slots, "which are still there"


def test_a_single_refused_file_leaves_nothing_waiting(staff: Client, folder):
    page = staff.post(ADDRESS, {"files": upload(one_pdf=b"%PDF-1.7")})
    assert "ファイルは、選び直してください" in shown(page)
    assert not page.context["form"].waiting and not folder.exists()


def test_a_file_takes_the_place_of_the_one_of_its_name(staff: Client):
    page = staff.post(ADDRESS, {"files": upload(a_txt=b"\x00", b_txt=SECOND, c_txt=b"\x00")})
    page = staff.post(ADDRESS, again(page, files=upload(c_txt="別添3 用紙")))
    assert "「a.txt」を選び直してください" in shown(page)
    slots = page.context["form"].waiting.slots
    assert [(slot.name, slot.waits) for slot in slots] == [("a.txt", False), ("b.txt", True), ("c.txt", True)]
    staff.post(ADDRESS, again(page, without="on"))
    assert names(Packet.objects.get()) == ["b.txt", "c.txt"]


def test_going_without_is_asked_anew_of_another_broken_file(staff: Client):
    page = staff.post(ADDRESS, {"files": upload(a_txt=b"\x00", b_txt=SECOND)})
    page = staff.post(ADDRESS, again(page, without="on", files=upload(x_txt=b"\x00", y_txt="別添3 用紙")))
    assert "「x.txt」：" in shown(page) and not page.context["form"]["without"].value()
    assert not Packet.objects.exists()


def test_a_file_beside_a_pasted_text_does_not_stand_in_its_way(staff: Client):
    page = staff.post(ADDRESS, {"text": OWN, "files": upload(a_txt=SECOND)})
    assert "文章とファイルの両方があります" in shown(page)
    staff.post(ADDRESS, again(page, text=OWN))
    assert Packet.objects.count() == 1
