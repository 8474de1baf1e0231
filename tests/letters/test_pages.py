"""The pages on which a notice is composed, addressed, checked and released."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.history import NOBODY
from members.models import Event, Organisation
from notices import wareki
from notices.distribution import audience, recipients
from notices.letters import composing
from notices.models import DocumentNumber, Notice, NoticeIssuer, Packet, Receipt, Release
from notices.models.receipt import Audience

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n"
)


@pytest.fixture
def draft(cast) -> Notice:
    return composing.draft_own("在宅患者の残薬調整について", NOBODY)


@pytest.fixture
def desk(cast) -> Client:
    return cast.client("staff")


def address(name: str, notice: Notice) -> str:
    return reverse(f"notices:{name}", args=[notice.pk])


def form(notice: Notice, **changes: object) -> dict[str, object]:
    """What the browser sends from the page of composing when only `changes` were typed."""
    issuer, plan = notice.issuers.first(), notice.release
    fields = {
        "number": notice.number_text,
        "addressees": "、".join(notice.addressees),
        "honorific": notice.honorific,
        "signatory": f"{issuer.title}　{issuer.name}",
        "subject": notice.subject,
        "body": notice.body,
        "items": notice.items,
        "contact": notice.contact,
        "ask": plan.ask,
        "who": plan.who,
        "what": plan.what,
        "deadline": wareki.long_date(plan.deadline) if plan.deadline else "",
        "covering_chairs": plan.covering_chairs,
        "covering_pharmacies": plan.covering_pharmacies,
        "help_to_district": "on",
        "do": "save",
    }
    return fields | changes


def shown(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("name", ["compose", "steps", "recipients", "check", "discard"])
def test_every_page_of_a_draft_has_one_heading_and_a_way_back(desk, draft, name):
    page = shown(desk.get(address(name, draft)))
    assert page.count("<h1") == 1
    assert 'aria-label="現在の場所"' in page


@pytest.mark.parametrize("name", ["compose", "steps", "recipients", "check", "discard", "preview", "letter_pdf"])
@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_a_draft_does_not_exist_for_others(cast, draft, name, who):
    client = cast.client(who)
    assert client.get(address(name, draft)).status_code == 404
    assert client.post(address(name, draft)).status_code in (404, 405)


def test_looking_changes_nothing(desk, cast, draft):
    events, changed = Event.objects.count(), draft.changed_at
    for name in ("compose", "steps", "recipients", "check", "discard", "letter_pdf"):
        assert desk.get(address(name, draft)).status_code == 200
    draft.refresh_from_db()
    assert (Event.objects.count(), draft.changed_at) == (events, changed)


# Composing ------------------------------------------------------------------------------------------------------------


def test_a_letter_without_a_packet_begins_with_its_subject(desk, cast):
    refused = desk.post(reverse("notices:notice_new"), {"subject": " "})
    assert "件名" in shown(refused) and not Notice.objects.exists()
    answer = desk.post(reverse("notices:notice_new"), {"subject": "研修会の開催について"})
    assert answer.url == address("compose", Notice.objects.get(subject="研修会の開催について", state="draft"))


def test_a_received_letter_is_passed_on_once(desk, cast):
    issuer = Organisation.objects.create(kind="issuer", name="日本薬剤師会")
    received = Notice.objects.create(state=Notice.State.RECEIVED, subject="残薬調整について")
    NoticeIssuer.objects.create(notice=received, organisation=issuer)
    page = desk.get(reverse("notices:notice_new"), {"from": received.pk})
    assert "日本薬剤師会" in shown(page)
    first = desk.post(reverse("notices:notice_new"), {"from": received.pk})
    second = desk.post(reverse("notices:notice_new"), {"from": received.pk})
    assert first.url == second.url
    assert Notice.objects.filter(state="draft").count() == 1


def test_what_is_typed_is_saved_and_leads_on(desk, draft):
    typed = form(draft, body="髙﨑 𠮷\r\n二行目", deadline="", ask="inform", do="next")
    assert desk.post(address("compose", draft), typed).url == address("recipients", draft)
    draft.refresh_from_db()
    assert draft.body == "髙﨑 𠮷\n二行目"
    assert draft.release.ask == Release.Ask.INFORM


def test_saving_what_is_there_already_is_no_change(desk, draft):
    before = Event.objects.count()
    as_sent = {name: str(value).replace("\n", "\r\n") for name, value in form(draft).items()}
    desk.post(address("compose", draft), as_sent)
    assert Event.objects.count() == before


def test_a_usual_covering_text_follows_the_ask_and_an_own_one_stays(desk, draft):
    desk.post(address("compose", draft), form(draft, ask="set_up"))
    plan = Release.objects.get(notice=draft)
    assert "困っています" in plan.covering_pharmacies and "設定" in plan.what
    desk.post(address("compose", draft), form(draft, ask="set_up", covering_pharmacies="ご確認ください。"))
    desk.post(address("compose", draft), form(draft, ask="confirm", covering_pharmacies="ご確認ください。"))
    assert Release.objects.get(notice=draft).covering_pharmacies == "ご確認ください。"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"deadline": "令和98年11月31日"}, "11月は30日までです"),
        ({"deadline": "令和98年2月30日"}, "2月は"),
        ({"deadline": "あした"}, "日付として読めません"),
        ({"deadline": "令和6年10月30日"}, "今日より前の日です"),
        ({"deadline": "令和98年11月30日", "ask": "inform"}, "「お知らせ」に期限はありません"),
        ({"number": "三百三十七"}, "文書番号として読めません"),
        ({"number": "1福薬業発第5号"}, "の番号ではないため"),
        ({"subject": ""}, "入力してください"),
        ({"body": ""}, "入力してください"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(desk, draft, typed, reason):
    answer = desk.post(address("compose", draft), form(draft, who="在宅対応の薬局", **typed))
    page = shown(answer)
    assert reason in page
    assert "まだ保存していません" in page
    assert "在宅対応の薬局" in page
    for value in filter(None, typed.values()):
        assert value in page
    draft.refresh_from_db()
    assert draft.release.who != "在宅対応の薬局"


def test_a_number_already_used_shows_the_first(cast, desk, draft):
    first = Notice.objects.create(state=Notice.State.RECEIVED, subject="前の文書")
    year = wareki.fiscal_year(timezone.localdate())
    text = f"{wareki.fiscal_year_in_era(year)}福薬業発第303号"
    DocumentNumber.objects.create(
        notice=first, issuer=cast.association, text=text, series="福薬業発", fiscal_year=year, serial=303
    )
    page = shown(desk.post(address("compose", draft), form(draft, number=text, who="在宅対応の薬局")))
    assert f'すでに使われています：<a href="{address("notice", first)}">前の文書</a>' in page
    assert "在宅対応の薬局" in page
    assert draft.numbers.count() == 0


def test_the_preview_shows_what_is_typed_and_keeps_nothing(desk, draft):
    changed = draft.changed_at
    answer = desk.post(
        address("preview", draft), form(draft, subject="<b>別の件名</b>", body="", signatory="会長　栁 武志")
    )
    fragment = shown(answer)
    assert "&lt;b&gt;別の件名&lt;/b&gt;" in fragment and "会長　栁 武志" in fragment
    assert "<html" not in fragment
    draft.refresh_from_db()
    assert (draft.subject, draft.changed_at) == ("在宅患者の残薬調整について", changed)


def test_the_letter_of_a_packet_cannot_be_rewritten_by_a_forged_form(desk, cast, draft):
    Notice.objects.filter(pk=draft.pk).update(number_fixed=True)
    page = shown(desk.get(address("compose", draft)))
    assert 'name="body"' not in page
    desk.post(address("compose", draft), form(draft, body="別の文", who="在宅対応の薬局"))
    added = {"added-label": "参考", "added-title": "案内", "added-url": "https://portal.example/"}
    desk.post(address("compose", draft), form(draft, do="add", who="在宅対応の薬局", **added))
    draft.refresh_from_db()
    assert "別の文" not in draft.body
    assert draft.release.who == "在宅対応の薬局"
    assert not draft.attachments.exists()


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


def test_what_was_typed_when_the_session_ended_is_given_back(cast, draft):
    client = Client()
    answer = client.post(address("compose", draft), form(draft, who="在宅対応の薬局", body="打ちかけの文面"))
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(cast.capacities["staff"].account)
    page = shown(client.get(address("compose", draft)))
    assert "まだ保存していません" in page
    assert "打ちかけの文面" in page and "在宅対応の薬局" in page
    assert "打ちかけの文面" not in shown(client.get(address("compose", draft)))


def test_a_draft_is_discarded_after_asking(desk, draft):
    assert "破棄しますか" in shown(desk.get(address("discard", draft)))
    desk.post(address("discard", draft))
    assert not Notice.objects.filter(pk=draft.pk).exists()


# Steps ----------------------------------------------------------------------------------------------------------------

PC_STEPS = """ログインし、「環境設定情報」の変更を開く
訪問診療等機能で「利用する」を選び、更新する｜「更新しました」と出たら「OK」
一度ログアウトし、もう一度ログインする
「アカウント管理（登録）」を押す
権限区分「医療情報閲覧」で登録する｜ユーザーIDと名前は薬局で決めます
初期パスワードを紙に控え、ホームに戻る｜この画面には書かないでください
「アクティベーションコード管理」で発行し、紙に控える｜端末の設定で使います
作ったユーザーでログインし、パスワードを変える"""
DEVICE_STEPS = """ポータルサイトで手順書を開く｜訪問診療等 → 手順書・マニュアル → ③操作マニュアル
「マイナ資格確認アプリ」を入れる
アクティベーションコードを登録する｜紙の控えを見て、アプリに入れます
マイナンバーカードで資格確認を試す"""


def rows(draft: Notice, **changes: object) -> dict[str, object]:
    steps = list(draft.steps.all())
    sent: dict[str, object] = {"step-TOTAL_FORMS": len(steps), "step-INITIAL_FORMS": len(steps)}
    for index, step in enumerate(steps):
        for name in ("id", "group", "title", "hint", "device"):
            sent[f"step-{index}-{name}"] = getattr(step, name)
        sent[f"step-{index}-order"] = step.position
        if step.holds_secret:
            sent[f"step-{index}-holds_secret"] = "on"
    return sent | changes


def test_the_twelve_steps_are_entered_as_lines(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc=PC_STEPS, device=DEVICE_STEPS))
    steps = list(draft.steps.all())
    assert [step.group for step in steps] == ["pc"] * 8 + ["device"] * 4
    assert [step.position for step in steps] == list(range(1, 13))
    assert (steps[1].title, steps[1].hint) == (
        "訪問診療等機能で「利用する」を選び、更新する",
        "「更新しました」と出たら「OK」",
    )
    assert [step.position for step in steps if step.holds_secret] == [6, 7, 8, 11]


def test_a_step_is_changed_moved_and_removed_in_its_row(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc="一\n二\n三"))
    one, two, three = draft.steps.all()
    changes = {"step-0-order": "３", "step-2-order": "1", "step-2-title": "三を直す", "step-1-remove": "on"}
    desk.post(address("steps", draft), rows(draft, **changes))
    assert [(step.pk, step.title) for step in draft.steps.all()] == [(three.pk, "三を直す"), (one.pk, "一")]
    assert two not in draft.steps.all()


def test_a_mistake_among_the_steps_loses_nothing(desk, draft):
    desk.post(address("steps", draft), rows(draft, pc="一"))
    page = shown(desk.post(address("steps", draft), rows(draft, pc="二つ目の手順", **{"step-0-title": ""})))
    assert "まだ保存していません" in page and "二つ目の手順" in page
    assert [step.title for step in draft.steps.all()] == ["一"]
    page = shown(desk.post(address("steps", draft), rows(draft, device="あ" * 301)))
    assert "300 字までです" in page and "あ" * 301 in page


# Recipients -----------------------------------------------------------------------------------------------------------


def choices(cast) -> list[dict[str, object]]:
    tag = cast.pharmacies[0].tags.get()
    return [
        {"scope": "all", "districts": [], "tags": []},
        {"scope": "districts", "districts": [cast.takaodai], "tags": []},
        {"scope": "tags", "districts": [], "tags": [tag]},
    ]


def test_what_the_page_counts_is_what_the_release_will_reach(cast, draft):
    cast.pharmacies[0].mailboxes.all().delete()
    Organisation.objects.filter(pk=cast.pharmacies[4].pk).update(left_on=dt.date(2020, 1, 1))
    for choice in choices(cast):
        composing.address(draft.pk, NOBODY, **choice)
        planned = recipients.plan(Release.objects.get(notice=draft))
        seen = audience.overview(**choice)
        for ways, whom in ((seen.pharmacies, Audience.PHARMACY), (seen.districts, Audience.DISTRICT)):
            counted = audience.counted([each for each in planned if each.audience == whom])
            assert counted == ways
            assert counted.total == sum(each.audience == whom for each in planned)


def test_recipients_are_chosen_by_district_and_by_tag(cast, desk, draft):
    by_district = {"scope": "districts", "districts": [cast.takaodai.pk], "do": "next"}
    assert desk.post(address("recipients", draft), by_district).url == address("check", draft)
    page = shown(desk.get(address("check", draft)))
    assert "<b>3</b> 薬局" in page and "地区を選ぶ：髙尾台" in page
    tag = cast.pharmacies[0].tags.get()
    desk.post(address("recipients", draft), {"scope": "tags", "tags": [tag.pk]})
    plan = Release.objects.get(notice=draft)
    assert (plan.scope, list(plan.tags.all()), list(plan.districts.all())) == ("tags", [tag], [])


def test_unticking_a_district_means_the_others(cast, desk, draft):
    desk.post(address("recipients", draft), {"scope": "all", "districts": [cast.shirasagi.pk]})
    plan = Release.objects.get(notice=draft)
    assert (plan.scope, list(plan.districts.all())) == ("districts", [cast.shirasagi])


@pytest.mark.parametrize(("scope", "reason"), [("districts", "地区を 1 つ以上"), ("tags", "区分を 1 つ以上")])
def test_choosing_nobody_is_refused(cast, desk, draft, scope, reason):
    assert reason in shown(desk.post(address("recipients", draft), {"scope": scope, "do": "next"}))
    assert Release.objects.get(notice=draft).scope == "all"


def test_counting_what_is_ticked_keeps_nothing(cast, desk, draft):
    ticked = {"scope": "districts", "districts": [cast.shirasagi.pk]}
    answer = desk.post(address("recipients", draft), ticked, headers={"HX-Request": "true"})
    assert '<b class="fs-2 lh-1">3</b> / 3 薬局' in shown(answer)
    assert Release.objects.get(notice=draft).scope == "all"


def test_pharmacies_without_an_address_are_named(cast, desk, draft):
    cast.pharmacies[3].mailboxes.all().delete()
    page = shown(desk.get(address("recipients", draft)))
    assert "1 薬局は届け先がありません" in page and "髙﨑薬局" in page


def test_the_pages_ask_the_database_no_more_for_more_districts(cast, desk, draft):
    first = _queries(desk, address("recipients", draft))
    for index in range(3):
        district = Organisation.objects.create(kind="district", name=f"新{index}地区", parent=cast.association)
        Organisation.objects.create(kind="pharmacy", name=f"新{index}薬局", parent=district)
    assert _queries(desk, address("recipients", draft)) == first


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


# Check and release ----------------------------------------------------------------------------------------------------


def test_releasing_asks_whether_it_was_checked(desk, draft):
    page = shown(desk.post(address("check", draft), {}))
    assert "確かめたら、印を付けてください" in page
    assert not Receipt.objects.exists()


def test_the_button_releases_and_shows_the_notice(desk, draft):
    answer = desk.post(address("check", draft), {"sure": "on"})
    assert answer.url == address("notice", draft)
    assert Receipt.objects.count() == 8
    again = desk.post(address("check", draft), {"sure": "on"}, follow=True)
    assert "すでに発出されています" in shown(again)
    assert Receipt.objects.count() == 8


@pytest.mark.parametrize("name", ["compose", "steps", "recipients", "check", "discard"])
def test_a_released_notice_has_no_page_of_composing(cast, desk, name):
    notice = cast.released().notice
    assert desk.get(address(name, notice)).url == address("notice", notice)
    answer = desk.post(address(name, notice), form(notice, body="別の文"))
    assert answer.url == address("notice", notice)
    notice.refresh_from_db()
    assert "別の文" not in notice.body


def test_what_stands_in_the_way_is_said_before_the_button(desk, cast, draft):
    Release.objects.filter(notice=draft).update(deadline=dt.date(2024, 10, 30))
    page = shown(desk.get(address("check", draft)))
    assert "確認期限（令和6年10月30日）が発出日より前です" in page
    assert 'name="sure"' not in page
    refused = shown(desk.post(address("check", draft), {"sure": "on"}))
    assert "発出していません" in refused
    draft.refresh_from_db()
    assert draft.state == Notice.State.DRAFT


def test_doubts_are_shown_and_do_not_stand_in_the_way(desk, draft):
    draft.steps.create(position=1, title="ログインする")
    draft.attachments.create(position=1, label="別添1", title="操作方法")
    page = shown(desk.get(address("check", draft)))
    for words in (
        "確認期限がありません",
        "お願いの種類が「確認＋設定」ではありません",
        "別添1「操作方法」の中身がありません",
    ):
        assert words in page
    assert 'name="sure"' in page


def test_the_released_letter_is_served_as_it_was_fixed(cast, desk, draft):
    desk.post(address("check", draft), {"sure": "on"})
    fixed = Release.objects.get(notice=draft).letter.read()
    for client in (desk, cast.client("chair"), cast.client("pharmacy")):
        answer = client.get(address("letter_pdf", draft))
        assert b"".join(answer.streaming_content) == fixed
        assert answer["Content-Type"] == "application/pdf"
    stranger = Organisation.objects.create(kind="pharmacy", name="新しい薬局", parent=cast.takaodai)
    capacity = cast.capacities["other_pharmacy"]
    capacity.organisation = stranger
    capacity.save()
    assert cast.client("other_pharmacy").get(address("letter_pdf", draft)).status_code == 404


def test_giving_up_a_packets_letter_leads_back_to_its_packet(cast, desk, draft):
    packet = Packet.objects.create(fingerprint="a", receipt_number="1", text="…", reading={"letters": []})
    Notice.objects.filter(pk=draft.pk).update(packet=packet, packet_order=0, number_fixed=True)
    assert desk.post(address("discard", draft)).url == address("packet", packet)
    draft.refresh_from_db()
    assert draft.state == Notice.State.RECEIVED
