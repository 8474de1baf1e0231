"""The text of attached files is taken out by a worker, a while later, and found with its page."""

import logging

import pytest

from members.uploads import kinds
from notices import pdf
from notices.models import Attachment, Entry, Notice, Passage, Reader, StoredFile
from notices.search import files, index
from notices.search.finding import Scope
from notices.search.searching import Search
from notices.tasks import index_due
from tests.cast import Cast
from tests.office_files import archive, workbook

PAGES = "<p>はじめの頁です</p><p style='break-before: page'>二枚めに訪問看護の様式があります</p>"


def attach(notice: Notice, content: bytes, kind: kinds.Kind, name: str = "様式") -> Attachment:
    kept = StoredFile.objects.keep(content, f"{name}{kind.ending}", kind.media_type)
    position = notice.attachments.count() + 1
    attached = notice.attachments.create(position=position, label="別添1", title="様式の説明", file=kept)
    index.renew(notice.pk)
    return attached


def hits(typed: str, reader: Reader = Reader.STAFF) -> list:
    return Search(typed, Scope(Entry.objects.filter(reader=reader))).page(1, 50).object_list


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    return pdf.render(PAGES)


def test_a_pdf_is_found_by_what_stands_on_its_pages(cast: Cast, two_pages: bytes):
    notice = cast.released().notice
    attached = attach(notice, two_pages, kinds.PDF)
    assert hits("訪問看護の様式") == []
    assert [due.pk for due in files.due()] == [attached.file_id]
    index_due()
    assert not files.due()
    for reader in Reader:
        [hit] = hits("訪問看護の様式", reader)
        assert (hit.notice, hit.place.label) == (notice.pk, "別添1　様式の説明　2 ページ")
        assert "訪問看護の様式" in [part.text for part in hit.excerpt if part.is_word]


def test_a_file_is_read_once_and_found_wherever_it_is_attached_later(cast: Cast, two_pages: bytes):
    attach(cast.draft(), two_pages, kinds.PDF)
    index_due()
    read = Passage.objects.filter(kind="file").count()
    other = cast.draft()
    attach(other, two_pages, kinds.PDF)
    index_due()
    assert Passage.objects.filter(kind="file").count() == read == 2
    assert other.pk in [hit.notice for hit in hits("訪問看護の様式")]


def test_two_workers_at_the_same_file_write_it_once(cast: Cast, two_pages: bytes):
    attached = attach(cast.draft(), two_pages, kinds.PDF)
    for file in [*files.due(), *files.due()]:
        files.read(file)
    assert Passage.objects.filter(file=attached.file).count() == 2


def test_cells_of_excel_and_lines_of_word_are_found(cast: Cast):
    notice = cast.draft()
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>ひな</w:t></w:r><w:r><w:t>形の一行</w:t></w:r></w:p></w:body></w:document>"
    )
    attach(notice, archive({"word/document.xml": document.encode()}), kinds.WORD)
    attach(notice, workbook(), kinds.EXCEL)
    index_due()
    assert [hit.notice for hit in hits("ひな形の一行")] == [notice.pk]
    assert not files.due() and Passage.objects.filter(kind="file", page=None).count() == 2


def test_a_file_that_cannot_be_read_is_attached_all_the_same_and_tried_once(
    cast: Cast, caplog: pytest.LogCaptureFixture
):
    notice = cast.draft()
    for content, kind in ((b"%PDF-1.7 cut off", kinds.PDF), (b"PK no workbook", kinds.EXCEL), (b"PK", kinds.ZIP)):
        attach(notice, content, kind)
    with caplog.at_level(logging.WARNING):
        index_due()
    assert not files.due()
    assert caplog.text.count("nobody will find it by that") == 2
    assert [hit.notice for hit in hits("様式の説明")] == [notice.pk]


def test_a_file_that_is_not_where_it_was_kept_stays_due(cast: Cast, caplog: pytest.LogCaptureFixture):
    attached = attach(cast.draft(), b"%PDF-1.7 gone", kinds.PDF)
    attached.file.content.storage.delete(attached.file.content.name)
    index_due()
    assert list(files.due()) == [attached.file]
    assert "is not where it was kept" in caplog.text


def test_letters_that_the_site_wrote_are_not_read_again(cast: Cast):
    assert cast.released().letter_id
    assert not files.due()


def test_reading_again_takes_the_text_out_anew(cast: Cast, two_pages: bytes):
    attached = attach(cast.draft(), two_pages, kinds.PDF)
    index_due()
    files.forget()
    assert hits("訪問看護の様式") == [] or not Passage.objects.filter(kind="file").exists()
    index_due()
    assert len(hits("訪問看護の様式")) == 1 and attached.pk
