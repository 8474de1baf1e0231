"""The pages of the search: staff over everything, chairs and pharmacies over what they got."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import wareki
from members.models import Organisation
from members.models.organisation import Kind
from notices.models import Attachment, Notice, NoticeIssuer, Passage, StoredFile
from notices.procedures import take_in
from notices.search import finding, index, texts
from notices.views import search as search_views
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.intake_site.office import OWN, actor
from tests.tracking.conftest import guide


def received(cast: Cast, subject: str, body: str, date: dt.date = dt.date(2024, 10, 7), **more: str) -> Notice:
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject=subject, body=body, date=date, **more)
    issuer, _ = Organisation.objects.get_or_create(kind=Kind.ISSUER, name="日本薬剤師会")
    NoticeIssuer.objects.create(notice=notice, organisation=issuer)
    index.renew(notice.pk)
    return notice


def shown(cast: Cast, query: str) -> list[str]:
    return [one.notice.subject for one in cast.client("staff").get(f"/notices/?{query}").context["shown"]]


def test_a_hit_shows_the_words_where_they_stand_and_leads_there(cast: Cast):
    notice = received(cast, "様式の改正について", "平素より\n新しい様式で<b>ご提出</b>ください。")
    attached = Attachment.objects.create(
        notice=notice, position=1, label="別添1", title="記入の手引き", text="髙﨑様の記入例を載せています。"
    )
    index.renew(notice.pk)
    page = cast.client("staff").get("/notices/?q=高崎")
    html = page.content.decode()
    assert "<mark>髙﨑</mark>様の記入例" in html
    assert (
        f'<a href="{reverse("notices:notice_attachment", args=[notice.pk, attached.pk])}">別添1　記入の手引き</a>'
        in html
    )
    assert f'<a href="{reverse("notices:notice", args=[notice.pk])}">' in html
    own = cast.client("staff").get("/notices/?q=提出").content.decode()
    assert "&lt;b&gt;ご<mark>提出</mark>&lt;/b&gt;" in own and "文面</a>" in own


def test_a_hit_in_a_file_leads_to_the_file_and_says_on_which_page(cast: Cast):
    notice = guide(cast).notice
    file = notice.attachments.get(label="別添3").file
    Passage.objects.bulk_create(texts.of_file(file.pk, ["一枚め", "三枚綴りの見本"], numbered=True))
    index.catch_up()
    page = cast.client("staff").get("/notices/?q=三枚綴り").content.decode()
    place = reverse("notices:notice_file", args=[notice.pk, notice.attachments.get(label="別添3").pk])
    assert f'<a href="{place}">別添3　様式　2 ページ</a><mark>三枚綴り</mark>の見本' in page


def test_what_is_found_is_narrowed_like_the_list(cast: Cast):
    received(cast, "令和六年の届出", "届出", dt.date(2024, 10, 7))
    received(cast, "令和七年の届出", "届出", dt.date(2025, 10, 7), kind="事務連絡")
    narrow = cast.released("白鷺だけの届出")
    for receipt in narrow.receipts.filter(district=cast.takaodai):
        receipt.deliveries.all().delete()
        receipt.delete()
    index.renew(narrow.notice.pk)
    assert len(shown(cast, "q=届出")) == 3
    assert shown(cast, "q=届出&year=2024") == ["令和六年の届出"]
    assert shown(cast, "q=届出&kind=事務連絡") == ["令和七年の届出"]
    assert shown(cast, "q=届出&state=released") == ["白鷺だけの届出"]
    assert shown(cast, f"q=届出&district={cast.shirasagi.pk}") == ["白鷺だけの届出"]
    assert shown(cast, f"q=届出&district={cast.takaodai.pk}") == []
    issuer = Organisation.objects.get(name="日本薬剤師会")
    assert len(shown(cast, f"q=届出&issuer={issuer.pk}")) == 2


@pytest.mark.parametrize("typed", ["貴会会員", "関係者に対し", "記入例の見本"])
def test_what_stands_in_its_papers_finds_a_notice_however_the_list_is_narrowed(cast: Cast, typed: str):
    notice = guide(cast).notice
    national = notice.attachments.get(label="別添1").enclosed
    ministry = national.attachments.get().enclosed
    form = StoredFile.objects.keep(b"PK example", "記入例.xlsx", "application/vnd.ms-excel")
    paper = Attachment.objects.create(notice=ministry, position=1, label="別紙", title="記入例", file=form)
    Passage.objects.bulk_create(texts.of_file(form.pk, ["記入例の見本"], numbered=False))
    index.catch_up()
    places = {
        "貴会会員": reverse("notices:notice", args=[national.pk]),
        "関係者に対し": reverse("notices:notice", args=[ministry.pk]),
        "記入例の見本": reverse("notices:notice_file", args=[ministry.pk, paper.pk]),
    }
    association, year = notice.issuers.get().organisation_id, wareki.fiscal_year(notice.date)
    of_its_own = ["state=released", f"district={cast.shirasagi.pk}", f"year={year}", f"issuer={association}"]
    for narrowed in ("order=date", *of_its_own):
        assert notice.subject in shown(cast, f"q={typed}&{narrowed}"), narrowed
    page = cast.client("staff").get(f"/notices/?q={typed}&state=released").content.decode()
    assert f'<a href="{places[typed]}">' in page and f"<mark>{typed}</mark>" in page
    assert cast.client("staff").get(places[typed]).status_code == 200


def test_filters_and_order_stay_in_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search_views, "PER_PAGE", 2)
    for day in range(1, 6):
        received(cast, f"届出 {day}", "本文", dt.date(2024, 10, day))
    assert shown(cast, "q=届出") == ["届出 5", "届出 4"]
    page = cast.client("staff").get("/notices/?q=届出&order=date&state=received&page=2")
    assert [one.notice.subject for one in page.context["shown"]] == ["届出 3", "届出 2"]
    html = page.content.decode()
    assert "5 件" in html and '<option value="received" selected>' in html
    assert '<input type="hidden" name="order" value="date">' in html
    assert "order=date&amp;state=received&amp;page=3" in html


def test_a_number_that_is_about_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "MOST_PROVED", 1)
    for _ in range(3):
        received(cast, "件名", "訪問看護")
    assert "約 3 件" in text_of(cast.client("staff").get("/notices/?q=訪問看護"))
    assert "約" not in text_of(cast.client("staff").get("/notices/?q=訪問"))


def test_finding_nothing_says_what_to_try(cast: Cast):
    received(cast, "件名", "本文")
    staff = cast.client("staff")
    told = text_of(staff.get("/notices/?q=どこにもない"))
    assert "言葉を短くする" in told
    assert "スキャンした紙面（文字のない PDF）の中身は探せません" in told
    assert "ほかの条件を消す" in text_of(staff.get("/notices/?q=どこにもない&state=draft"))
    assert "記号だけでは探せません" in text_of(staff.get("/notices/?q=、。"))


def test_packets_are_found_by_their_text_with_the_notices_made_of_them(cast: Cast):
    packet = take_in.receive(OWN.encode(), "packet.txt", actor(cast))
    staff = cast.client("staff")
    assert "受領文書の原文にも 1 件あります" in text_of(staff.get("/notices/?q=福薬業発第412号"))
    everything = staff.get("/search/?q=福薬業発第412号")
    assert f"収受 {packet.receipt_number}" in text_of(everything)
    notice = take_in.record(take_in.accept(packet, actor(cast)), actor(cast))
    for short in ("福薬業発412", "6福薬業発412", "６ー４１２", f"収受 {packet.receipt_number}"):
        assert f"収受 {packet.receipt_number}" in text_of(staff.get("/search/", {"q": short})), short
    page = staff.get("/search/?q=福薬業発第412号").content.decode()
    assert f'通知：<a href="{reverse("notices:notice", args=[notice.pk])}">6福薬業発第412号</a>' in page


def test_more_hits_take_no_more_queries(cast: Cast):
    staff, counted = cast.client("staff"), []
    for more in (2, 3):
        for _ in range(more):
            received(cast, "届出", "訪問看護")
        with CaptureQueriesContext(connection) as asked:
            assert len(staff.get("/notices/?q=訪問看護").context["shown"]) in (2, 5)
        counted.append(len(asked))
    assert counted[0] == counted[1]


# Chairs and pharmacies ------------------------------------------------------------------------------------------------


def test_a_pharmacy_finds_what_stands_in_its_papers_and_steps(cast: Cast):
    release = guide(cast)
    other = cast.released("別の通知")
    index.catch_up()
    client, receipt = cast.client("pharmacy"), cast.receipt(release, cast.pharmacies[0])
    text = release.notice.attachments.get(label="別添2")
    enclosed = release.notice.attachments.get(label="別添1")
    places = {
        "画面を開く": reverse("notices:own_receipt_attachment", args=[receipt.pk, text.pk]),
        "貴会会員": reverse("notices:own_receipt_attachment", args=[receipt.pk, enclosed.pk]),
        "環境設定情報": reverse("notices:own_receipt", args=[receipt.pk]),
    }
    for typed, address in places.items():
        page = client.get("/own/", {"q": typed})
        assert f'<p class="excerpt"><a href="{address}">' in page.content.decode(), typed
        assert f"<mark>{typed}</mark>" in page.content.decode()
        assert other.notice.subject not in text_of(page)
        assert client.get(address).status_code == 200


def test_a_chair_finds_the_letter_its_papers_and_the_covering_text_to_chairs(cast: Cast):
    release = guide(cast)
    index.catch_up()
    client, receipt = cast.client("chair"), cast.receipt(release, cast.shirasagi)
    page = client.get("/district/?q=会員への周知をお願い")
    address = reverse("notices:district_papers", args=[receipt.pk])
    assert f'<p class="excerpt"><a href="{address}">地区会長への添え書き</a>' in page.content.decode()
    assert "貴会会員" in text_of(client.get("/district/?q=貴会会員"))
    for typed in ("訪問を行わない薬局も", "環境設定情報"):
        assert "見つかりません" in text_of(client.get("/district/", {"q": typed})), "written to pharmacies alone"


def test_drafts_and_letters_that_only_arrived_are_found_by_staff_alone(cast: Cast):
    received(cast, "届いただけの文書", "極めて珍しい言葉")
    index.renew(cast.draft("極めて珍しい言葉の下書き").pk)
    assert len(shown(cast, "q=極めて珍しい言葉")) == 2
    assert "見つかりません" in text_of(cast.client("pharmacy").get("/own/?q=極めて珍しい言葉"))
    cast.released()
    assert "見つかりません" in text_of(cast.client("pharmacy").get("/own/?q=極めて珍しい言葉"))
    assert "見つかりません" in text_of(cast.client("chair").get("/district/?q=極めて珍しい言葉"))
