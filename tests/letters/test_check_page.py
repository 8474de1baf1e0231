"""The page on which everything is checked once more, and released."""

import datetime as dt

import pytest

from members.models import Organisation
from notices.models import Notice, Packet, Receipt, Release, Step
from tests.letters.browser import address, form, shown


def test_releasing_asks_whether_it_was_checked(desk, approved):
    page = shown(desk.post(address("check", approved), {}))
    assert "確かめたら、印を付けてください" in page
    assert 'class="message message-bad error-summary" role="alert"' in page
    assert "まだ発出していません。" in page
    assert f'action="{address("check", approved)}#release"' in page
    assert page.count('id="release"') == 1
    assert not Receipt.objects.exists()


def test_the_button_releases_and_shows_the_notice(desk, approved):
    answer = desk.post(address("check", approved), {"sure": "on"})
    assert answer.url == address("notice", approved)
    assert Receipt.objects.count() == 8
    again = desk.post(address("check", approved), {"sure": "on"}, follow=True)
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
    assert "上の赤い知らせを直すと、決裁に出せます" in page
    assert address("approval_ask", draft) not in page
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
    assert address("approval_ask", draft) in page


def test_what_is_only_to_be_read_is_no_numbered_step(desk, draft):
    groups = [("pc", "画面を開く"), ("reference", "国の手引き"), ("device", "アプリを入れる")]
    for position, (group, title) in enumerate(groups, start=1):
        Step.objects.create(notice=draft, position=position, group=group, title=title)
    counted = (
        shown(desk.get(address("check", draft))).partition('id="h-steps"')[2].partition("</ol>")[0].split("<li")[1:]
    )
    assert [each.startswith(' class="uncounted"') for each in counted] == [False, True, False]


def test_the_released_letter_is_served_as_it_was_fixed(cast, desk, draft, approved):
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
