"""Packets are taken in once, with a number, as they arrived; what is no packet is refused with the reason."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from members.models import Event
from notices.intake import receipt_numbers, receiving
from notices.intake.arriving import Incoming, NotAText, NotReadable, TooLarge
from notices.intake.reader import read_text
from notices.intake.receiving import AlreadyReceived, NoLetterFound
from notices.models import Packet, StoredFile
from notices.procedures import take_in
from tests import typeset
from tests.cast import Cast
from tests.intake_site.office import OWN, SAME_NUMBER, WITHOUT_FIRST, actor, received
from tests.office_files import archive, old_office, workbook
from tests.written_pdf import SCRIPT, Lock, written


def test_a_packet_is_kept_as_it_arrived_with_what_was_read(cast: Cast):
    packet = received(cast)
    file = packet.packet_files.get()
    assert (file.name, file.file.read()) == ("packet.txt", OWN.encode())
    assert [letter["numbers"] for letter in packet.letters] == [["6福薬業発第412号"], ["日薬業発第318号"], []]
    assert packet.oldest_on == dt.date(2024, 11, 22)
    assert packet.corrected is None
    event = Event.objects.get(verb="packet.received")
    assert (event.subject_id, event.account) == (packet.pk, cast.capacities["staff"].account)


def test_what_belongs_to_no_letter_is_the_content_of_the_attachment_that_is_none(cast: Cast):
    first, guide, address = received(cast).letters[0]["attachments"]
    assert guide["text"].startswith("在宅残薬連絡システム PC設定手順")
    assert guide["text"].endswith("Windows版\n③ 困ったときは\tよくある質問")
    assert (first["text"], address["text"]) == ("", "")


@pytest.mark.parametrize(
    "again",
    [
        OWN.encode(),
        OWN.encode("utf-8-sig"),
        OWN.replace("\n", "\r\n").encode(),
        OWN.strip().encode(),
        OWN.replace("\n\n", "\n \n").encode(),
    ],
    ids=["same bytes", "with a mark in front", "other line ends", "without blank edges", "with blanks at line ends"],
)
def test_the_same_packet_is_taken_in_once_however_it_was_saved(cast: Cast, again: bytes):
    first = received(cast)
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive(again, "again.txt", actor(cast))
    assert refused.value.packet == first
    assert Packet.objects.count() == 1


def test_the_encoding_does_not_make_another_packet(cast: Cast):
    first = received(cast, SAME_NUMBER)
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive(SAME_NUMBER.encode("cp932"), "old.txt", actor(cast))
    assert refused.value.packet == first


def test_several_files_are_one_packet_in_their_order(cast: Cast):
    letters, guide = OWN.split("在宅残薬連絡システム PC設定手順")
    files = [Incoming("1.txt", letters.encode("utf-8")), Incoming("2.txt", guide.encode("utf-16"))]
    packet = take_in.receive_files(files, actor(cast))
    assert [str(file) for file in packet.packet_files.all()] == ["1.txt", "2.txt"]
    assert [file.file.read() for file in packet.packet_files.all()] == [file.content for file in files]
    assert len(packet.letters) == 3


def test_receipt_numbers_go_on_from_the_highest_of_the_fiscal_year(cast: Cast):
    take_in.receive(OWN.encode(), "a.txt", actor(cast), "6-1089")
    take_in.receive(SAME_NUMBER.encode(), "b.txt", actor(cast), "６－９８")
    assert receipt_numbers.next_receipt_number(dt.date(2025, 3, 31)) == "6-1090"
    assert receipt_numbers.next_receipt_number(dt.date(2025, 4, 1)) == "7-1"


def test_a_receipt_number_is_given_once(cast: Cast):
    first = take_in.receive(OWN.encode(), "a.txt", actor(cast), "6-1089")
    with pytest.raises(receipt_numbers.ReceiptNumberTaken) as refused:
        take_in.receive(WITHOUT_FIRST.encode(), "b.txt", actor(cast), " 6-1089 ")
    assert refused.value.packet == first


@pytest.mark.parametrize(
    ("name", "content", "error", "says"),
    [
        ("empty.txt", b"", NotAText, "ファイルが空です"),
        ("blank.txt", "　\n\n".encode(), NotAText, "文字がありません"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00", NotAText, "文字のファイルではありません"),
        ("book.txt", b"PK\x03\x04\x14\x00", NotAText, "文字のファイルではありません"),
        ("odd.txt", b"\xff\xa0\x81", NotAText, "文字コード"),
        ("letter.pdf", b"%PDF-1.7\n", NotReadable, "壊れている"),
        ("letter.txt", b"%PDF-1.7\n", NotReadable, "名前の終わりを .pdf に"),
        ("page.pdf", b"<html>", NotReadable, "中身は「ウェブページ（HTML）」です"),
        ("locked.pdf", written(lock=Lock("1234", -4)), NotReadable, "パスワード"),
        ("long.pdf", written(pages=10_000), NotReadable, "10,000 ページあります"),
        ("memo.txt", "今日は雨です。傘を持って出かけてください。".encode(), NoLetterFound, "文書が見つかりません"),
        ("long.txt", b"a" * (2 * 1024 * 1024 + 1), TooLarge, "2 MB"),
    ],
)
def test_what_is_no_packet_is_refused_with_the_reason(cast: Cast, name: str, content: bytes, error: type, says: str):
    with pytest.raises(error, match=says) as refused:
        take_in.receive(content, name, actor(cast))
    assert error is NoLetterFound or f"「{name}」" in str(refused.value), "which file it was"
    assert not Packet.objects.exists()
    assert not Event.objects.exists()


def test_several_files_count_together(cast: Cast):
    halves = [Incoming(f"{name}.txt", name.encode() * (1024 * 1024 + 1)) for name in "ab"]
    with pytest.raises(TooLarge, match=r"「a\.txt」「b\.txt」は大きすぎます"):
        take_in.receive_files(halves, actor(cast))
    assert not Packet.objects.exists()


def test_of_several_files_the_refusal_names_the_one(cast: Cast):
    files = [Incoming("good.txt", OWN.encode()), Incoming("bad.txt", b"\x00")]
    with pytest.raises(NotAText, match=r"「bad\.txt」"):
        take_in.receive_files(files, actor(cast))
    assert not Packet.objects.exists()


def test_the_name_of_a_file_is_kept_cleaned(cast: Cast):
    packet = take_in.receive(OWN.encode(), "..\\文\x00書\u202e" + "あ" * 300 + ".txt", actor(cast))
    assert packet.packet_files.get().name == "文書" + "あ" * 194 + ".txt"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.txt", written(SCRIPT, catalog="/OpenAction 5 0 R")),
        ("letter.txt", workbook()),
        ("letter.txt", old_office("_VBA_PROJECT")),
        ("letter.txt", archive({"letter.txt": OWN.encode()})),
    ],
    ids=["PDF", "workbook", "old workbook", "archive"],
)
def test_what_is_called_a_text_and_is_none_is_kept_nowhere(cast: Cast, name: str, content: bytes):
    with pytest.raises(receiving.NotTakenIn):
        take_in.receive(content, name, actor(cast))
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_four_people_with_the_same_packet_at_once_take_in_one(cast: Cast):
    def take(_: int) -> str:
        try:
            return received(cast).receipt_number
        except AlreadyReceived as refused:
            return refused.packet.receipt_number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        numbers = set(people.map(take, range(4)))
    assert numbers == {Packet.objects.get().receipt_number}


# PDFs -----------------------------------------------------------------------------------------------------------------


def test_a_pdf_is_kept_as_it_arrived_with_its_text_page_by_page(cast: Cast):
    content = typeset.text_boxes(OWN)
    packet = take_in.receive(content, "文書.pdf", actor(cast))
    file = packet.packet_files.get()
    assert (file.name, file.file.media_type, file.file.read()) == ("文書.pdf", "application/pdf", content)
    assert file.pages == packet.text.count("\f") + 1 > 1
    typed = receiving.kept.keep(read_text(OWN))
    assert [letter["numbers"] for letter in packet.letters] == [letter["numbers"] for letter in typed["letters"]]
    assert packet.kept["chain"] == typed["chain"]
    for letter in packet.letters:
        for start, end in letter["spans"]["date"]:
            assert packet.text[start:end].strip().endswith("日")


def test_several_pdfs_are_one_packet_and_a_text_may_lie_between(cast: Cast):
    first, second = OWN.split("日 薬 業 発")
    files = [
        Incoming("1.pdf", typeset.text_boxes(first)),
        Incoming("2.txt", "送付状\n".encode()),
        Incoming("3.pdf", typeset.single_characters("日 薬 業 発" + second)),
    ]
    packet = take_in.receive_files(files, actor(cast))
    assert [file.name for file in packet.packet_files.all()] == ["1.pdf", "2.txt", "3.pdf"]
    assert sum(file.pages for file in packet.packet_files.all()) == packet.text.count("\f") + 1
    assert [letter["numbers"] for letter in packet.letters] == [["6福薬業発第412号"], ["日薬業発第318号"], []]


def test_the_same_pdf_is_taken_in_once_even_if_its_text_were_read_otherwise(cast: Cast):
    content = typeset.text_boxes(OWN)
    first = take_in.receive(content, "a.pdf", actor(cast))
    Packet.objects.update(fingerprint="read otherwise")
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive(content, "b.pdf", actor(cast))
    assert refused.value.packet == first


def test_a_scan_is_taken_in_as_one_letter_whose_heading_is_to_be_typed(cast: Cast):
    packet = take_in.receive(written(text="", pages=2), "scan.pdf", actor(cast))
    (letter,) = packet.letters
    assert (letter["numbers"], letter["date"], letter["subject"], letter["issuers"]) == ([], None, "", [])
    assert "紙面を見て" in letter["warnings"][0]["message"]
    assert packet.state == Packet.State.DOUBTFUL


def test_two_scans_are_two_packets_and_the_same_scan_is_one(cast: Cast):
    scans = [written(text="", size=(595, 842 + extra)) for extra in (0, 1)]
    packets = [take_in.receive(scan, "scan.pdf", actor(cast)) for scan in scans]
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive(scans[1], "again.pdf", actor(cast))
    assert refused.value.packet == packets[1]


def test_pages_without_text_behind_a_letter_are_a_document_of_their_own(cast: Cast):
    files = [Incoming("letter.txt", SAME_NUMBER.encode()), Incoming("scan.pdf", written(text="", pages=2))]
    letter, scan = take_in.receive_files(files, actor(cast)).letters
    assert (letter["warnings"], letter["pages"], scan["blank"], scan["pages"]) == ([], [], [2, 3], [[1, 0, 2]])


def test_a_scan_that_came_beside_a_letter_may_be_taken_in_by_itself(cast: Cast):
    letter, scan = Incoming("letter.pdf", typeset.text_boxes(SAME_NUMBER)), Incoming("scan.pdf", written(text=""))
    beside = take_in.receive_files([letter, scan], actor(cast))
    alone = take_in.receive_files([scan], actor(cast))
    assert [len(packet.letters) for packet in (beside, alone)] == [2, 1]
    for files, first in (([scan], alone), ([letter], beside)):
        with pytest.raises(AlreadyReceived) as refused:
            take_in.receive_files(files, actor(cast))
        assert refused.value.packet == first


def test_of_a_pdf_that_acts_the_copy_is_the_packets_and_the_original_is_in_quarantine(cast: Cast):
    content = written(SCRIPT, catalog="/OpenAction 5 0 R")
    packet = take_in.receive(content, "scan.pdf", actor(cast))
    original = StoredFile.objects.get(acts=True)
    assert original.read() == content
    assert packet.packet_files.get().file == original.safe_copy
    assert Event.objects.filter(verb="file.quarantined", subject_id=original.pk).exists()
    with pytest.raises(AlreadyReceived):
        take_in.receive(content, "again.pdf", actor(cast))


def test_more_text_than_the_reader_takes_is_refused(cast: Cast, settings):
    settings.PACKET_MAX_BYTES = 1000
    with pytest.raises(TooLarge, match="文字が多すぎます"):
        take_in.receive(typeset.text_boxes(OWN), "long.pdf", actor(cast))
    assert not Packet.objects.exists()
