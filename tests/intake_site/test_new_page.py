"""The page on which a packet is taken in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import OWN, SAME_NUMBER, actor, received


def test_pasted_text_is_taken_in_and_opened(staff: Client):
    page = staff.post("/packets/new/", {"text": OWN.replace("\n", "\r\n"), "receipt_number": ""}, follow=True)
    packet = Packet.objects.get()
    assert page.redirect_chain == [(f"/packets/{packet.pk}/", 302)]
    assert f"収受番号は {packet.receipt_number} です" in shown(page)
    assert packet.packet_files.get().name == "貼り付けた文章.txt"


def test_files_are_taken_in_with_the_number_that_was_typed(staff: Client):
    cut = OWN.index("日 薬 業 発")
    files = [SimpleUploadedFile("1.txt", OWN[:cut].encode()), SimpleUploadedFile("2.txt", OWN[cut:].encode())]
    staff.post("/packets/new/", {"files": files, "receipt_number": "６－1089"})
    packet = Packet.objects.get()
    assert packet.receipt_number == "6-1089"
    assert [file.name for file in packet.packet_files.all()] == ["1.txt", "2.txt"]
    assert len(packet.letters) == 3


def test_a_packet_taken_in_again_is_shown_not_made(cast: Cast, staff: Client):
    first = received(cast)
    page = staff.post("/packets/new/", {"text": OWN}, follow=True)
    assert page.redirect_chain == [(f"/packets/{first.pk}/", 302)]
    assert "すでに受け取っています" in shown(page)
    assert Packet.objects.get() == first


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "ファイルが空です"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n", "文字のファイルではありません"),
        ("letter.pdf", b"%PDF-1.7", "PDF が壊れているか、途中で切れています"),
        ("memo.txt", "今日は雨です。".encode(), "通知の文書が見つかりませんでした"),
        ("long.txt", b"a" * (2 * 1024 * 1024 + 1), "「long.txt」は大きすぎます。全部で 2 MB まで"),
    ],
)
def test_a_file_that_is_no_packet_is_refused(staff: Client, name: str, content: bytes, says: str):
    sent = {"files": SimpleUploadedFile(name, content), "receipt_number": "6-77"}
    page = staff.post("/packets/new/", sent)
    assert says in shown(page)
    assert 'value="6-77"' in page.content.decode()
    assert not Packet.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"text": "  \r\n"}, "文章もファイルもありません"),
        ({"text": "今日は雨です。"}, "通知の文書が見つかりませんでした"),
        ({"text": OWN, "receipt_number": "6-1"}, "収受番号 6-1 は、ほかの受領文書に使われています"),
    ],
)
def test_refused_text_stays_in_its_field(cast: Cast, staff: Client, sent: dict[str, str], says: str):
    take_in.receive(SAME_NUMBER.encode(), "other.txt", actor(cast), "6-1")
    page = staff.post("/packets/new/", sent)
    assert says in shown(page)
    assert page.context["form"]["text"].value() == sent["text"]
    assert Packet.objects.count() == 1


def test_text_and_file_at_once_are_asked_about(staff: Client):
    page = staff.post("/packets/new/", {"text": OWN, "files": SimpleUploadedFile("a.txt", OWN.encode())})
    assert "どちらか一方にしてください" in shown(page)
    assert not Packet.objects.exists()


def test_more_text_than_a_form_takes_is_refused_as_too_large(staff: Client):
    page = staff.post("/packets/new/", {"text": "あ" * 1_100_000})
    assert page.status_code == 413
    assert "大きすぎて受け取れません" in shown(page)
    assert "ファイルは 1 つ 20 MB、一度に送れるのは合わせて 100 MB、文章は 3 MB までです" in shown(page)
    assert not Packet.objects.exists()


def test_a_file_that_was_chosen_twice_is_kept_once_and_staff_are_told(staff: Client):
    texts = {"a.txt": OWN, "b.txt": "別添3 用紙", "again.txt": OWN}
    files = [SimpleUploadedFile(name, text.encode()) for name, text in texts.items()]
    page = staff.post("/packets/new/", {"files": files}, follow=True)
    assert "同じファイルが二度選ばれていたので、一つにしました" in shown(page)
    assert [file.name for file in Packet.objects.get().packet_files.order_by("position")] == ["a.txt", "b.txt"]
