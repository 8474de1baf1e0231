"""What a file is, is said by its content; a name that says something else is refused."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.uploads import kinds
from members.uploads.kinds import Kind, recognise
from members.uploads.refusals import (
    DamagedFile,
    EmptyFile,
    HoldsPrograms,
    NeedsPassword,
    NotExamined,
    TooLarge,
    UnusableFile,
    WrongKind,
)
from tests.office_files import (
    MACRO_BOOK,
    OLE,
    SLIDES,
    WORD,
    archive,
    billion_laughs,
    changed,
    office,
    old_office,
    with_password,
    workbook,
)
from tests.written_pdf import written

ALL = (kinds.PDF, kinds.WORD, kinds.EXCEL, kinds.POWERPOINT, kinds.ZIP)


def words(value: object) -> str:
    """The test's name tells names, not contents."""
    return value if isinstance(value, str) else ""


def kind(name: str, content: bytes) -> Kind:
    return recognise(SimpleUploadedFile(name, content, content_type="application/pdf"), ALL)


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("通知.pdf", written(), kinds.PDF),
        ("通知.PDF", b"\xef\xbb\xbf\r\n" + written(), kinds.PDF),
        ("名簿.xlsx", workbook(), kinds.EXCEL),
        ("手順.docx", office(WORD), kinds.WORD),
        ("説明.pptx", office(SLIDES), kinds.POWERPOINT),
        ("様式.zip", archive({"様式/様式1.docx": office(WORD), "様式/名簿.xlsx": workbook()}), kinds.ZIP),
        ("空.zip", archive({}), kinds.ZIP),
        ("記録.zip", archive({"settings.xml": b"<!DOCTYPE x><x/>"}), kinds.ZIP),
        ("古い.zip", archive({"名簿.xls": old_office("Workbook")}), kinds.ZIP),
    ],
    ids=words,
)
def test_what_may_be_attached_is_known_by_its_content(name: str, content: bytes, known: Kind):
    assert kind(name, content) == known


@pytest.mark.parametrize(
    ("name", "content", "refused", "says"),
    [
        ("空.pdf", b"", EmptyFile, "ファイルが空です（0 バイト）"),
        ("頁.pdf", b"<!DOCTYPE html><p>x", WrongKind, "名前は .pdf ですが、中身は「ウェブページ（HTML）」です"),
        ("頁.pdf", b"\n <HTML><p>x", WrongKind, "ウェブページ"),
        ("写真.pdf", b"\xff\xd8\xff\xe0", WrongKind, "画像（JPEG）"),
        ("x.pdf.exe", written(), WrongKind, "この種類のファイルは付けられません"),
        ("x.pdf", b"MZ\x90", WrongKind, "プログラム"),
        ("通知", written(), WrongKind, "この種類のファイルは付けられません。PDF・Word・Excel・PowerPoint・ZIP にして"),
        ("通知.docx", written(), WrongKind, "名前は .docx ですが、中身は「PDF」です"),
        ("通知.docx", workbook(), WrongKind, "名前は .docx ですが、中身は「Excel」です"),
        ("通知.xlsx", archive({"xl/workbook.xml": b"<x/>"}), WrongKind, "中身は「ZIP」です"),
        ("通知.zip", workbook(), WrongKind, "名前は .zip ですが、中身は「Excel」です"),
        ("名簿.xlsx", old_office("Workbook"), WrongKind, "古い形式の Office ファイル"),
        ("名簿.xlsx", old_office("EncryptionInfo", "EncryptedPackage"), NeedsPassword, "パスワードの付いたファイル"),
        ("名簿.xlsx", workbook()[:2000], DamagedFile, "途中で切れています"),
        ("名簿.xlsx", b"PK\x03\x04" * 20, DamagedFile, "壊れているか"),
        ("名簿.xlsx", changed(workbook(), {"xl/workbook.xml": b"<workbook>"}), DamagedFile, "壊れているか"),
    ],
    ids=words,
)
def test_what_is_something_else_is_refused_with_the_reason(
    name: str, content: bytes, refused: type[UnusableFile], says: str
):
    with pytest.raises(refused, match=says):
        kind(name, content)


def test_what_is_larger_than_the_limit_is_refused_unread(settings):
    settings.UPLOAD_MAX_BYTES = 3 * 1024**2
    with pytest.raises(TooLarge, match="3 MB を超えています"):
        kind("大きい.pdf", bytes(3 * 1024**2 + 1))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名簿.xlsx", changed(workbook(), {"xl/vbaProject.bin": OLE})),
        ("名簿.xlsx", office(MACRO_BOOK)),
        ("名簿.xlsx", changed(workbook(), {"xl/other.bin": old_office("VBA", "_VBA_PROJECT")})),
        ("名簿.xlsx", office("application/vnd.ms-excel.macrosheet+xml")),
        ("手順.docx", office(WORD, {"word/embeddings/book.xlsx": office(MACRO_BOOK)})),
        ("様式.zip", archive({"様式.xlsm": b"x"})),
        ("様式.zip", archive({"様式.xlsx": office(MACRO_BOOK)})),
        ("様式.zip", archive({"様式.xls": old_office("_VBA_PROJECT_CUR", "_VBA_PROJECT")})),
    ],
    ids=words,
)
def test_macros_are_refused_wherever_they_are(name: str, content: bytes):
    with pytest.raises(HoldsPrograms, match="マクロ"):
        kind(name, content)


@pytest.mark.parametrize("inside", ["setup.exe", "通知.pdf.exe", "通知.PDF.LNK", "a/b.js", "b.vbs"])
def test_an_archive_with_a_program_is_refused(inside: str):
    with pytest.raises(HoldsPrograms, match="プログラム"):
        kind("様式.zip", archive({"a.txt": b"x", inside: b"x"}))


@pytest.mark.parametrize("inside", ["../x.pdf", "a/../../x.pdf", "..\\x.pdf", "/etc/cron.d/x"])
def test_an_archive_whose_names_lead_elsewhere_is_refused(inside: str):
    with pytest.raises(WrongKind, match="さかのぼる名前"):
        kind("様式.zip", archive({inside: b"x"}))


@pytest.mark.parametrize("name", ["様式.zip", "名簿.xlsx"])
def test_an_archive_with_a_password_is_refused(name: str):
    content = archive({"a.pdf": b"x"}) if name == "様式.zip" else workbook()
    with pytest.raises(NeedsPassword, match="パスワードが付いています"):
        kind(name, with_password(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_in_an_unusual_way_is_refused(method: int):
    with pytest.raises(WrongKind, match="調べられない方法"):
        kind("様式.zip", archive({"a.txt": b"x"}, method))


@pytest.mark.parametrize(
    "content",
    [
        archive({"x": bytes(30_000_000)}),
        changed(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"}),
        archive({"x": bytes(51 * 1024**2)}, zipfile.ZIP_STORED),
        archive({str(number): b"" for number in range(1001)}),
        archive({"x.zip": archive({"y.zip": archive({"z": bytes(30_000_000)})})}),
        archive({f"{number}.zip": archive({str(inner): b"x" for inner in range(100)}) for number in range(20)}),
    ],
    ids=["ratio", "worksheet", "bytes", "entries", "nested", "nested entries"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(content: bytes, settings):
    settings.UPLOAD_MAX_BYTES = 100 * 1024**2
    for name in ("bomb.xlsx", "bomb.zip"):
        with pytest.raises(TooLarge, match="開くと大きくなりすぎる"):
            kind(name, content)


def test_archives_in_archives_without_end_are_refused():
    content = archive({"x": b"x"})
    for level in range(5):
        content = archive({f"{level}.zip": content})
    with pytest.raises(TooLarge, match="開くと大きくなりすぎる"):
        kind("様式.zip", content)


def test_an_archive_that_says_less_than_it_holds_is_refused():
    """Its list of contents names a smaller size than what comes out."""
    honest = archive({"x": b"0" * 1000})
    size = (1000).to_bytes(4, "little")
    with pytest.raises(DamagedFile):
        kind("様式.zip", honest.replace(size, (10).to_bytes(4, "little")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_billion_laughs_are_refused_unread(part: str, encoding: str):
    with pytest.raises(HoldsPrograms, match="際限なく大きくなるしかけ"):
        kind("名簿.xlsx", changed(workbook(), {part: billion_laughs(encoding)}))


def test_a_file_that_cannot_be_looked_into_in_time_is_refused(settings):
    settings.FILE_READING_SECONDS = 0.01
    with pytest.raises(NotExamined, match="調べきれませんでした"):
        kind("名簿.xlsx", workbook())


def test_a_file_that_takes_too_much_memory_is_refused(settings):
    settings.FILE_READING_BYTES = 64 * 1024**2
    settings.UNPACKED_MAX_RATIO = 10_000
    with pytest.raises(NotExamined, match="調べきれませんでした"):
        kind("名簿.xlsx", changed(workbook(), {"xl/workbook.xml": bytes(45 * 1024**2)}))


def test_a_list_of_contents_with_hundreds_of_thousands_of_lines_is_refused_uncounted():
    line = b"PK\x01\x02" + bytes(42)
    end = b"PK\x05\x06" + bytes(16)
    with pytest.raises(TooLarge):
        kind("様式.zip", b"PK\x03\x04" + line * 300_000 + end)


def test_the_file_can_be_read_from_its_beginning_afterwards():
    file = io.BytesIO(written())
    file.name, file.size = "通知.pdf", len(file.getvalue())
    recognise(file, ALL)
    assert file.read().startswith(b"%PDF-")
