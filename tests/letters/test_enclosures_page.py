"""Enclosures on the page of composing: files, addresses, their order, what is refused."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.history import NOBODY
from notices.letters import composing
from notices.models import Notice, Release
from tests.letters.browser import PDF, address, form, shown


def upload(draft: Notice, name: str, content: bytes, **more: object) -> dict[str, object]:
    file = SimpleUploadedFile(name, content)
    return form(draft, do="add", **{"added-label": "別添", "added-title": "", "added-file": file, **more})


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def test_a_file_and_an_address_are_enclosed_moved_and_taken_out(desk, draft):
    answer = desk.post(address("compose", draft), upload(draft, "操作方法.pdf", PDF))
    assert answer.url == address("compose", draft) + "#enclosures"
    typed = {"added-label": "参考", "added-title": "案内", "added-url": "https://portal.example/guide"}
    desk.post(address("compose", draft), form(draft, do="add", who="在宅対応の薬局", **typed))
    first, second = draft.attachments.all()
    assert (first.label, first.title, first.file.read()) == ("別添1", "操作方法", PDF)
    assert (second.label, second.url) == ("参考", "https://portal.example/guide")
    assert Release.objects.get(notice=draft).who == "在宅対応の薬局"
    desk.post(address("compose", draft), form(draft, do=f"up-{second.pk}"))
    assert [each.pk for each in draft.attachments.all()] == [second.pk, first.pk]
    desk.post(address("compose", draft), form(draft, do=f"remove-{second.pk}"))
    assert [each.pk for each in draft.attachments.all()] == [first.pk]


def test_another_drafts_enclosure_is_out_of_reach(desk, cast, draft):
    other = composing.draft_own("ほかの下書き", NOBODY)
    foreign = other.attachments.create(position=1, label="参考", title="案内", url="https://portal.example/")
    desk.post(address("compose", draft), form(draft, do=f"remove-{foreign.pk}"))
    assert other.attachments.count() == 1


def test_an_enclosure_that_came_as_text_gets_its_file(desk, draft):
    attachment = draft.attachments.create(position=1, label="別添2", title="操作方法", text="…")
    Notice.objects.filter(pk=draft.pk).update(number_fixed=True)
    file = SimpleUploadedFile("guide.pdf", PDF)
    desk.post(
        address("compose", draft), form(draft, do=f"attach-{attachment.pk}", **{f"file-{attachment.pk}-file": file})
    )
    attachment.refresh_from_db()
    assert attachment.file.read() == PDF


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.pdf", b"", "空"),
        ("cut.pdf", PDF[:90], "壊れているか、途中で切れています"),
        ("page.pdf", b"<html>" * 20, "中身は PDF ではありません"),
        ("x.pdf.exe", b"MZ" * 20, "この種類のファイルは付けられません"),
        ("sheet.xlsx", b"\xd0\xcf\x11\xe0" * 20, "壊れているか、パスワードが付いています"),
        ("sheet.xlsx", archive(**{"word/document.xml": b"x"}), "中身が違います"),
        ("macro.xlsx", archive(**{"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"}), "マクロ"),
        ("bomb.zip", archive(x=b"0" * 30_000_000), "大きくなりすぎる"),
        ("large.pdf", b"%PDF-" + b"0" * 21 * 1024 * 1024, "20 MB を超えています"),
    ],
)
def test_an_unusable_file_is_refused_whole_with_the_reason(desk, draft, name, content, reason):
    page = shown(desk.post(address("compose", draft), upload(draft, name, content)))
    assert reason in page
    assert not draft.attachments.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://portal.example/", "file:///etc/hostname", "https://"])
def test_an_address_is_http_or_refused(desk, draft, url):
    typed = {"added-label": "参考", "added-title": "案内", "added-url": url}
    desk.post(address("compose", draft), form(draft, do="add", **typed))
    assert not draft.attachments.exists()
