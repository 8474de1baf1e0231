"""The archive: finding a notice, and what the page of a letter shows."""

import datetime as dt

import pytest
from django.urls import reverse

from members.models import Organisation
from members.models.organisation import Kind
from notices.models import Attachment, DocumentNumber, Notice, NoticeIssuer, Relation, StoredFile
from notices.search import index
from tests.boards.reading import rows, text_of
from tests.cast import Cast


def received(subject: str, date: dt.date | None, number: str = "", issuer: str = "日本薬剤師会") -> Notice:
    organisation, _ = Organisation.objects.get_or_create(kind=Kind.ISSUER, name=issuer)
    notice = Notice.objects.create(
        state=Notice.State.RECEIVED, subject=subject, date=date, body="ご周知をお願いいたします。"
    )
    NoticeIssuer.objects.create(notice=notice, organisation=organisation, title="会長", name="岩月 進")
    if number:
        DocumentNumber.objects.create(notice=notice, issuer=organisation, text=number)
    index.renew(notice.pk)
    return notice


@pytest.fixture
def letters(cast: Cast) -> list[Notice]:
    """An own notice that encloses a letter, which encloses another."""
    ministry = received("届出様式について", dt.date(2024, 10, 7), issuer="厚生労働省")
    national = received("届出様式について（周知）", dt.date(2024, 10, 8), "日薬業発第255号")
    Relation.objects.create(source=national, kind="encloses", target=ministry)
    own = cast.released("マイナ資格確認アプリの利用開始について").notice
    Relation.objects.create(source=own, kind="encloses", target=national)
    Relation.objects.create(source=own, kind="follows_up", cited_number="6福薬業発第303号")
    index.renew(own.pk)
    return [own, national, ministry]


def subjects(cast: Cast, query: str = "") -> list[str]:
    return [row[2] for row in rows(cast.client("staff").get(f"/notices/{query}"))]


def found(cast: Cast, query: str) -> list[str]:
    """The subjects of what is found, in their order."""
    return [one.notice.subject for one in cast.client("staff").get(f"/notices/{query}").context["shown"]]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("マイナ資格", 1),
        ("ﾏｲﾅ 資格", 1),
        ("日薬業発第２５５号", 1),
        ("日薬業発 第 255 号", 1),
        ("255", 1),
        ("届出", 2),
        ("届出 周知", 2),
        ("届出 255", 1),
        ("どこにもない", 0),
        ("100%", 0),
    ],
)
def test_a_notice_is_found_whatever_the_width_and_spaces(cast: Cast, letters: list[Notice], typed: str, count: int):
    assert len(found(cast, f"?q={typed.replace('%', '%25')}")) == count


def test_the_list_is_filtered_by_state_year_and_issuer(cast: Cast, letters: list[Notice]):
    issuer = Organisation.objects.get(name="厚生労働省")
    assert subjects(cast, f"?issuer={issuer.pk}") == ["届出様式について"]
    assert subjects(cast, "?state=released") == ["マイナ資格確認アプリの利用開始について"]
    assert len(subjects(cast, "?year=2024")) == 2
    assert subjects(cast, "?year=2025") == []


def test_the_list_is_filtered_by_what_was_corrected_or_withdrawn(cast: Cast):
    kept, corrected, withdrawn = (cast.released(subject) for subject in ("そのまま", "直した", "やめた"))
    cast.supersede(corrected, cast.released("訂正の通知"))
    cast.supersede(withdrawn, cast.released("廃止の通知"), Relation.Kind.WITHDRAWS)
    assert subjects(cast, "?state=corrected") == ["直した"]
    assert subjects(cast, "?state=withdrawn") == ["やめた"]
    page = text_of(cast.client("staff").get("/notices/"))
    assert "訂正済" in page and "廃止済" in page
    assert kept.notice.subject in subjects(cast, "?state=released")


def test_the_year_begins_in_april(cast: Cast):
    received("三月", dt.date(2025, 3, 31))
    received("四月", dt.date(2025, 4, 1))
    assert subjects(cast, "?year=2024") == ["三月"]
    assert subjects(cast, "?year=2025") == ["四月"]


def test_numbers_are_ordered_as_numbers(cast: Cast):
    for serial in (99, 337, 100):
        number = received(f"第{serial}", dt.date(2024, 10, 7), f"日薬業発第{serial}号").numbers.get()
        DocumentNumber.objects.filter(pk=number.pk).update(series="日薬業発", fiscal_year=2024, serial=serial)
    assert subjects(cast, "?sort=number") == ["第99", "第100", "第337"]
    assert subjects(cast, "?sort=-number") == ["第337", "第100", "第99"]


def test_drafts_come_before_dated_notices(cast: Cast, letters: list[Notice]):
    draft = cast.draft("まだ日付のない下書き")
    assert subjects(cast)[0] == draft.subject


def test_an_empty_archive_says_how_it_fills(cast: Cast):
    assert "文書を受領して登録するか、新しい通知を作ると、ここに並びます。" in text_of(
        cast.client("staff").get("/notices/")
    )


def test_a_received_letter_shows_its_text_its_chain_and_where_it_is_enclosed(cast: Cast, letters: list[Notice]):
    own, national, ministry = letters
    page = cast.client("staff").get(reverse("notices:notice", args=[national.pk]))
    text = text_of(page)
    assert "ご周知をお願いいたします。" in text
    assert "10/7 月 厚生労働省" in text and "10/8 火 日本薬剤師会" in text
    assert f"別添として送付した通知 {own.number_text}" in text
    assert reverse("notices:notice", args=[ministry.pk]) in page.content.decode()


def test_a_cited_number_that_is_not_in_the_archive_is_named_all_the_same(cast: Cast, letters: list[Notice]):
    text = text_of(cast.client("staff").get(reverse("notices:notice", args=[letters[0].pk])))
    assert "再周知の元 6福薬業発第303号 台帳にありません" in text


def test_a_draft_leads_to_where_it_is_finished(cast: Cast):
    draft = cast.draft()
    page = cast.client("staff").get(reverse("notices:notice", args=[draft.pk]))
    assert "まだ決裁に出していません。" in text_of(page)
    assert reverse("notices:compose", args=[draft.pk]) in page.content.decode()


def test_the_text_of_an_attachment_opens_on_a_page_of_its_own(cast: Cast, letters: list[Notice]):
    guide = Attachment.objects.create(
        notice=letters[0], position=2, label="別添2", title="操作方法", text="設定を開きます。\n<b>押します</b>"
    )
    address = reverse("notices:notice_attachment", args=[letters[0].pk, guide.pk])
    page = cast.client("staff").get(address)
    assert "設定を開きます。" in text_of(page)
    assert "&lt;b&gt;押します&lt;/b&gt;" in page.content.decode()
    elsewhere = reverse("notices:notice_attachment", args=[letters[1].pk, guide.pk])
    assert cast.client("staff").get(elsewhere).status_code == 404


def test_an_address_that_is_no_web_address_is_shown_and_not_linked(cast: Cast, letters: list[Notice]):
    Attachment.objects.create(
        notice=letters[0], position=2, label="参考", title="怪しい案内", url="javascript:alert(1)"
    )
    page = cast.client("staff").get(reverse("notices:notice", args=[letters[0].pk]))
    assert "怪しい案内" in text_of(page)
    assert 'href="javascript' not in page.content.decode()


def test_one_search_finds_notices_and_pharmacies(cast: Cast, letters: list[Notice]):
    assert "通知 2 件" in text_of(cast.client("staff").get("/search/?q=届出"))
    found = text_of(cast.client("staff").get("/search/?q=高崎"))
    assert "通知 0 件" in found
    assert "薬局・団体 1 件 髙﨑薬局" in found
    assert "文書番号・件名・本文や別添の言葉、薬局名・電話番号の一部を入れてください" in text_of(
        cast.client("staff").get("/search/")
    )


def test_a_search_shows_ten_and_leads_to_the_rest(cast: Cast):
    for number in range(12):
        received(f"届出{number}", None)
    page = cast.client("staff").get("/search/?q=届出").content.decode()
    assert page.count('<li><a href="/notices/') - page.count('<li><a href="/notices/"') == 10
    assert 'href="/notices/?q=%E5%B1%8A%E5%87%BA"' in page


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
@pytest.mark.parametrize("address", ["/notices/", "/search/?q=届出", "/today/"])
def test_the_archive_is_for_staff(cast: Cast, who: str, address: str):
    assert cast.client(who).get(address).status_code == 404


def test_an_organisation_has_its_notices_on_one_page(cast: Cast, letters: list[Notice]):
    address = f"/directory/{cast.pharmacies[0].pk}/notices/"
    page = cast.client("staff").get(address)
    [row] = rows(page)
    assert row[2:5] == ["マイナ資格確認アプリの利用開始について", "送信済", "未確認"]
    assert cast.client("chair").get(address).status_code == 200
    assert "/receipts/" not in cast.client("chair").get(address).content.decode()
    assert cast.client("other_chair").get(address).status_code == 404
    assert cast.client("pharmacy").get(address).status_code == 404


def test_an_attached_file_is_saved_as_it_was_kept_and_never_opened_by_the_site(cast: Cast):
    notice, staff = cast.released().notice, cast.client("staff")
    kept = StoredFile.objects.keep(b"PK form", "様式.xlsx", "application/vnd.ms-excel")
    attached = Attachment.objects.create(notice=notice, position=2, label="別添1", title="様式", file=kept)
    address = reverse("notices:notice_file", args=[notice.pk, attached.pk])
    assert address in staff.get(reverse("notices:notice", args=[notice.pk])).content.decode()
    saved = staff.get(address)
    assert b"".join(saved.streaming_content) == b"PK form"
    assert saved["Content-Disposition"].startswith("attachment")
    assert {"default-src 'none'", "sandbox"} <= set(saved["Content-Security-Policy"].split("; "))
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert staff.get(reverse("notices:notice_file", args=[cast.released().notice.pk, attached.pk])).status_code == 404
