"""A PDF with scripts or files in it is kept and reaches nobody; its copy without them stands in its place."""

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.history import NOBODY
from members.models import Event
from members.uploads import kinds
from notices import filing
from notices.models import StoredFile
from notices.views.download import saved_file
from tests.cast import Cast
from tests.letters.browser import address, form, shown
from tests.written_pdf import FORBIDS_ASSEMBLY, SCRIPT, Lock, embedded_file, written

SCRIPTED = written(SCRIPT, catalog="/OpenAction 5 0 R", packed=True, text="Guide")
WITH_FILE = written(
    *embedded_file("x.exe", b"MZ"), catalog="/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>", text="Guide"
)


def uploaded(content: bytes, name: str = "操作方法.pdf") -> dict[str, object]:
    return {"added-label": "別添", "added-title": "", "added-file": SimpleUploadedFile(name, content)}


def kept(content: bytes) -> StoredFile:
    return filing.keep(filing.examined(SimpleUploadedFile("操作方法.pdf", content), [kinds.PDF]), NOBODY)


def served(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_what_is_attached_and_served_is_the_copy(desk, draft, cast: Cast):
    desk.post(address("compose", draft), form(draft, do="add", **uploaded(SCRIPTED)))
    attachment = draft.attachments.get()
    assert (attachment.title, attachment.file.name) == ("操作方法", "操作方法.pdf")
    content = served(desk.get(reverse("notices:notice_file", args=[draft.pk, attachment.pk])))
    assert content != SCRIPTED and b"JavaScript" not in content
    assert pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range() == "Guide"
    original = attachment.file.originals.get()
    assert (original.read(), original.acts, original.holds_files) == (SCRIPTED, True, False)


def test_staff_are_told_what_was_found_and_where_the_original_is(desk, draft):
    page = shown(desk.post(address("compose", draft), form(draft, do="add", **uploaded(SCRIPTED)), follow=True))
    assert "「操作方法.pdf」には、開くと動くしかけが入っています" in page
    assert "元のファイルは保管しています" in page
    page = shown(desk.post(address("compose", draft), form(draft, do="add", **uploaded(WITH_FILE)), follow=True))
    assert "ほかのファイルが入っています" in page and "写しにはありません" in page


@pytest.mark.parametrize("name", ["compose", "check", "notice"])
def test_every_page_of_the_draft_says_that_it_is_a_copy(desk, draft, name: str):
    desk.post(address("compose", draft), form(draft, do="add", **uploaded(SCRIPTED)))
    assert "しかけを除いた写し（元のファイルは保管しています）" in shown(desk.get(address(name, draft)))


def test_an_ordinary_pdf_is_called_no_copy(desk, draft):
    desk.post(address("compose", draft), form(draft, do="add", **uploaded(written())))
    assert "しかけを除いた写し" not in shown(desk.get(address("compose", draft)))


def test_an_enclosure_that_came_as_text_gets_the_copy_too(desk, draft):
    attachment = draft.attachments.create(position=1, label="別添2", title="操作方法", text="…")
    file = SimpleUploadedFile("guide.pdf", WITH_FILE)
    sent = form(draft, do=f"attach-{attachment.pk}", **{f"content-{attachment.pk}-file": file})
    assert "元のファイルは保管しています" in shown(desk.post(address("compose", draft), sent, follow=True))
    attachment.refresh_from_db()
    assert attachment.file.is_safe_copy and not attachment.file.is_quarantined


def test_it_is_recorded_who_sent_it_in(desk, draft, cast: Cast):
    desk.post(address("compose", draft), form(draft, do="add", **uploaded(WITH_FILE)))
    event = Event.objects.get(verb="file.quarantined")
    assert event.account == cast.capacities["staff"].account
    assert event.detail == {"name": "操作方法.pdf", "acts": False, "holds_files": True}
    assert event.subject_id == StoredFile.objects.get(holds_files=True).pk


def test_the_same_file_sent_in_again_gets_the_same_copy(cast: Cast):
    assert kept(SCRIPTED) == kept(SCRIPTED)
    assert StoredFile.objects.count() == 2
    assert Event.objects.filter(verb="file.quarantined").count() == 1


def test_a_file_that_was_kept_before_it_was_looked_into_is_quarantined_when_it_comes_again(cast: Cast):
    old = StoredFile.objects.keep(SCRIPTED, "古い.pdf", "application/pdf")
    assert kept(SCRIPTED) in StoredFile.objects.filter(originals=old)
    with pytest.raises(PermissionDenied):
        saved_file(StoredFile.objects.get(pk=old.pk))


def test_a_lock_against_assembly_holds_for_the_copy(cast: Cast):
    copy = kept(written(SCRIPT, catalog="/OpenAction 5 0 R", lock=Lock("", FORBIDS_ASSEMBLY)))
    copy.refresh_from_db()
    assert copy.is_safe_copy and not copy.may_be_bound


@pytest.mark.parametrize("what", ["acts", "holds_files"])
def test_the_database_holds_no_dangerous_file_without_its_copy(cast: Cast, what: str):
    file = kept(written())
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(**{what: True})
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(**{what: True}, safe_copy=file)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(safe_copy=kept(written(pages=2)))
