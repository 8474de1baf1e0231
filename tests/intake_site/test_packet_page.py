"""One packet beside its original: correcting it, settling its doubts, its files."""

import datetime as dt
import re

import pytest
from django.test import Client

from members.models import Officer
from members.models.officer import Office
from notices.intake import kept
from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import parts_of, shown, typed
from tests.intake_site.office import DOUBTFUL, OWN, SAME_NUMBER, actor, received


def test_the_page_shows_the_way_the_letters_and_the_original_with_its_marks(cast: Cast, staff: Client):
    page = staff.get(f"/packets/{received(cast, DOUBTFUL).pk}/")
    text = shown(page)
    assert re.search(r"11/22.*厚生労働省.*事務連絡.*3日.*11/25.*日本薬剤師会.*日薬業発第318号", text)
    assert "① 福岡県薬剤師会1件 要確認" in text
    html = page.content.decode()
    assert '<span class="found" id="at-numbers">6 福薬業発第 4 1 2 号</span>' in html
    assert '<span class="doubtful" id="at-date">令和 6 年 2 月 30 日</span>' in html
    assert '<span class="found" id="at-references-0">6 福薬業発第 3 8 9 号</span>' in html
    for name in ("numbers", "date", "issuers", "subject", "attachments-0", "references-0"):
        assert html.count(f'href="#at-{name}"') == html.count(f'id="at-{name}"') == 1
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


def test_a_cited_number_that_the_ledger_does_not_know_is_said_to_stay_a_number(cast: Cast, staff: Client):
    packet = received(cast)
    told = "台帳に当てはまる通知がありません。番号のまま残します"
    assert told in shown(staff.get(f"/packets/{packet.pk}/"))
    take_in.register(take_in.accept(received(cast, SAME_NUMBER.replace("412号", "389号")), actor(cast)), actor(cast))
    text = shown(staff.get(f"/packets/{packet.pk}/"))
    assert told not in text and "に結び付けます" in text


def test_a_number_without_a_year_is_said_to_lead_nowhere(cast: Cast, staff: Client):
    packet = received(cast, OWN.replace("6 福薬業発第 3 8 9 号", "日薬業発第 3 8 9 号"))
    assert "年度が分からず、台帳で探せません。" in shown(staff.get(f"/packets/{packet.pk}/"))


def test_a_number_without_a_year_is_settled_by_the_notice_that_is_meant(cast: Cast, staff: Client):
    meant = take_in.register(take_in.accept(received(cast, SAME_NUMBER), actor(cast)), actor(cast))
    address = f"/packets/{received(cast, OWN.replace('6 福薬業発第 3 8 9 号', '福薬業発第 4 1 2 号')).pk}/"
    page = staff.get(address)
    assert "次の通知のことですか" in shown(page)
    button = re.search(rf'value="(cite-0-{meant.pk})"', page.content.decode())[1]
    staff.post(address, typed(page, do=button))
    assert Packet.objects.latest("pk").letters[0]["references"][0]["date"] == "2024-12-13"
    text = shown(staff.get(address))
    assert "に結び付けます" in text and "次の通知のことですか" not in text
    for forged in ("cite-9-1", "cite-0-999999", "cite-x", "cite-0"):
        assert staff.post(address, typed(staff.get(address), do=forged)).status_code == 302


def test_a_number_of_the_same_packet_leads_to_that_letter(cast: Cast, staff: Client):
    packet = received(cast, OWN.replace("6 福薬業発第 3 8 9 号", "日薬業発第 3 1 8 号"))
    text = shown(staff.get(f"/packets/{packet.pk}/"))
    assert "→ 文書②のことです" in text and "番号のまま残します" not in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("濵﨑 航", "役員名簿と一致"),
        ("浜崎 航", "役員名簿では「濵﨑 航」（原文のまま残します）"),
        ("別人 太郎", "役員名簿にない名前です"),
        ("前任 一郎", "役員名簿では、この日の役員ではありません"),
    ],
)
def test_who_signed_is_compared_with_the_roster_of_officers(cast: Cast, staff: Client, name: str, told: str):
    term = {"office": Office.CHAIR, "until": dt.date(2020, 6, 30)}
    Officer.objects.create(organisation=cast.association, name="前任 一郎", **term)
    packet = received(cast, OWN.replace("髙﨑 濵一郎", name))
    assert f"{name}{told}" in shown(staff.get(f"/packets/{packet.pk}/"))
    assert "役員名簿" not in shown(staff.get(f"/packets/{packet.pk}/?letter=2"))


def test_the_steps_read_in_an_enclosure_are_one_press_away(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    link = re.search(r'href="(\?letter=rest)"[^>]*>設定手順 (\d+) 項目の案を見る', staff.get(address).content.decode())
    assert f"設定手順の案（{link[2]} 項目" in shown(staff.get(address + link[1]))


def test_what_a_letter_asks_for_stands_beside_its_kind(cast: Cast, staff: Client):
    packet = received(cast)
    assert packet.letters[0]["asks"] == ["周知"]
    assert "文中の依頼：周知" in shown(staff.get(f"/packets/{packet.pk}/?letter=0"))


def test_a_letter_without_a_deadline_says_that_none_was_found(cast: Cast, staff: Client):
    told = "期限の言葉は見つかりませんでした。"
    packet = received(cast)
    assert told in shown(staff.get(f"/packets/{packet.pk}/?letter=3"))
    address = f"/packets/{packet.pk}/?letter=3"
    staff.post(address, typed(staff.get(address), do="save", deadline="令和7年1月31日"))
    assert told not in shown(staff.get(address))


def test_a_deadline_that_cannot_be_read_is_not_said_to_be_missing(cast: Cast, staff: Client):
    packet = received(cast, SAME_NUMBER.replace("お知らせいたします。", "今月末日までにご回答ください。"))
    assert not packet.letters[0]["deadline"]
    text = shown(staff.get(f"/packets/{packet.pk}/"))
    assert "期限の言葉は見つかりませんでした" not in text
    assert "「今月末日までに」とあります。" in text


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


@pytest.mark.parametrize(("do", "deadline"), [("take-{}", "2024-12-11"), ("settle-{}", None)])
def test_a_deadline_without_a_year_is_decided_and_never_dropped_unsaid(
    cast: Cast, staff: Client, do: str, deadline: str | None
):
    """Either the coming day is taken, or staff say that there is none: 「このままで正しい」 would say neither."""
    line = "設定を行った薬局は、12月11日（水）までに本会へご回答くださいますようお願いいたします。\n"
    packet = received(cast, OWN.replace("記\n", line + "記\n", 1))
    [doubt] = [(place, each) for place, each in kept.doubts(packet.letters[0]) if each["field"] == "deadline"]
    address = f"/packets/{packet.pk}/"
    page = staff.get(address)
    assert "令和6年12月11日にする" in shown(page)
    assert "期限は入れない" in shown(page)
    assert "このままで正しい" not in shown(page)
    staff.post(address, typed(page, do=do.format(doubt[0])))
    packet.refresh_from_db()
    assert packet.letters[0]["deadline"] == deadline
    assert kept.count_doubts(packet.kept) == 0


def test_a_file_comes_back_as_it_arrived_to_be_saved(cast: Cast, staff: Client):
    packet = take_in.receive(OWN.encode(), "髙﨑.txt", actor(cast))
    answer = staff.get(f"/packets/{packet.pk}/file")
    assert b"".join(answer.streaming_content) == OWN.encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert staff.get(f"/packets/{packet.pk}/file/1").status_code == 404
