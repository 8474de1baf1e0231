"""The chair's desk: receiving, passing on, and the pharmacies to telephone, of the own district only."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from members.history import NOBODY
from members.models import Event, Mailbox, Officer, Organisation
from members.models.officer import Office
from members.models.organisation import Channel, Kind
from notices.models import Attachment, Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import Reach, Via
from notices.tracking import confirming, helping, setup
from notices.views.district import FEW, MOST
from tests.boards.reading import rows, sheet, text_of, workbook
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}


@pytest.fixture
def release(cast: Cast) -> Release:
    """In 白鷺 one pharmacy is on its way and stuck, one was not reached, one is unconfirmed; in 髙尾台 all finished."""
    release = cast.released(ask=Release.Ask.SET_UP, deadline=timezone.localdate(), covering_chairs="受領の確認を。")
    first, second, *_ = (cast.receipt(release, each) for each in cast.pharmacies)
    confirming.confirm(first.pk, **SAID)
    confirming.name(first.pk, "德丸 翔太", **SAID)
    helping.ask(first.pk, None, "権限の区分が選べません", **SAID)
    Receipt.objects.filter(pk=second.pk).update(reach=Reach.FAILED, reach_reason="受信箱がいっぱいです")
    for pharmacy in cast.pharmacies[3:]:
        setup.finish(cast.receipt(release, pharmacy).pk, **SAID)
    return release


def own(cast: Cast, release: Release) -> Receipt:
    return cast.receipt(release, cast.shirasagi)


def address(cast: Cast, release: Release, name: str = "district_receipt", *more: int) -> str:
    return reverse(f"notices:{name}", args=[own(cast, release).pk, *more])


def page(cast: Cast, release: Release, query: str = ""):
    return cast.client("chair").get(address(cast, release) + query)


def calls(cast: Cast, release: Release, query: str = "") -> list[str]:
    html = page(cast, release, query).content.decode()
    return [strip_tags(part.split("</strong>")[0]) for part in html.split('<div class="who"><strong>')[1:]]


def test_what_was_not_received_comes_first_with_its_button(cast: Cast, release: Release):
    later = cast.released("あとの通知")
    confirming.confirm(own(cast, later).pk, **SAID)
    html = cast.client("chair").get("/district/")
    text = text_of(html)
    assert "まだ受領を確認していない通知が 1 件あります。" in text
    assert [row[1].split(" ")[0] for row in rows(html)] == [release.notice.subject, "あとの通知"]
    assert '<span class="count">1<span class="visually-hidden">件' in html.content.decode()


def test_the_chair_receives_passes_on_and_may_take_that_back(cast: Cast, release: Release):
    chair = cast.client("chair")
    answer = chair.post(address(cast, release, "district_accept"), follow=True)
    assert "受領を確認しました。 県薬剤師会に伝わりました。" in text_of(answer)
    assert (own(cast, release).confirmed_via, own(cast, release).finished_at) == (Via.SIGNED_IN, None)
    answer = chair.post(address(cast, release, "district_pass_on"), follow=True)
    assert "会員への周知を記録しました。" in text_of(answer)
    assert own(cast, release).finished_by == cast.capacities["chair"].account
    chair.post(address(cast, release, "district_take_back"))
    assert own(cast, release).finished_at is None
    assert own(cast, release).confirmed_at is not None
    verbs = ["receipt.confirmed", "receipt.finished", "receipt.reopened"]
    events = Event.objects.filter(organisation=cast.shirasagi, subject_id=own(cast, release).pk).order_by("pk")
    assert [event.verb for event in events] == verbs
    assert {event.capacity for event in events} == {cast.capacities["chair"]}


@pytest.mark.parametrize("name", ["district_accept", "district_pass_on", "district_take_back"])
def test_looking_declares_nothing(cast: Cast, release: Release, name: str):
    before = Event.objects.count()
    opened = cast.client("chair").get(address(cast, release, name))
    assert opened["Location"] == address(cast, release, "district_receipt")
    page(cast, release)
    assert own(cast, release).confirmed_at is None
    assert Event.objects.count() == before


def test_the_page_says_how_far_the_district_is(cast: Cast, release: Release):
    text = text_of(page(cast, release))
    assert "33.3% 確認 確認 1 / 3 完了 0 対象外 0" in text
    assert "未確認 2 困っている 1 設定の途中 1 すべて 3" in text


def test_those_who_were_not_reached_are_telephoned_first(cast: Cast, release: Release):
    assert calls(cast, release) == ["すみれ調剤薬局"], "the others have the mail since today"
    assert calls(cast, release, "?show=unconfirmed") == ["すみれ調剤薬局", "薬局しらさぎの杜"]
    text = text_of(page(cast, release))
    assert "不達 受信箱がいっぱいです" in text
    assert f'href="tel:{cast.pharmacies[1].telephone}"' in page(cast, release).content.decode()


def test_each_choice_shows_those_it_counts(cast: Cast, release: Release):
    assert calls(cast, release, "?show=stuck") == ["白鷺中央薬局"]
    assert calls(cast, release, "?show=under_way") == ["白鷺中央薬局"]
    assert len(calls(cast, release, "?show=all")) == 3
    assert calls(cast, release, "?show=nonsense") == calls(cast, release)


def test_of_many_pharmacies_the_first_stand_open_and_the_rest_one_press_away(cast: Cast):
    below = {"kind": Kind.PHARMACY, "parent": cast.shirasagi}
    for number in range(MOST + FEW):
        code = f"{number:07}"
        made = Organisation.objects.create(name=f"薬局{number}", code=code, position=100 + number, **below)
        Mailbox.objects.create(organisation=made, address=f"{code}@mail.example")
        cast.pharmacies.append(made)
    release = cast.released(ask=Release.Ask.CONFIRM)
    everybody = MOST + FEW + 3
    short = text_of(page(cast, release, "?show=unconfirmed"))
    assert len(calls(cast, release, "?show=unconfirmed")) == MOST
    assert f"{everybody} 薬局 届いていない" in short and f"残り {everybody - MOST} 薬局を見る" in short
    assert len(calls(cast, release, "?show=unconfirmed&whole=1")) == everybody
    assert "薬局を見る" not in text_of(page(cast, release, "?show=unconfirmed&whole=1"))


def test_another_notice_that_waits_is_named_above_this_one(cast: Cast, release: Release):
    other = cast.released("在庫状況の報告について")
    html = page(cast, release).content.decode()
    above = html.partition("<h1>")[0]
    assert "ほかにも、受領を確認していない通知が 1 件あります。" in above and "在庫状況の報告について" in above
    accept = reverse("notices:district_accept", args=[own(cast, other).pk])
    assert f'action="{accept}"' in above
    cast.client("chair").post(accept)
    assert "ほかにも、受領を確認していない" not in text_of(page(cast, release))


def test_what_was_just_recorded_is_undone_also_after_the_page_was_left(cast: Cast, release: Release):
    chair, pharmacy = cast.client("chair"), cast.receipt(release, cast.pharmacies[2])
    chair.post(reverse("notices:receipt_confirmed", args=[pharmacy.pk]))
    text_of(page(cast, release))  # which tells it once
    html = page(cast, release, "?show=unconfirmed").content.decode()
    assert "薬局しらさぎの杜" not in calls(cast, release, "?show=unconfirmed")
    undo = re.search(r'action="(/[^"]*/undo/)\?next=', html)[1]
    assert re.search(r"取り消す（\d+:\d\d まで）", html)
    assert "取り消す（" not in text_of(cast.client("chair").get(address(cast, cast.released("ほかの通知"))))
    chair.post(undo)
    assert "取り消す（" not in text_of(page(cast, release))
    assert "薬局しらさぎの杜" in calls(cast, release, "?show=unconfirmed")


def test_of_papers_the_day_on_which_they_were_sent_is_told(cast: Cast, release: Release):
    pharmacy = cast.receipt(release, cast.pharmacies[2])
    Receipt.objects.filter(pk=pharmacy.pk).update(reach=Reach.OTHER)
    paper = {"receipt": pharmacy, "state": Delivery.State.OTHER, "channel": Channel.FAX, "address": "092-000-0199"}
    made = Delivery.objects.create(**paper)
    assert "FAXか郵送で届けます" in text_of(page(cast, release, "?show=unconfirmed"))
    Delivery.objects.filter(pk=made.pk).update(settled_at=timezone.now(), outcome="11/10 FAX")
    assert "11/10 FAX で送りました" in text_of(page(cast, release, "?show=unconfirmed"))


def test_a_row_leads_back_to_the_whole_list_it_stood_in(cast: Cast, release: Release):
    html = page(cast, release, "?show=unconfirmed&whole=1").content.decode()
    assert "show%3Dunconfirmed%26whole%3D1" in html


def test_the_managing_pharmacist_of_today_stands_beside_the_name(cast: Cast, release: Release):
    day = timezone.localdate()
    officer = {"organisation": cast.pharmacies[1], "office": Office.MANAGER}
    Officer.objects.create(name="前任 太郎", until=day - dt.timedelta(days=1), **officer)
    Officer.objects.create(name="髙木 亮", since=day, **officer)
    text = text_of(page(cast, release))
    assert "管理薬剤師 髙木 亮" in text
    assert "前任" not in text


def test_of_two_registered_at_once_the_later_stands_there(cast: Cast, release: Release):
    day, officer = timezone.localdate(), {"organisation": cast.pharmacies[1], "office": Office.MANAGER}
    Officer.objects.create(name="髙木 亮", since=day, **officer)
    Officer.objects.create(name="前任 太郎", since=None, **officer)
    text = text_of(page(cast, release))
    assert "管理薬剤師 髙木 亮" in text
    assert "前任" not in text


def test_those_as_far_as_each_other_stand_as_the_roster_had_them_at_the_release(cast: Cast):
    release = cast.released(ask=Release.Ask.CONFIRM)
    names = [str(each) for each in cast.pharmacies[:3]]
    assert calls(cast, release, "?show=unconfirmed") == names
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(position=99)
    assert calls(cast, release, "?show=unconfirmed") == names


def test_the_chair_sees_neither_who_confirmed_nor_what_was_written(cast: Cast, release: Release):
    setup.mark_not_applicable(cast.receipt(release, cast.pharmacies[2]).pk, "訪問をしていないため対象外", **SAID)
    for query in ("", "?show=stuck", "?show=under_way", "?show=all"):
        text = page(cast, release, query).content.decode()
        for secret in ("德丸", "権限の区分", "訪問をしていないため"):
            assert secret not in text


def test_help_is_shown_to_the_district_only_where_the_release_says_so(cast: Cast, release: Release):
    Release.objects.filter(pk=release.pk).update(help_to_district=False)
    text = text_of(page(cast, release, "?show=all"))
    assert "困って" not in text
    assert calls(cast, release, "?show=stuck") == calls(cast, release)


def test_no_pharmacy_of_another_district_appears(cast: Cast, release: Release):
    html = page(cast, release, "?show=all").content.decode()
    assert not [each.name for each in cast.pharmacies[3:] if each.name in html]


@pytest.mark.parametrize("who", ["other_chair", "staff", "pharmacy"])
def test_another_districts_page_does_not_exist(cast: Cast, release: Release, who: str):
    for name in ("district_receipt", "district_papers", "district_receipt_letter"):
        assert cast.client(who).get(address(cast, release, name)).status_code == 404
    assert cast.client(who).post(address(cast, release, "district_accept")).status_code == 404
    assert own(cast, release).confirmed_at is None


def test_a_chair_who_tries_anothers_button_is_recorded(cast: Cast, release: Release):
    where = address(cast, release, "district_accept")
    cast.client("other_chair").post(where)
    event = Event.objects.filter(verb="access.refused").get()
    assert (event.capacity, event.detail) == (cast.capacities["other_chair"], {"path": where})


def test_a_pharmacys_receipt_is_no_page_of_the_chair(cast: Cast, release: Release):
    receipt = cast.receipt(release, cast.pharmacies[0])
    assert cast.client("chair").get(reverse("notices:district_receipt", args=[receipt.pk])).status_code == 404


def test_a_notice_that_asks_for_nothing_shows_reach_only(cast: Cast):
    release = cast.released(ask=Release.Ask.INFORM)
    text = text_of(page(cast, release))
    assert "100.0% 送信済" in text
    assert "未確認" not in text and "県の平均" not in text
    assert "すべて 3 届いていない 0" in text


def test_letter_covering_text_and_papers_are_one_page_away(cast: Cast, release: Release):
    enclosed = Notice.objects.create(state=Notice.State.RECEIVED, subject="届出様式について", body="国からの連絡です。")
    Relation.objects.create(source=release.notice, kind="encloses", target=enclosed)
    paper = Attachment.objects.create(
        notice=release.notice, position=2, label="別添1", title="届出様式について", enclosed=enclosed
    )
    text = text_of(cast.client("chair").get(address(cast, release, "district_papers")))
    assert "受領の確認を。" in text and "各地区薬剤師会会長 殿" in text and "案内のページ" in text
    opened = cast.client("chair").get(address(cast, release, "district_receipt_attachment", paper.pk))
    assert "国からの連絡です。" in text_of(opened)
    letter = cast.client("chair").get(address(cast, release, "district_receipt_letter"))
    assert b"".join(letter.streaming_content).startswith(b"%PDF")


def test_the_list_of_calls_takes_the_same_queries_however_long_it_is(cast: Cast, release: Release):
    client = cast.client("chair")
    where = address(cast, release)
    client.get(where)
    counts = []
    for query in ("?show=under_way", "?show=all"):
        with CaptureQueriesContext(connection) as captured:
            client.get(where + query)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_empty_desk_says_what_will_come(cast: Cast):
    assert "通知はまだ届いていません。" in text_of(cast.client("chair").get("/district/"))


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_chair_saves_the_list_as_it_is_shown(cast: Cast, release: Release):
    Officer.objects.create(organisation=cast.pharmacies[1], office=Office.MANAGER, name="髙木 亮")
    for show in ("unconfirmed", "under_way", "stuck", "all"):
        query = f"?show={show}"
        heading, *lines = workbook(page(cast, release, f"{query}&format=xlsx"))
        saved = [line[heading.index("薬局")] for line in lines]
        assert (
            saved
            == calls(cast, release, query)
            == [row["薬局"] for row in sheet(page(cast, release, f"{query}&format=csv"))]
        )
        assert f'href="{query}&amp;format=xlsx"' in page(cast, release, query).content.decode()
    second = dict(zip(heading, lines[0], strict=True))
    assert second == {
        "薬局コード": "4040000001",
        "薬局": "すみれ調剤薬局",
        "管理薬剤師": "髙木 亮",
        "電話": cast.pharmacies[1].telephone,
        "FAX": "",
        "送信": "不達",
        "不達の理由": "受信箱がいっぱいです",
        "状況": "未確認",
        "確認": "",
        "完了": "",
        "対象外": "",
        "困っています": "",
    }
    assert {line[heading.index("困っています")] for line in lines} == {"", "はい"}


def test_a_chairs_file_names_nobody_who_confirmed_and_holds_nothing_they_wrote(cast: Cast, release: Release):
    third = cast.receipt(release, cast.pharmacies[2])
    setup.mark_not_applicable(third.pk, "個人の事情により", **SAID)
    for kind, read in (("csv", sheet), ("xlsx", workbook)):
        held = str(read(page(cast, release, f"?show=all&format={kind}")))
        for hidden in ("德丸 翔太", "権限の区分が選べません", "個人の事情により", ".example", "髙﨑薬局"):
            assert hidden not in held
        assert "対象外" in held


def test_a_release_that_does_not_tell_the_district_tells_no_questions_in_the_file(cast: Cast, release: Release):
    Release.objects.filter(pk=release.pk).update(help_to_district=False)
    assert {row["困っています"] for row in sheet(page(cast, release, "?show=all&format=csv"))} == {""}


def test_another_districts_list_is_no_file_either(cast: Cast, release: Release):
    other = reverse("notices:district_receipt", args=[cast.receipt(release, cast.takaodai).pk])
    assert cast.client("chair").get(f"{other}?format=csv").status_code == 404
    assert page(cast, release, "?format=pdf").status_code == 404
