"""決裁 on paper, recorded with its scan; and 起案用紙, the sheet that goes round for it."""

import datetime as dt
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Capacity, Event
from members.wareki import WEEKDAYS, long_date
from notices.letters.draft_sheet import draft_sheet_pdf
from notices.models import Approval, Notice, StoredFile
from notices.procedures import approve
from tests.cast import Cast
from tests.letters.approval.reading import GIST, press, today, typed_today
from tests.letters.browser import PDF, address, shown
from tests.letters.test_quarantine import SCRIPTED
from tests.rows import changed, everything


def paper(content: bytes = PDF, name: str = "kian.pdf", **typed: object) -> dict[str, object]:
    scan = SimpleUploadedFile(name, content, "application/pdf")
    return {"day": typed_today(), "paper_on": typed_today(), "names": "会長 栁 武志", "scan": scan} | typed


def test_a_decision_on_paper_is_recorded_with_its_scan(desk: Client, draft: Notice) -> None:
    told = press(desk, "paper", draft, **paper())
    assert "紙の決裁を記録しました" in told and "会長 栁 武志（紙、" in told
    given = draft.approvals.get()
    assert (given.state, given.scan.name) == ("approved", "kian.pdf")
    answer = desk.get(reverse("notices:approval_scan", args=[given.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paper_on": "令和99年4月1日"}, "これから先の日です"),
        ({"paper_on": "令和5年12月1日"}, "より 1 か月以上前です"),
        ({"names": ""}, "入力してください"),
        ({"scan": ""}, "選び直してください"),
        ({"content": b"<html>", "name": "kian.pdf"}, "中身は"),
        ({"content": b"MZ", "name": "kian.exe"}, "この種類のファイルは付けられません"),
    ],
)
def test_what_is_no_decision_is_refused(desk: Client, draft: Notice, changes: dict, words: str) -> None:
    assert words in press(desk, "paper", draft, **paper(**changes))
    assert not Approval.objects.exists()


def test_a_day_without_a_year_is_offered_only_where_it_may_be_one(desk: Client, draft: Notice) -> None:
    yesterday, coming = today() - dt.timedelta(days=1), today() + dt.timedelta(days=16)
    told = press(desk, "paper", draft, **paper(paper_on=f"{yesterday.month}/{yesterday.day}"))
    assert f"{long_date(yesterday)}（{WEEKDAYS[yesterday.weekday()]}）と読みました" in told
    told = press(desk, "paper", draft, **paper(paper_on=f"{coming.month}/{coming.day}"))
    assert "と読みました" not in told and "より 1 か月以上前です" in told
    assert not Approval.objects.exists()


@pytest.fixture
def folder(settings, tmp_path):
    settings.WAITING_FILES = tmp_path / "waiting"
    return settings.WAITING_FILES


def without_file(page: HttpResponse, **typed: object) -> dict[str, object]:
    """What the browser sends from that page when no file is chosen again: a file field is never given back."""
    form = page.context["paper_form"]
    sent = {name: form[name].value() for name in ("day", "paper_on", "names", "waiting")}
    sent["day"], sent["paper_on"] = (form[name].field.prepare_value(sent[name]) for name in ("day", "paper_on"))
    return sent | typed


def test_the_scan_waits_while_a_day_is_read_back(desk: Client, draft: Notice, folder: Path) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    sent = paper(paper_on=f"{yesterday.month}/{yesterday.day}")
    page = desk.post(address("approval_paper", draft), sent)
    assert "PDF は預かっています。選び直さなくて構いません。" in shown(page)
    assert "「kian.pdf」を預かっています" in shown(page) and not Approval.objects.exists()
    press(desk, "paper", draft, **without_file(page))
    given = draft.approvals.get()
    assert (given.paper_on, given.scan.name, given.scan.read()) == (yesterday, "kian.pdf", PDF)
    assert list(folder.iterdir()) == [], "what was recorded waits no more"


def test_another_scan_takes_the_place_of_the_one_that_waits(desk: Client, draft: Notice, folder: Path) -> None:
    page = desk.post(address("approval_paper", draft), paper(names=""))
    another = SimpleUploadedFile("kian-2.pdf", PDF, "application/pdf")
    press(desk, "paper", draft, **without_file(page, names="会長 栁 武志", scan=another))
    assert draft.approvals.get().scan.name == "kian-2.pdf"


def test_where_another_scan_is_broken_none_waits_and_the_page_says_so(
    desk: Client, draft: Notice, folder: Path
) -> None:
    page = desk.post(address("approval_paper", draft), paper(names=""))
    broken = SimpleUploadedFile("kian-2.pdf", b"no pdf", "application/pdf")
    page = desk.post(
        address("approval_paper", draft), without_file(page, names="会長 栁 武志", scan=broken), follow=True
    )
    assert "預かっています" not in shown(page)
    assert page.context["paper_form"].fields["scan"].required
    assert not Approval.objects.exists()


def test_a_scan_that_waits_is_of_use_to_nobody_else(desk: Client, boss: Client, draft: Notice, folder: Path) -> None:
    page = desk.post(address("approval_paper", draft), paper(names=""))
    told = press(boss, "paper", draft, **without_file(page, names="会長 栁 武志"))
    assert "預かっていたファイルは、もうありません。選び直してください" in told
    assert not Approval.objects.exists()


def test_a_scan_that_acts_is_quarantined_and_its_copy_kept(desk: Client, draft: Notice) -> None:
    press(desk, "paper", draft, **paper(SCRIPTED))
    assert draft.approvals.get().scan.is_safe_copy
    assert StoredFile.objects.filter(acts=True).count() == 1


def test_who_neither_approves_nor_publishes_records_no_paper(cast: Cast, desk: Client, draft: Notice) -> None:
    Capacity.objects.filter(pk=cast.capacities["staff"].pk).update(publishes=False)
    assert address("approval_paper", draft) not in shown(desk.get(address("check", draft)))
    assert "決裁か発出の担当の人だけができます" in press(desk, "paper", draft, **paper())
    assert not Event.objects.filter(verb="approval.recorded").exists()


def sheet(content: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(content)
    return len(document), "".join(page.get_textpage().get_text_range() for page in document)


def test_the_sheet_has_what_the_office_fills_in_by_hand_elsewhere(desk: Client, draft: Notice, asked: Approval) -> None:
    pages, text = sheet(desk.get(address("approval_sheet", draft)).content)
    assert pages == 1
    seals = ("会長", "常務理事", "事務局長", "担当", "濵﨑 航")
    for words in ("起 案 用 紙", *seals, draft.subject, GIST, "（6 薬局・2 地区）"):
        assert words in text, words
    assert "福薬業発第1号（見込み）" in text


def test_before_it_is_asked_for_the_sheet_is_printed_with_what_is_typed(desk: Client, draft: Notice) -> None:
    """What is kept with 「決裁に出す」 alone is read by nobody who decides on paper: that closes the paper's way."""
    before = everything()
    day = timezone.localdate() + dt.timedelta(days=1)
    typed = {"do": "sheet", "day": long_date(day), "gist": "例年どおりの依頼です。"}
    pages, text = sheet(desk.post(address("approval_ask", draft), typed).content)
    assert pages == 1
    assert "例年どおりの依頼です。" in text and long_date(day) in text
    refused = desk.post(address("approval_ask", draft), typed | {"gist": "長い。" * 300})
    assert "600" in shown(refused) and "長い。長い。" in shown(refused)
    assert changed(before) == set()


def test_the_sheet_of_an_approved_letter_says_who_and_when(cast: Cast, desk: Client, approved: Notice) -> None:
    pages, text = sheet(desk.get(address("approval_sheet", approved)).content)
    assert (pages, "見込み" in text, "予定" in text) == (1, False, False)
    assert "サイト上で決裁：管理 太郎" in text and text.count(typed_today()) >= 3


def test_the_sheet_is_one_page_whatever_is_on_it(cast: Cast, draft: Notice) -> None:
    draft.subject = "件名の長い通知について" * 45
    draft.addressees = ["各地区薬剤師会会長"] * 33
    draft.save()
    for number in range(1, 31):
        draft.attachments.create(position=number, label=f"別添{number}", title="題名の長い別添の文書" * 10)
    approve.ask(draft.pk, timezone.localdate(), cast.actor("staff"), "要旨の長い文。\n" * 75)
    draft = Notice.objects.get(pk=draft.pk)
    draft.release.what = "何をするかの長い文" * 22
    content = draft_sheet_pdf(draft, draft.release, "（2,900 薬局・24 地区）", "6福薬業発第1号", timezone.localdate())
    assert sheet(content)[0] == 1
