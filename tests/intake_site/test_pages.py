"""The pages of received packets: what they show, what they refuse, and that nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Event
from notices.intake import kept
from notices.models import Notice, Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.office import OWN, SAME_NUMBER, WITHOUT_FIRST, actor, received

DOUBTFUL = OWN.replace("令和 6 年 1 2 月 1 1 日", "令和 6 年 2 月 30 日")


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def shown(page: HttpResponse) -> str:
    """What the page says, without tags."""
    text = re.sub(r"<script.*?</script>", "", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def parts_of(page: HttpResponse) -> Iterator[BaseForm]:
    form = page.context["page"].sheet.form
    yield from form.forms
    yield from (rows.management_form for rows in (form.issuers, form.attachments, form.references))


def typed(page: HttpResponse, **changes: str) -> dict[str, str]:
    """What a browser sends when the form of a packet's page is sent as it is, save for the changes."""
    fields = [(field.html_name, field.value()) for part in parts_of(page) for field in part]
    sent = {
        name: str(value).replace("\n", "\r\n") for name, value in fields if value is not None and value is not False
    }
    return sent | changes


# Who may come in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "new/", "{pk}/", "{pk}/file", "{pk}/file/0"])
def test_packets_exist_for_staff_only(cast: Cast, address: str):
    address = "/packets/" + address.format(pk=received(cast).pk)
    assert cast.client("staff").get(address).status_code == 200
    assert cast.client("administrator").get(address).status_code == 200
    for who in ("chair", "pharmacy"):
        assert cast.client(who).get(address).status_code == 404
    anonymous = Client().get(address)
    assert (anonymous.status_code, anonymous.url) == (302, f"/signin/?next={address}")


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_nobody_else_takes_in_or_registers(cast: Cast, who: str):
    packet = received(cast)
    assert cast.client(who).post("/packets/new/", {"text": WITHOUT_FIRST}).status_code == 404
    assert cast.client(who).post(f"/packets/{packet.pk}/", {"do": "register"}).status_code == 404
    assert (Packet.objects.count(), Notice.objects.count()) == (1, 0)


def test_looking_records_nothing(cast: Cast, staff: Client):
    packet = received(cast)
    before = list(Event.objects.all())
    for address in ("", "new/", f"{packet.pk}/", f"{packet.pk}/?letter=2", f"{packet.pk}/?letter=rest"):
        assert staff.get(f"/packets/{address}").status_code == 200
        assert staff.head(f"/packets/{address}").status_code == 200
    assert list(Event.objects.all()) == before


# The list -------------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_how_to_begin(staff: Client):
    page = staff.get("/packets/")
    assert "受領文書はまだありません" in shown(page)
    assert 'href="/packets/new/"' in page.content.decode()


def test_the_list_describes_packets_by_their_top_letter(cast: Cast, staff: Client):
    received(cast, DOUBTFUL)
    page = shown(staff.get("/packets/"))
    assert "在宅患者における残薬連絡アプリの運用開始について" in page
    assert "福岡県薬剤師会 6福薬業発第412号 文書 3 通" in page
    assert "要確認 1 か所" in page


def test_the_list_shows_how_old_the_oldest_letter_is(cast: Cast, staff: Client, settings):
    packet = received(cast)
    days = (packet.received_at.date() - packet.oldest_on).days
    assert re.search(rf"({days:,}|{days + 1:,}) 日", shown(staff.get("/packets/")))


def test_the_list_is_filtered_by_state_and_found_by_folded_words(cast: Cast, staff: Client):
    first, second = received(cast), received(cast, SAME_NUMBER.replace("412", "413").replace("連絡体制", "髙齢者対応"))
    take_in.record(first, actor(cast))

    def found(query: str) -> list[Packet]:
        return [row.record for row in staff.get(f"/packets/?{query}").context["table"].rows]

    assert found("") == [second, first]
    assert found("state=doubtful") == [second]
    assert found("state=registered") == [first]
    assert found("state=issued") == []
    assert found("q=６福薬業発第 412 号") == [first]
    assert found("q=厚生労働省") == [first]
    assert found("q=高齢者") == [second]
    assert found("sort=oldest_on") == [first, second]
    assert "条件に合う受領文書はありません" in shown(staff.get("/packets/?q=どこにもない"))


def test_a_packet_whose_notice_was_released_is_passed_on(cast: Cast, staff: Client):
    packet = received(cast, WITHOUT_FIRST)
    draft = take_in.register(packet, actor(cast))
    assert not Packet.objects.with_issued().get().issued
    Notice.objects.filter(pk=draft.pk).update(state=Notice.State.RELEASED, date="2024-12-11")
    assert [row.record for row in staff.get("/packets/?state=issued").context["table"].rows] == [packet]
    assert "伝達済" in shown(staff.get("/packets/"))


def test_three_packets_are_listed_with_the_queries_of_one(cast: Cast, staff: Client):
    received(cast)
    staff.get("/packets/")
    with CaptureQueriesContext(connection) as one:
        staff.get("/packets/")
    received(cast, WITHOUT_FIRST)
    received(cast, SAME_NUMBER)
    with CaptureQueriesContext(connection) as three:
        staff.get("/packets/")
    assert len(three) == len(one)


# Taking in ------------------------------------------------------------------------------------------------------------


def test_pasted_text_is_taken_in_and_opened(staff: Client):
    page = staff.post("/packets/new/", {"text": OWN.replace("\n", "\r\n"), "receipt_number": ""}, follow=True)
    packet = Packet.objects.get()
    assert page.redirect_chain == [(f"/packets/{packet.pk}/", 302)]
    assert f"収受番号は {packet.receipt_number} です" in shown(page)
    assert packet.packet_files.get().name == "貼り付けた文章.txt"


def test_files_are_taken_in_with_the_number_that_was_typed(staff: Client):
    cut = OWN.index("日 薬 業 発")
    files = [SimpleUploadedFile("1.txt", OWN[:cut].encode()), SimpleUploadedFile("2.txt", OWN[cut:].encode())]
    staff.post("/packets/new/", {"files": files, "receipt_number": "６－1089"})
    packet = Packet.objects.get()
    assert packet.receipt_number == "6-1089"
    assert [file.name for file in packet.packet_files.all()] == ["1.txt", "2.txt"]
    assert len(packet.letters) == 3


def test_a_packet_taken_in_again_is_shown_not_made(cast: Cast, staff: Client):
    first = received(cast)
    page = staff.post("/packets/new/", {"text": OWN}, follow=True)
    assert page.redirect_chain == [(f"/packets/{first.pk}/", 302)]
    assert "すでに受け取っています" in shown(page)
    assert Packet.objects.get() == first


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "ファイルが空です"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n", "文字のファイルではありません"),
        ("letter.pdf", b"%PDF-1.7", "PDF の読み取りは、まだできません"),
        ("memo.txt", "今日は雨です。".encode(), "通知の文書が見つかりませんでした"),
        ("long.txt", b"a" * (2 * 1024 * 1024 + 1), "「long.txt」は大きすぎます。全部で 2 MB まで"),
    ],
)
def test_a_file_that_is_no_packet_is_refused(staff: Client, name: str, content: bytes, says: str):
    sent = {"files": SimpleUploadedFile(name, content), "receipt_number": "6-77"}
    page = staff.post("/packets/new/", sent)
    assert says in shown(page)
    assert 'value="6-77"' in page.content.decode()
    assert not Packet.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"text": "  \r\n"}, "文章もファイルもありません"),
        ({"text": "今日は雨です。"}, "通知の文書が見つかりませんでした"),
        ({"text": OWN, "receipt_number": "6-1"}, "収受番号 6-1 は、ほかの受領文書に使われています"),
    ],
)
def test_refused_text_stays_in_its_field(cast: Cast, staff: Client, sent: dict[str, str], says: str):
    take_in.receive(SAME_NUMBER.encode(), "other.txt", actor(cast), "6-1")
    page = staff.post("/packets/new/", sent)
    assert says in shown(page)
    assert page.context["form"]["text"].value() == sent["text"]
    assert Packet.objects.count() == 1


def test_text_and_file_at_once_are_asked_about(staff: Client):
    page = staff.post("/packets/new/", {"text": OWN, "files": SimpleUploadedFile("a.txt", OWN.encode())})
    assert "どちらか一方にしてください" in shown(page)
    assert not Packet.objects.exists()


def test_more_text_than_a_form_takes_is_refused_as_too_large(staff: Client):
    page = staff.post("/packets/new/", {"text": "あ" * 1_100_000})
    assert page.status_code == 413
    assert "大きすぎて受け取れません" in shown(page)
    assert not Packet.objects.exists()


# One packet -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_way_the_letters_and_the_original_with_its_marks(cast: Cast, staff: Client):
    page = staff.get(f"/packets/{received(cast, DOUBTFUL).pk}/")
    text = shown(page)
    assert re.search(r"11/22.*厚生労働省.*事務連絡.*3日.*11/25.*日本薬剤師会.*日薬業発第318号", text)
    assert "① 福岡県薬剤師会1件 要確認" in text
    html = page.content.decode()
    assert '<span class="found">6 福薬業発第 4 1 2 号</span>' in html
    assert '<span class="doubtful">令和 6 年 2 月 30 日</span>' in html
    assert '<span class="found">6 福薬業発第 3 8 9 号</span>' in html
    assert html.count("<h1") == 1


def test_each_letter_and_the_rest_have_their_own_address(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    second = staff.get(f"{address}?letter=2")
    assert second.context["page"].letter["numbers"] == ["日薬業発第318号"]
    rest = shown(staff.get(f"{address}?letter=rest"))
    assert "在宅残薬連絡システム PC設定手順" in rest
    assert "① 別添2 設定の手引き（福岡県薬剤師会作成版）" in rest
    for wrong in ("9", "0", "-1", "²", "x"):
        assert staff.get(f"{address}?letter={wrong}").context["page"].index == 0


def test_a_letter_cited_by_its_date_alone_is_the_enclosed_one(cast: Cast, staff: Client):
    assert "→ 文書③のことです" in shown(staff.get(f"/packets/{received(cast).pk}/?letter=2"))


def test_what_a_packet_says_is_text(cast: Cast, staff: Client):
    packet = received(cast, OWN.replace("髙﨑 濵一郎", "<script>alert(1)</script>"))
    html = staff.get(f"/packets/{packet.pk}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_saving_the_form_untouched_changes_nothing(cast: Cast, staff: Client):
    packet = received(cast)
    for letter in (1, 2, 3):
        address = f"/packets/{packet.pk}/?letter={letter}"
        answer = staff.post(address, typed(staff.get(address), do="save"))
        assert (answer.status_code, answer.url) == (302, address)
    packet.refresh_from_db()
    assert packet.corrected is None


def test_corrections_are_saved_field_by_field(cast: Cast, staff: Client):
    packet = received(cast)
    address = f"/packets/{packet.pk}/"
    changes = {
        "numbers": "６ 福薬業発第 ４１３ 号",
        "date": "R6.12.12",
        "addressees": "各地区薬剤師会会長\r\n会員薬局",
        "subject": "O'Brien と <b>𠮷野家</b>",
        "deadline": "令和7年1月31日（金）",
        "issuers-1-organisation": "福岡県医師会",
        "attachments-2-label": "",
        "attachments-2-title": "",
        "attachments-2-url": "",
        "references-1-number": "6福薬業発第400号",
        "references-1-date": "令和6年12月1日",
    }
    staff.post(address, typed(staff.get(address), do="save", **changes))
    packet.refresh_from_db()
    letter = packet.letters[0]
    assert (letter["numbers"], letter["date"], letter["deadline"]) == (["6福薬業発第413号"], "2024-12-12", "2025-01-31")
    assert letter["addressees"] == ["各地区薬剤師会会長", "会員薬局"]
    assert letter["subject"] == "O'Brien と <b>𠮷野家</b>"
    assert [one["organisation"] for one in letter["issuers"]] == ["公益社団法人福岡県薬剤師会", "福岡県医師会"]
    assert [one["label"] for one in letter["attachments"]] == ["別添1", "別添2"]
    assert letter["attachments"][1]["text"] == packet.reading["letters"][0]["attachments"][1]["text"]
    assert letter["references"][1]["number"] == "6福薬業発第400号"
    assert letter["references"][0]["follows_up"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("date", "令和6年2月30日", "令和6年2月は29日まで"),
        ("date", "平成40年1月1日", "平成は平成31年4月30日まで"),
        ("date", "あした", "日付として読めません"),
        ("deadline", "令和8年2月29日", "令和8年2月は28日まで"),
        ("subject", "", "件名を入れてください"),
        ("issuers-0-organisation", "", "団体の名前を入れてください"),
        ("attachments-2-url", "javascript:alert(1)", "http:// か https:// で始まる"),
        ("attachments-2-url", "ftp://portal.example/", "http:// か https:// で始まる"),
        ("attachments-0-letter", "0", "選択"),
        ("references-0-date", "令和6年13月1日", "13月はありません"),
    ],
)
def test_a_wrong_value_is_explained_and_everything_typed_is_kept(
    cast: Cast, staff: Client, field: str, value: str, says: str
):
    packet = received(cast)
    address = f"/packets/{packet.pk}/"
    sent = typed(staff.get(address), do="register", contact="担当 髙﨑") | {field: value}
    page = staff.post(address, sent)
    assert page.status_code == 200
    assert says in shown(page)
    kept_values = {each.html_name: each.value() for part in parts_of(page) for each in part}
    assert (kept_values[field], kept_values["contact"]) == (value, "担当 髙﨑")
    packet.refresh_from_db()
    assert (packet.corrected, packet.state) == (None, Packet.State.DOUBTFUL)


@pytest.mark.parametrize("lost", ["issuers", "attachments", "references"])
def test_half_a_page_changes_nothing(cast: Cast, staff: Client, lost: str):
    packet = received(cast)
    sent = typed(staff.get(f"/packets/{packet.pk}/"))
    half = {name: value for name, value in sent.items() if not name.startswith(f"{lost}-")}
    page = staff.post(f"/packets/{packet.pk}/", half | {"subject": "別の件名"}, follow=True)
    assert "画面の一部しか届かなかった" in shown(page)
    packet.refresh_from_db()
    assert packet.corrected is None


def test_letters_that_would_enclose_each_other_are_refused(cast: Cast, staff: Client):
    packet = received(cast)
    address = f"/packets/{packet.pk}/?letter=3"
    sent = typed(staff.get(address), do="save") | {"attachments-1-label": "別添", "attachments-1-letter": "0"}
    page = staff.post(address, sent)
    assert "自分自身の別添" in shown(page)
    packet.refresh_from_db()
    assert packet.corrected is None


def test_a_doubt_is_settled_in_place_and_leads_to_the_next(cast: Cast, staff: Client):
    packet = received(cast, DOUBTFUL.replace("令 和 6 年 11 月 25 日", "令 和 6 年 11 月 31 日"))
    address = f"/packets/{packet.pk}/"
    page = staff.get(address)
    assert "確かめてほしい読み取りが 2 か所あります" in shown(page)
    answer = staff.post(address, typed(page, do="settle-0", subject="直した件名"))
    assert answer.url == f"/packets/{packet.pk}/?letter=2#doubt-0"
    packet.refresh_from_db()
    assert packet.letters[0]["subject"] == "直した件名"
    assert kept.count_doubts(packet.kept) == 1


# Registering ----------------------------------------------------------------------------------------------------------


def test_registering_opens_the_draft(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    answer = staff.post(address, typed(staff.get(address), do="register", subject="直した件名"))
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert (answer.status_code, answer.url) == (302, f"/notices/{draft.pk}/compose/")
    assert draft.subject == "直した件名"


def test_the_packet_without_its_first_letter_opens_a_new_letter(cast: Cast, staff: Client):
    address = f"/packets/{received(cast, WITHOUT_FIRST).pk}/"
    answer = staff.post(address, typed(staff.get(address), do="register"))
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert answer.url == f"/notices/{draft.pk}/compose/"
    assert draft.attachments.first().enclosed.number_text == "日薬業発第318号"


def test_sending_the_form_again_gives_the_first_result(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    sent = typed(staff.get(address), do="register")
    first = staff.post(address, sent)
    again = staff.post(address, sent | {"subject": "あとから変えた件名"})
    assert again.url == first.url
    assert Notice.objects.count() == 3
    assert not Notice.objects.filter(subject="あとから変えた件名").exists()


def test_recording_alone_stays_on_the_packet_which_offers_the_draft(cast: Cast, staff: Client):
    packet = received(cast, WITHOUT_FIRST)
    address = f"/packets/{packet.pk}/"
    page = staff.post(address, typed(staff.get(address), do="record"), follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert "登録済" in shown(page)
    assert "通知を作る" in shown(page)
    assert not Notice.objects.filter(state=Notice.State.DRAFT).exists()
    staff.post(address, {"do": "register"})
    assert "通知の下書きを開く" in shown(staff.get(address))


def test_a_registered_packet_shows_what_was_registered(cast: Cast, staff: Client):
    packet = received(cast)
    take_in.register(packet, actor(cast))
    page = staff.get(f"/packets/{packet.pk}/?letter=2")
    text = shown(page)
    assert "日薬業発第318号" in text
    assert "令和6年11月25日" in text
    assert "<textarea" not in page.content.decode()
    notice = Notice.objects.get(numbers__text="日薬業発第318号")
    assert f'href="/notices/{notice.pk}/"' in page.content.decode()


def test_doubts_stand_before_registering_and_what_was_typed_is_kept(cast: Cast, staff: Client):
    packet = received(cast, DOUBTFUL)
    address = f"/packets/{packet.pk}/"
    page = staff.post(address, typed(staff.get(address), do="register", contact="担当 髙﨑"), follow=True)
    assert page.redirect_chain == [(f"{address}?letter=1#doubt-0", 302)]
    assert "あと 1 か所あります" in shown(page)
    packet.refresh_from_db()
    assert (packet.letters[0]["contact"], packet.state) == ("担当 髙﨑", Packet.State.DOUBTFUL)


def test_a_number_already_used_is_refused_with_a_link_to_the_first(cast: Cast, staff: Client):
    first = take_in.register(received(cast), actor(cast))
    address = f"/packets/{received(cast, SAME_NUMBER).pk}/"
    page = staff.post(address, typed(staff.get(address), do="register"), follow=True)
    assert "6福薬業発第412号は、すでに登録されています" in shown(page)
    assert f'href="/notices/{first.pk}/"' in page.content.decode()
    assert Notice.objects.filter(numbers__text="6福薬業発第412号").get() == first
    answer = staff.post(address, typed(page, do="register", numbers="6福薬業発第414号"))
    assert answer.url == f"/notices/{Notice.objects.get(numbers__text='6福薬業発第414号').pk}/compose/"


def test_a_known_enclosed_letter_is_announced(cast: Cast, staff: Client):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    page = staff.get(f"/packets/{received(cast).pk}/?letter=2")
    assert "台帳にある通知と同じ文書です" in shown(page)


def test_a_cited_notice_of_the_archive_is_shown(cast: Cast, staff: Client):
    cited = SAME_NUMBER.replace("412", "389").replace("12月13日", "10月2日")
    notice = take_in.register(received(cast, cited), actor(cast))
    page = staff.get(f"/packets/{received(cast).pk}/").content.decode()
    assert f'<a class="with-icon py-1" href="/notices/{notice.pk}/">' in page


# The files ------------------------------------------------------------------------------------------------------------


def test_a_file_comes_back_as_it_arrived_to_be_saved(cast: Cast, staff: Client):
    packet = take_in.receive(OWN.encode(), "髙﨑.txt", actor(cast))
    answer = staff.get(f"/packets/{packet.pk}/file")
    assert b"".join(answer.streaming_content) == OWN.encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert staff.get(f"/packets/{packet.pk}/file/1").status_code == 404
