"""Enclosures on the page of composing: files, addresses, their order, what is refused."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from django.utils import timezone

from members.history import NOBODY
from notices.letters import composing, papers, relabelling, stating
from notices.models import Notice, Release, StoredFile
from tests.letters.browser import PDF, address, form, shown
from tests.office_files import MACRO_BOOK, WORD, archive, billion_laughs, changed, office, old_office, workbook
from tests.written_pdf import FORBIDS_ASSEMBLY, Lock, written

LONG_AGO = dt.datetime(2024, 10, 30, 9, tzinfo=dt.UTC)


def upload(draft: Notice, name: str, content: bytes, **more: object) -> dict[str, object]:
    file = SimpleUploadedFile(name, content)
    return form(draft, do="add", **{"added-label": "別添", "added-title": "", "added-file": file, **more})


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


@pytest.mark.parametrize("do", ["save", "next", "ask", "steps"])
def test_what_was_put_in_is_added_whatever_is_pressed(desk, draft, do: str):
    """Only 「足す」 added it: a file that was chosen was gone with 「下書きを保存」, and the page did not say so."""
    answer = desk.post(address("compose", draft), upload(draft, "操作方法.pdf", PDF) | {"do": do}, follow=True)
    assert [(each.label, each.file.read()) for each in draft.attachments.all()] == [("別添1", PDF)]
    assert "「ファイル・URL を足す」に入っていたものも、別添に足しました。" in shown(answer)
    desk.post(address("compose", draft), form(draft, do=do))
    assert draft.attachments.count() == 1


def test_where_what_was_put_in_is_no_enclosure_the_page_stays_and_says_so(desk, draft):
    typed = {"added-label": "参考", "added-title": "案内だけ"}
    answer = desk.post(address("compose", draft), form(draft, do="next", who="在宅対応の薬局", **typed))
    assert "ファイル・URL を足していません。" in shown(answer)
    assert not draft.attachments.exists()
    assert Release.objects.get(notice=draft).who == "在宅対応の薬局", "the rest was saved"


def test_a_page_that_comes_back_with_a_refused_file_shows_the_draft_as_it_was_saved(desk, draft):
    """The next press from it was taken for a second person's, and would have lost the sentence of the deadline."""
    soon = timezone.localdate() + dt.timedelta(days=20)
    for title in ("一つめ", "二つめ"):
        added = {"added-label": "別添", "added-title": title, "added-url": "https://portal.example/"}
        desk.post(address("compose", draft), form(draft, do="add", **added))
    last = draft.attachments.last()
    typed = upload(draft, "絵.png", b"\x89PNG no", deadline=soon.isoformat(), items=f"{last.label}を見る")
    answer = desk.post(address("compose", draft), typed | {"do": f"up-{last.pk}"})
    assert "ファイル・URL を足していません。" in shown(answer)
    again = {field.html_name: field.value() or "" for each in answer.context["desk"].forms for field in each}
    assert stating.due(soon) in again["body"] and again["items"] == "別添1を見る"
    assert desk.post(address("compose", draft), again | {"do": "save"}).url == address("compose", draft)
    draft.refresh_from_db()
    assert stating.due(soon) in draft.body


def test_what_is_added_lands_behind_the_last_of_its_kind(desk, draft):
    for label in ("参考", "別添", "別紙", "別添", "参考"):
        typed = {"added-label": label, "added-title": "案内", "added-url": "https://portal.example/"}
        desk.post(address("compose", draft), form(draft, do="add", **typed))
    assert [each.label for each in draft.attachments.all()] == ["別添1", "別添2", "別紙", "参考", "参考"]


def test_the_text_goes_along_when_enclosures_are_numbered_anew(desk, draft):
    """What cited the one that was taken out names no other one, and is asked about until it is written anew."""
    for title in ("通知", "操作方法", "一覧"):
        typed = {"added-label": "別添", "added-title": title, "added-url": "https://portal.example/"}
        desk.post(address("compose", draft), form(draft, do="add", **typed))
    first, _, third = draft.attachments.all()
    body = "別添1のとおり連絡がありました。別添２と別添3、別添1の別添2をご覧ください。"
    desk.post(address("compose", draft), form(draft, do="save", body=body, covering_chairs="別添3をご覧ください。"))
    assert "別添がありません" not in shown(desk.get(address("check", draft)))
    desk.post(address("compose", draft), form(draft, do=f"up-{third.pk}", body=body))
    draft.refresh_from_db()
    assert draft.body == "別添1のとおり連絡がありました。別添３と別添2、別添1の別添2をご覧ください。"
    desk.post(address("compose", draft), form(draft, do=f"remove-{first.pk}", body=draft.body))
    draft.refresh_from_db()
    assert draft.body == "別添●のとおり連絡がありました。別添２と別添1、別添●の別添2をご覧ください。"
    assert "本文か記書きの「別添●」にあたる別添がありません。" in shown(desk.get(address("check", draft)))
    desk.post(address("compose", draft), form(draft, do="save", body="別添5をご覧ください。"))
    assert "本文か記書きの「別添5」にあたる別添がありません。" in shown(desk.get(address("check", draft)))


def test_a_draft_whose_text_went_along_has_changed(draft):
    Notice.objects.filter(pk=draft.pk).update(body="別添2をご覧ください。", changed_at=LONG_AGO)
    relabelling.follow(Notice.objects.get(pk=draft.pk), {"別添2": "別添1"})
    draft.refresh_from_db()
    assert draft.body == "別添1をご覧ください。" and draft.changed_at > LONG_AGO


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
        address("compose", draft), form(draft, do=f"attach-{attachment.pk}", **{f"content-{attachment.pk}-file": file})
    )
    attachment.refresh_from_db()
    assert attachment.file.read() == PDF


@pytest.mark.parametrize("do", ["attach", "save"])
@pytest.mark.parametrize("number_fixed", [True, False], ids=["as received", "own letter"])
def test_an_enclosure_of_which_only_the_title_came_gets_its_address(desk, draft, do: str, number_fixed: bool):
    attachment = draft.attachments.create(position=1, label="参考", title="県のホームページ")
    Notice.objects.filter(pk=draft.pk).update(number_fixed=number_fixed)
    assert "ファイル・URL を付ける" in shown(desk.get(address("compose", draft)))
    assert "ファイルか URL を付けてください" in shown(desk.get(address("check", draft)))
    typed = {f"content-{attachment.pk}-url": " https://portal.example/guide "}
    desk.post(address("compose", draft), form(draft, do=f"attach-{attachment.pk}" if do == "attach" else do, **typed))
    attachment.refresh_from_db()
    assert (attachment.url, attachment.title) == ("https://portal.example/guide", "県のホームページ")
    assert "中身がありません" not in shown(desk.get(address("check", draft)))


def test_an_address_that_is_none_is_refused_and_stays_in_its_field(desk, draft):
    attachment = draft.attachments.create(position=1, label="参考", title="県のホームページ")
    answer = desk.post(
        address("compose", draft),
        form(draft, do=f"attach-{attachment.pk}", **{f"content-{attachment.pk}-url": "ftp://portal.example/guide"}),
    )
    attachment.refresh_from_db()
    assert attachment.is_empty
    assert "ファイル・URL を付けていません。" in shown(answer) and 'value="ftp://portal.example/guide"' in shown(answer)


@pytest.mark.parametrize("given", ["nothing", "both"])
def test_either_a_file_or_an_address_is_given(desk, draft, given: str):
    attachment = draft.attachments.create(position=1, label="参考", title="県のホームページ")
    prefix = f"content-{attachment.pk}"
    both = {f"{prefix}-file": SimpleUploadedFile("guide.pdf", PDF), f"{prefix}-url": "https://portal.example/"}
    typed = form(draft, do=f"attach-{attachment.pk}", **(both if given == "both" else {}))
    assert "ファイルか URL の、どちらか 1 つを選んでください" in shown(desk.post(address("compose", draft), typed))
    attachment.refresh_from_db()
    assert attachment.is_empty


def test_what_has_a_text_gets_no_address_beside_it(desk, draft):
    attachment = draft.attachments.create(position=1, label="別添2", title="操作方法", text="…")
    assert "ファイル・URL を付ける" not in shown(desk.get(address("compose", draft)))
    typed = {f"content-{attachment.pk}-url": "https://portal.example/guide"}
    desk.post(address("compose", draft), form(draft, do=f"attach-{attachment.pk}", **typed))
    attachment.refresh_from_db()
    assert (attachment.url, attachment.text) == ("", "…")


def test_the_same_bytes_are_offered_under_the_name_that_they_have_here(desk, cast, draft):
    StoredFile.objects.keep(PDF, "没案_社外秘.pdf", "application/pdf")
    desk.post(address("compose", draft), upload(draft, "別添.pdf", PDF))
    told = draft.attachments.create(position=9, label="別紙", title="様式", text="…")
    file = SimpleUploadedFile("様式.pdf", PDF)
    desk.post(address("compose", draft), form(draft, do=f"attach-{told.pk}", **{f"content-{told.pk}-file": file}))
    assert [each.offered_as for each in draft.attachments.all()] == ["別添.pdf", "様式.pdf"]
    for page in (desk.get(address("compose", draft)), desk.get(address("check", draft))):
        assert "様式.pdf" in shown(page)
        assert "没案" not in page.content.decode()
    assert [paper.file_name for paper in papers.papers(draft)] == ["別添.pdf", "様式.pdf"]


UNUSABLE = {
    "0 bytes": ("empty.pdf", b"", "空"),
    "truncated": ("cut.pdf", PDF[:90], "壊れているか、途中で切れています"),
    "HTML": ("page.pdf", b"<html>" * 20, "中身は「ウェブページ（HTML）」です"),
    "password": ("locked.pdf", written(lock=Lock("1234", -4)), "パスワードの付いた PDF"),
    "10,000 pages": ("long.pdf", written(pages=10_000), "10,000 ページあります"),
    "too large": ("large.pdf", b"%PDF-" + b"0" * 21 * 1024 * 1024, "20 MB を超えています"),
    "program": ("x.pdf.exe", b"MZ" * 20, "この種類のファイルは付けられません"),
    "program turned round": ("x\u202efdp.exe", b"MZ" * 20, "この種類のファイルは付けられません"),
    "macros": ("macro.xlsx", office(MACRO_BOOK), "マクロ"),
    "bomb": ("bomb.xlsx", archive({"x": b"0" * 30_000_000}), "大きくなりすぎる"),
    "billion laughs": (
        "laughs.xlsx",
        changed(workbook(), {"xl/workbook.xml": billion_laughs()}),
        "際限なく大きくなるしかけ",
    ),
    "old workbook": ("old.xlsx", old_office("Workbook"), "古い形式"),
    "workbook with a password": ("locked.xlsx", old_office("EncryptedPackage"), "パスワードの付いたファイル"),
    "other content": ("sheet.xlsx", office(WORD), "中身は「Word」です"),
}


@pytest.mark.parametrize(("name", "content", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_file_is_refused_whole_with_the_reason(desk, draft, name, content, reason):
    page = shown(desk.post(address("compose", draft), upload(draft, name, content)))
    assert reason in page
    assert "ファイル・URL を足していません" in page and "まだ保存していません" not in page
    assert not draft.attachments.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", ["../../x.pdf", "..\\x.pdf", "a/../x.pdf"])
def test_a_file_whose_name_leads_elsewhere_is_refused_whole(desk, draft, name):
    boundary = "x"
    body = encode_multipart(boundary, upload(draft, "x.pdf", PDF)).replace(b"x.pdf", name.encode())
    answer = desk.post(address("compose", draft), body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 400
    assert "ファイルの名前が使えません" in shown(answer) and "記録していません" in shown(answer)
    assert not draft.attachments.exists()


def test_a_form_that_brings_more_than_the_site_takes_at_once_is_refused_whole(desk, draft, settings):
    settings.REQUEST_MAX_BYTES = 1024**2
    answer = desk.post(address("compose", draft), upload(draft, "large.pdf", bytes(2 * 1024**2)))
    assert answer.status_code == 413
    assert "大きすぎて受け取れません" in shown(answer)
    assert not draft.attachments.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("あ" * 300 + ".pdf", "あ" * 196 + ".pdf"),
        ("\u202e操作\u200f方法.pdf", "操作方法.pdf"),
        ("操作\x00方%0D%0A法.pdf", "操作方 法.pdf"),
        ("😀操作方法👍🏽.pdf", "😀操作方法👍🏽.pdf"),
        ("髙﨑𠮷.pdf", "髙﨑𠮷.pdf"),
    ],
)
def test_an_odd_name_is_cleaned(desk, draft, name, kept):
    desk.post(address("compose", draft), upload(draft, name, PDF))
    assert draft.attachments.get().file.name == kept


def test_a_scan_without_text_is_taken(desk, draft):
    desk.post(address("compose", draft), upload(draft, "scan.pdf", written(text="")))
    assert draft.attachments.get().file.name == "scan.pdf"


def test_a_pdf_that_forbids_assembly_is_attached_unbound(desk, draft):
    desk.post(address("compose", draft), upload(draft, "a.pdf", written(lock=Lock("", FORBIDS_ASSEMBLY))))
    desk.post(address("compose", draft), upload(draft, "b.pdf", written(lock=Lock("", -4))))
    assert [each.file.may_be_bound for each in draft.attachments.all()] == [False, True]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://portal.example/", "file:///etc/hostname", "https://"])
def test_an_address_is_http_or_refused(desk, draft, url):
    typed = {"added-label": "参考", "added-title": "案内", "added-url": url}
    desk.post(address("compose", draft), form(draft, do="add", **typed))
    assert not draft.attachments.exists()
