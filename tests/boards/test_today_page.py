"""今日の仕事 as it is shown: a busy morning, and one with nothing to do."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from members import addresses
from members.history import NOBODY
from notices.distribution.reminders import days, plans
from notices.models import Packet, Receipt, Release
from notices.models.receipt import Reach, Via
from notices.procedures import take_in
from notices.tracking import helping
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.intake_site.office import DOUBTFUL

LETTER = {
    "numbers": ["日薬業発第281号"],
    "date": "2024-11-01",
    "issuers": [{"organisation": "日本薬剤師会", "title": "", "name": ""}],
    "subject": "連携体制の届出様式について",
    "warnings": [],
}


def today(cast: Cast) -> str:
    page = cast.client("staff").get("/today/")
    assert page.status_code == 200
    return text_of(page)


def test_a_morning_with_nothing_to_do_says_so_and_what_comes_next(cast: Cast):
    text = today(cast)
    for said in (
        "受領した文書は、すべて伝えました。",
        "届いた文書を受領すると、伝え終わるまでここに残ります。",
        "期限の前後で、確認の足りない通知はありません。",
        "動いている発出はありません。",
        "下書きはありません。",
        "待っている相談はありません。",
        "確かめることはありません。",
        "送れなかった宛先はありません。",
        "これから来る期限や再通知はありません。",
    ):
        assert said in text
    assert "まず" not in text


def test_a_busy_morning_shows_what_waits_and_what_is_first(cast: Cast):
    day = timezone.localdate()
    Packet.objects.create(
        fingerprint="a",
        receipt_number="6-1147",
        text="写し",
        reading={"letters": [LETTER], "chain": []},
        oldest_on=day - timezone.timedelta(days=19),
    )
    draft = cast.draft("実務実習の受入れについて")
    short = cast.released("免許の継続申請について", deadline=day + timezone.timedelta(days=2))
    paused = cast.released("在庫状況の報告について")
    Release.objects.filter(pk=paused.pk).update(state=Release.State.PAUSED, paused_reason="応答がありません。")
    Receipt.objects.filter(release=short, organisation=cast.pharmacies[3]).update(
        reach=Reach.FAILED, reach_reason="受信箱がいっぱいです"
    )
    receipt = cast.receipt(short, cast.pharmacies[0])
    helping.ask(receipt.pk, None, "選べません", actor=NOBODY, via=Via.PERSONAL)
    address = cast.pharmacies[4].mailboxes.get().address
    addresses.report(cast.pharmacies[4], "email", address, "宛先のメールアドレスが存在しません", suspend=True)
    text = today(cast)
    assert "名簿の確認 1 件 地区の回答待ち" in text
    assert "ひばり薬局 髙尾台店 髙尾台 届かない宛先：宛先のメールアドレスが存在しません" in text
    assert "まず： 止まっている発出 、 期限まであと 2 日の通知" in text
    assert "19 日目" in text and "連携体制の届出様式について 日本薬剤師会 日薬業発第281号 収受 6-1147" in text
    assert "あと 2 日" in text and "対象 6 0.0% 6 未確認の薬局を見る" in text
    assert draft.subject in text
    assert "在庫状況の報告について" in text and "一時停止" in text
    assert "発出中 1 件 1件が止まっています" in text
    assert "髙﨑薬局 髙尾台 受信箱がいっぱいです" in text
    assert "白鷺中央薬局 白鷺 免許の継続申請について" in text
    assert "選べません" not in text


def one_more_of_everything(cast: Cast) -> None:
    Packet.objects.create(
        fingerprint=str(Packet.objects.count()),
        receipt_number=str(Packet.objects.count()),
        text="写し",
        reading={"letters": [LETTER], "chain": []},
        oldest_on=timezone.localdate(),
    )
    cast.draft()
    short, going = cast.released(deadline=timezone.localdate()), cast.released()
    Release.objects.filter(pk=going.pk).update(state=Release.State.SENDING)
    Receipt.objects.filter(release=short, organisation=cast.pharmacies[3]).update(reach=Reach.FAILED)
    helping.ask(cast.receipt(short, cast.pharmacies[0]).pk, None, "選べません", actor=NOBODY, via=Via.PERSONAL)


def test_the_page_takes_the_same_queries_however_much_waits(cast: Cast):
    client = cast.client("staff")
    found = []
    for more in (1, 2):
        for _ in range(more):
            one_more_of_everything(cast)
        with CaptureQueriesContext(connection) as captured:
            client.get("/today/")
        found.append(len(captured))
    assert found[0] == found[1]


def test_who_was_left_out_by_a_stop_is_named_with_the_way_to_send(cast: Cast):
    release = cast.released("免許の継続申請について")
    Release.objects.filter(pk=release.pk).update(state=Release.State.STOPPED)
    Receipt.objects.filter(release=release, organisation=cast.pharmacies[0]).update(reach=Reach.STOPPED)
    text = today(cast)
    assert "途中で中止した発出" in text
    assert "途中で中止したため、 1 薬局 に届いていません" in text
    assert "中止した宛先を見る" in text


def test_a_near_deadline_names_the_next_reminder_or_offers_one(cast: Cast):
    day = timezone.localdate()
    planned = cast.released("予定のある通知", deadline=day + timezone.timedelta(days=5))
    later = cast.released("予定の済んだ通知", deadline=day + timezone.timedelta(days=6))
    plans.change(later.pk, plans.Choice((-20,), 9, 3, None, None), cast.actor("staff"))
    plan = plans.change(planned.pk, plans.Choice((-3, 0), 9, 3, None, None), cast.actor("staff"))
    reminder = days.planned(planned, (-3, 0))[0].day
    text = today(cast)
    assert f"未確認の薬局を見る {reminder.month}/{reminder.day} に再通知予定" in text
    assert "未確認者に再通知 未確認の薬局を見る" in text
    assert f"{plan.hour}:00 {planned.notice.number_text or planned.notice.subject} 再通知（未確認 6）" in text
    assert text.count("に再通知予定") == 1
    plans.stop(later.pk, cast.actor("staff"))
    assert "未確認者に再通知" not in today(cast), "somebody has stopped that"


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_every_next_step_is_in_sight(
    cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], width: int
):
    take_in.receive(DOUBTFUL.encode(), "packet.txt", cast.actor("staff"))
    cast.released("期限の近い通知", deadline=timezone.localdate() + dt.timedelta(days=2))
    Release.objects.filter(pk=cast.released("発出中の通知").pk).update(state=Release.State.SENDING)
    context = new_context()
    cookie = cast.client("staff").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + reverse("notices:today"))
    moves = [page.get_by_role("link", name=name) for name in ("読取を確かめる", "未確認の薬局を見る", "進み具合を見る")]
    for move in moves:
        box = move.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    sideways = "[...document.querySelectorAll('.ledger-box')].some(each => each.scrollWidth > each.clientWidth)"
    assert not page.evaluate(sideways)


def test_a_pharmacy_that_several_notices_did_not_reach_is_one_row_with_all_of_them(cast: Cast):
    first, second = cast.released("はじめの通知"), cast.released("あとの通知")
    failed = Receipt.objects.filter(release__in=(first, second), organisation=cast.pharmacies[3])
    failed.update(reach=Reach.FAILED, reach_reason="受信箱がいっぱいです")
    page = cast.client("staff").get("/today/")
    assert text_of(page).count("受信箱がいっぱいです") == 1
    for receipt in failed:
        address = reverse("notices:receipt", args=[receipt.pk])
        assert f'<a class="keep" href="{address}">{receipt.release.notice.number_text}</a>' in page.content.decode()
