"""Packets are taken in once, with a number, as they arrived; what is no packet is refused with the reason."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from members.models import Event
from notices.intake import receiving
from notices.intake.receiving import AlreadyReceived, Incoming, NoLetterFound, NotAText, PdfNotYet, TooLarge
from notices.models import Packet, StoredFile
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.office import OWN, SAME_NUMBER, WITHOUT_FIRST, actor, received
from tests.office_files import archive, old_office, workbook
from tests.written_pdf import SCRIPT, written


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
    assert receiving.next_receipt_number(dt.date(2025, 3, 31)) == "6-1090"
    assert receiving.next_receipt_number(dt.date(2025, 4, 1)) == "7-1"


def test_a_receipt_number_is_given_once(cast: Cast):
    first = take_in.receive(OWN.encode(), "a.txt", actor(cast), "6-1089")
    with pytest.raises(receiving.ReceiptNumberTaken) as refused:
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
        ("letter.pdf", b"%PDF-1.7\n", PdfNotYet, "貼り付けて"),
        ("letter.txt", b"%PDF-1.7\n", PdfNotYet, "貼り付けて"),
        ("page.pdf", b"<html>", PdfNotYet, "貼り付けて"),
        ("memo.txt", "今日は雨です。傘を持って出かけてください。".encode(), NoLetterFound, "文書が見つかりません"),
        ("long.txt", b"a" * (2 * 1024 * 1024 + 1), TooLarge, "2 MB"),
    ],
)
def test_what_is_no_packet_is_refused_with_the_reason(cast: Cast, name: str, content: bytes, error: type, says: str):
    with pytest.raises(error, match=says):
        take_in.receive(content, name, actor(cast))
    assert not Packet.objects.exists()
    assert not Event.objects.exists()


def test_several_files_count_together(cast: Cast):
    half = b"a" * (1024 * 1024 + 1)
    with pytest.raises(TooLarge, match=r"「a\.txt」「b\.txt」は大きすぎます"):
        take_in.receive_files([Incoming("a.txt", half), Incoming("b.txt", half)], actor(cast))
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
