"""The page on which a letter is composed, and what all pages of a draft have in common."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.models import Event, Organisation
from notices.letters import stating
from notices.models import DocumentNumber, Notice, NoticeIssuer, Release
from tests.cast import sign_in
from tests.letters.browser import address, form, shown

NEXT_MONTH = wareki.long_date(timezone.localdate() + dt.timedelta(days=30))


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


def test_of_two_people_at_one_draft_the_second_is_told_what_the_first_changed(desk, cast, draft):
    first, second = form(draft, body="一人目が直した本文。"), form(draft, contact="電話 1", who="在宅対応の薬局")
    desk.post(address("compose", draft), first)
    other = cast.client("administrator")
    refused = other.post(address("compose", draft), second | {"do": "next"})
    page = shown(refused)
    assert "が下書きを直しました。" in page and "違う欄：本文、問い合わせ先（任意）、誰が。" in page
    draft.refresh_from_db()
    assert (draft.body, draft.contact == "電話 1") == ("一人目が直した本文。", False)
    # What was typed is there still, and the next press has seen the other's.
    again = {field.html_name: field.value() or "" for each in refused.context["desk"].forms for field in each}
    assert again["contact"] == "電話 1"
    assert other.post(address("compose", draft), again | {"do": "next"}).url == address("recipients", draft)
    draft.refresh_from_db()
    assert draft.contact == "電話 1"


def test_a_usual_covering_text_follows_the_ask_and_an_own_one_stays(desk, draft):
    desk.post(address("compose", draft), form(draft, ask="set_up"))
    plan = Release.objects.get(notice=draft)
    assert "困っています" in plan.covering_pharmacies and "設定" in plan.what
    desk.post(address("compose", draft), form(draft, ask="set_up", covering_pharmacies="ご確認ください。"))
    desk.post(address("compose", draft), form(draft, ask="confirm", covering_pharmacies="ご確認ください。"))
    assert Release.objects.get(notice=draft).covering_pharmacies == "ご確認ください。"


def test_the_letter_goes_with_the_mail_where_that_is_chosen(desk, draft):
    assert "公文書（PDF）をメールに付ける" in shown(desk.get(address("compose", draft)))
    for typed, attached in (({"attach_letter": "on"}, True), ({}, False)):
        desk.post(address("compose", draft), form(draft, **typed))
        assert Release.objects.get(notice=draft).attach_letter is attached


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"deadline": "令和98年11月31日"}, "11月は30日までです"),
        ({"deadline": "令和98年2月30日"}, "2月は"),
        ({"deadline": "あした"}, "日付として読めません"),
        ({"deadline": "令和6年10月30日"}, "今日より前の日です"),
        ({"deadline": "令和98年11月30日"}, "2年より先の日です"),
        ({"deadline": NEXT_MONTH, "ask": "inform"}, "「お知らせ」に期限はありません"),
        ({"number": "三百三十七"}, "文書番号として読めません"),
        ({"number": "1福薬業発第5号"}, "の番号ではないため"),
        ({"subject": ""}, "入力してください"),
        ({"body": ""}, "入力してください"),
    ],
)
def test_a_mistake_is_explained_and_the_rest_is_kept(desk, draft, typed, reason):
    answer = desk.post(address("compose", draft), form(draft, who="在宅対応の薬局", **typed))
    page = shown(answer)
    assert reason in page
    assert "。ほかは保存しました。" in page
    for value in filter(None, typed.values()):
        assert value in page
    saved = Notice.objects.get(pk=draft.pk)
    assert saved.release.who == "在宅対応の薬局"
    assert (saved.subject, saved.body, saved.release.deadline) == (draft.subject, draft.body, draft.release.deadline)
    assert not saved.numbers.exists()
    mended = form(draft, who="在宅対応の薬局", seen=answer.context["desk"].ask["seen"].value())
    assert desk.post(address("compose", draft), mended).status_code == 302, "what was seen is what was kept"


def test_beside_a_wrong_day_what_is_asked_is_kept_unless_it_could_not_stand(desk, draft):
    def kept(**typed: str) -> tuple[str, str, str]:
        page = shown(desk.post(address("compose", draft), form(Notice.objects.get(pk=draft.pk), **typed)))
        release = Release.objects.get(notice=draft)
        return re.search("まだ保存していません：(.*?)。", page)[1], release.ask, release.what

    set_up = {"ask": "set_up", "what": "設定する", "deadline": "あした"}
    assert kept(**set_up) == ("確認期限", "set_up", "設定する")
    inform = {"ask": "inform", "what": "読む", "deadline": NEXT_MONTH}
    assert kept(**inform) == ("お願いの種類、確認期限、何を", "set_up", "設定する")
    gathered = {"ask": "confirm", "gathers": "weekly", "number": "三百"}
    assert kept(**gathered) == ("文書番号、お願いの種類、メールの送り方", "set_up", "設定する")


@pytest.mark.parametrize("number", ["三百", "1福薬業発第5号"])
def test_what_the_letter_says_of_the_plan_stands_once_the_mistake_is_mended(desk, draft, number):
    Notice.objects.filter(pk=draft.pk).update(body=f"{draft.body}\n{stating.due(dt.date(2030, 1, 9))}")
    Release.objects.filter(notice=draft).update(deadline=dt.date(2030, 1, 9))
    draft = Notice.objects.get(pk=draft.pk)
    page = desk.post(address("compose", draft), form(draft, deadline=NEXT_MONTH, number=number))
    shows = page.context["desk"]
    typed = form(draft, deadline=NEXT_MONTH, body=shows.letter["body"].value(), seen=shows.ask["seen"].value())
    assert desk.post(address("compose", draft), typed).status_code == 302
    saved = Notice.objects.get(pk=draft.pk)
    assert (
        stating.due(saved.release.deadline) in saved.body and "2030" not in saved.body and "令和12年" not in saved.body
    )


def test_a_number_that_is_taken_keeps_neither_the_rest_nor_another_mistake_from_being_told(cast, desk, draft):
    page = shown(
        desk.post(address("compose", draft), form(draft, number="1福薬業発第5号", deadline="あした", who="皆"))
    )
    assert "次の欄は、まだ保存していません：文書番号、確認期限。ほかは保存しました。" in page
    assert Release.objects.get(notice=draft).who == "皆"


def test_a_forged_sign_of_what_was_seen_is_no_way_past_it(desk, draft):
    page = shown(desk.post(address("compose", draft), form(draft, who="皆", seen="a\0b")))
    assert "まだ保存していません" in page
    assert Release.objects.get(notice=draft).who != "皆"


def test_a_deadline_without_a_year_is_read_back_and_no_mistake(desk, draft):
    day = timezone.localdate() + dt.timedelta(days=30)
    typed = form(draft, who="在宅対応の薬局", deadline=f"{day.month}/{day.day}")
    page = desk.post(address("compose", draft), typed)
    html = shown(page)
    weekday = wareki.WEEKDAYS[day.weekday()]
    assert f"{wareki.long_date(day)}（{weekday}）と読みました。よければ、もう一度押してください" in html
    assert "次の欄は、まだ保存していません：確認期限。ほかは保存しました。" in html and "在宅対応の薬局" in html
    for alarming in ("message-bad", 'role="alert"', "error-text", 'aria-invalid="true"', "赤い印"):
        assert alarming not in html, alarming
    shows = page.context["desk"].ask
    desk.post(address("compose", draft), typed | {name: shows[name].value() for name in ("deadline", "seen")})
    assert Release.objects.get(notice=draft).deadline == day


def test_beside_a_mistake_a_day_is_still_only_read_back(desk, draft):
    html = shown(desk.post(address("compose", draft), form(draft, deadline="1/15", subject="")))
    assert 'class="read-back' in html and html.count('aria-invalid="true"') == 1
    assert "直していただきたいところがあります" in html


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


def test_what_was_typed_when_the_session_ended_is_given_back(cast, draft):
    client = Client()
    answer = client.post(address("compose", draft), form(draft, who="在宅対応の薬局", body="打ちかけの文面"))
    assert answer.url.startswith(reverse("account_login"))
    sign_in(client, cast.capacities["staff"].account)
    page = shown(client.get(address("compose", draft)))
    assert "まだ保存していません" in page
    assert "打ちかけの文面" in page and "在宅対応の薬局" in page
    assert "打ちかけの文面" not in shown(client.get(address("compose", draft)))


def test_a_draft_is_discarded_after_asking(desk, draft):
    assert "破棄しますか" in shown(desk.get(address("discard", draft)))
    desk.post(address("discard", draft))
    assert not Notice.objects.filter(pk=draft.pk).exists()
